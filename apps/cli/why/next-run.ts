import { isNextRunMissed, nextRunAt } from "../../../handlers/archive/due";
import type { AccountList, CoverageLine } from "../../../handlers/archive/records";
import { deletedFrom } from "../../../handlers/archive/retention";
import { daysToCover, dayWindow, exportLagMs, newestDay } from "../../../handlers/calendar/days";
import type { NextCommand } from "../../terminal/next-command";
import type { AskedItem, ItemRecords } from "../item/item-records";
import { minutes } from "../status/text";

/** When it is asked, and how a command is run there. */
export interface Moment {
  /** Epoch milliseconds. */
  readonly now: number;
  /** Whether runs write what is asked; in a copy none is missed after the newest that it has. */
  readonly isLive: boolean;
  readonly next: NextCommand;
}

/** What would change what stands. */
export interface Change {
  readonly change: string;
  /** The commands that it speaks of, as a shell takes them. */
  readonly commands: readonly string[];
}

/** Whether a day has not ended yet, in the archive's zone. */
export function isFuture({ day }: AskedItem, { lists }: ItemRecords, { now }: Moment): boolean {
  return dayWindow(day, zoneOf(lists)).to > now;
}

/**
 * Which run looks at a day again: by now, by the look-back of the newest run that had one, and by when that run expected the next.
 * @param line what stands of the item, if anything does
 */
export function nextRun(
  item: AskedItem,
  records: ItemRecords,
  line: CoverageLine | undefined,
  { now, isLive, next }: Moment,
): Change {
  const { account, day } = item;
  const { lists, region } = records;
  const timeZone = zoneOf(lists);
  const window = dayWindow(day, timeZone);
  if (window.to > now)
    return {
      change: `The day ends ${at(window.to)}: a run can archive it from ${at(window.to + exportLagMs)}.`,
      commands: [],
    };
  const scheduled = [...lists].reverse().find(isOfSchedule);
  const start = next(`run --region ${region} --account ${account} --from ${day} --to ${day}`);
  const canStart = day <= newestDay(now, timeZone);
  const byHand = canStart ? "start one" : `a run can archive it from ${at(window.to + exportLagMs)}`;
  const deleted = deletedText(line, item);
  const withStart = (text: string, ...others: readonly string[]): Change => ({
    change: `${text}${byHand}.${deleted}`,
    commands: [...others, ...(canStart ? [start] : [])],
  });
  const alone = (text: string): Change => ({ change: `${text}${deleted}`, commands: [] });
  if (!scheduled) return withStart("No run on record says when the next one begins: ");
  const begins = nextRunAt(scheduled);
  const isMissed = isLive && isNextRunMissed(scheduled, now);
  const covered = daysToCover(isLive ? Math.max(begins, now) : begins, timeZone, scheduled.days.length);
  const [newest, oldest] = [covered[0]?.day ?? "", covered.at(-1)?.day ?? ""];
  if (day < oldest) return withStart(`No scheduled run looks at ${day} any more: `);
  if (isMissed)
    return withStart(
      `The next scheduled run was to begin ${at(begins)} and did not: see why. Its look-back would still reach the day, or `,
      ...[next("status"), next("check")],
    );
  if (day > newest)
    return alone(`The next scheduled run (${at(begins)}) is too early for this day; the one after it covers it.`);
  return alone(`The next scheduled run tries again, from ${at(begins)}: the day is in its look-back.`);
}

/** A run for all accounts and log groups, of the days that a schedule covers. */
function isOfSchedule({ days, startedAt, dayTimeZone = "UTC", onlyAccounts, logGroups }: AccountList): boolean {
  const expected = daysToCover(Date.parse(startedAt), dayTimeZone, days.length);
  return !onlyAccounts && !logGroups && days.length > 0 && days.every(({ day }, index) => day === expected[index]?.day);
}

function deletedText(line: CoverageLine | undefined, { day }: AskedItem): string {
  const retention = line?.outcome === "failed" ? line.retentionInDays : undefined;
  if (retention === undefined) return "";
  return ` CloudWatch Logs deletes it from ${deletedFrom(day, retention)} on: the log group keeps ${retention} days.`;
}

function zoneOf(lists: readonly AccountList[]): string {
  return lists.at(-1)?.dayTimeZone ?? "UTC";
}

function at(moment: number): string {
  return minutes(new Date(moment).toISOString());
}
