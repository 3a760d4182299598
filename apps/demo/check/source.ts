import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { parseRecord } from "../../../handlers/archive/serialization";
import type { WindowReading } from "../../emulator";
import { windowFinder } from "../windows";
import { linesOf } from "./lines-of";
import { type Item, itemName } from "./records";

const SourceLine = z.object({
  logGroup: z.string(),
  logStream: z.string(),
  timestamp: z.number(),
  ingestionTime: z.number(),
  message: z.string(),
});

/** What an export has of an event. */
export type SourceEvent = Pick<z.infer<typeof SourceLine>, "timestamp" | "message">;

export interface SourceItem {
  readonly item: Item & { readonly logGroup: string };
  /** Of the day itself. */
  readonly events: readonly SourceEvent[];
  /** On the next day's first millisecond, which the window of this one has too: whatever exports the day exports these as well. */
  readonly shared: readonly SourceEvent[];
}

/** By account and Region, `<account> <region>`, the days that runs have covered. */
export type CoveredDays = ReadonlyMap<string, ReadonlySet<string>>;

export interface Source {
  /** Those of the days that runs have covered, by name. */
  readonly items: ReadonlyMap<string, SourceItem>;
  /** The names of all others: no run was about their day or account. */
  readonly outside: ReadonlySet<string>;
}

/** What was put into the emulator, by item. */
export function readSource(directory: string, covered: CoveredDays, timeZone: string, reading: WindowReading): Source {
  const outside = new Set<string>();
  const items = new Map<string, { item: SourceItem["item"]; events: SourceEvent[]; shared: SourceEvent[] }>();
  const windowAt = windowFinder(timeZone);
  for (const { account, region, lines } of sources(directory)) {
    const days = covered.get(`${account} ${region}`) ?? new Set();
    const itemOf = (logGroup: string, day: string) => {
      const item = { account, region, logGroup, day };
      const known = items.get(itemName(item)) ?? { item, events: [], shared: [] };
      items.set(itemName(item), known);
      return known;
    };
    for (const { logGroup, timestamp, ingestionTime, message } of lines) {
      const at = reading === "event-time" ? timestamp : ingestionTime;
      const { day, from } = windowAt(at);
      if (days.has(day)) itemOf(logGroup, day).events.push({ timestamp, message });
      else outside.add(itemName({ account, region, logGroup, day }));
      if (at !== from || reading !== "event-time") continue;
      const dayBefore = windowAt(at - 1).day;
      if (days.has(dayBefore)) itemOf(logGroup, dayBefore).shared.push({ timestamp, message });
    }
  }
  return { items, outside };
}

function* sources(directory: string) {
  const root = join(directory, "source");
  if (!existsSync(root)) return;
  for (const account of readdirSync(root))
    for (const file of readdirSync(join(root, account)))
      yield { account, region: file.replace(/\.jsonl$/, ""), lines: sourceLines(join(root, account, file)) };
}

function* sourceLines(path: string) {
  let number = 0;
  for (const line of linesOf(path)) yield parseRecord(SourceLine, `${path} line ${++number}`, line);
}
