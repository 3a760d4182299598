import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { dayWindow } from "../../../handlers/calendar/days";
import { parseLines } from "../../../handlers/contract/serialization";
import type { DayWindow } from "../../../handlers/contract/values";
import type { WindowReading } from "../../emulator/services";
import { type Item, itemName } from "./records";

const SourceEvent = z.object({
  logGroup: z.string(),
  logStream: z.string(),
  timestamp: z.number(),
  ingestionTime: z.number(),
  message: z.string(),
});
export type SourceEvent = z.infer<typeof SourceEvent>;

export interface SourceItem {
  readonly item: Item & { readonly logGroup: string };
  readonly events: readonly SourceEvent[];
}

/** By account and Region, `<account> <region>`, the days that runs have covered. */
export type CoveredDays = ReadonlyMap<string, ReadonlySet<string>>;

/** What was put into the emulator, by item: an event belongs to every day whose window holds it. */
export function sourceItems(
  directory: string,
  covered: CoveredDays,
  timeZone: string,
  reading: WindowReading,
): Map<string, SourceItem> {
  const items = new Map<string, { item: SourceItem["item"]; events: SourceEvent[] }>();
  for (const { account, region, events } of sources(directory)) {
    const windows = [...(covered.get(`${account} ${region}`) ?? [])].sort().map((day) => dayWindow(day, timeZone));
    for (const event of events)
      for (const { day } of windowsOf(event, windows, reading)) {
        const item = { account, region, logGroup: event.logGroup, day };
        const known = items.get(itemName(item));
        if (known) known.events.push(event);
        else items.set(itemName(item), { item, events: [event] });
      }
  }
  return items;
}

/** Both ends belong to a window that goes by event time, only the first to one that goes by ingestion. */
function windowsOf(event: SourceEvent, windows: readonly DayWindow[], reading: WindowReading): DayWindow[] {
  const at = reading === "event-time" ? event.timestamp : event.ingestionTime;
  const index = lastStartingBy(windows, at);
  return windows
    .slice(Math.max(0, index - 1), index + 1)
    .filter(({ from, to }) => from <= at && (at < to || (at === to && reading === "event-time")));
}

function lastStartingBy(windows: readonly DayWindow[], at: number): number {
  let [low, high] = [0, windows.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((windows[middle]?.from ?? at) <= at) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function* sources(directory: string) {
  const root = join(directory, "source");
  if (!existsSync(root)) return;
  for (const account of readdirSync(root))
    for (const file of readdirSync(join(root, account))) {
      const path = join(root, account, file);
      const events = parseLines(SourceEvent, path, readFileSync(path, "utf8"));
      yield { account, region: file.replace(/\.jsonl$/, ""), events };
    }
}
