import type { Range } from "./range";
import type { AccountList } from "./records";

/** When days and runs are due, by what is on record. */

/** Up to what a question holds an archive to account. */
export interface Due {
  /** Days that a person asks about: of these, those that no run covered are missing too. */
  readonly asked?: Pick<Range, "from" | "to">;
  /** Epoch milliseconds: a scheduled run that should have begun by now, and did not, owes its days. Absent: no run is missed. */
  readonly now?: number;
}

/** Before the next scheduled run starts, a run has to stop creating export tasks, report, and end. */
export const marginMs = 10 * 60 * 1000;

/** What a run takes at most from its scheduled moment until its list of accounts is on record. */
const startMs = 60 * 60 * 1000;

/** A day is exported from half a day after its end, in whatever zone it is: until two days later it is not missing. */
const archivedAfterMs = 2 * 86_400_000;

/** The newest day that a run can have archived by now, `YYYY-MM-DD`. @param now epoch milliseconds */
export function lastDayDue(now: number): string {
  return new Date(now - archivedAfterMs).toISOString().slice(0, 10);
}

/** The days of a question that are due. @param now epoch milliseconds */
export function daysDue({ from, to }: Pick<Range, "from" | "to">, now: number): Pick<Range, "from" | "to"> {
  const lastDue = lastDayDue(now);
  const end = to !== undefined && to > lastDue ? lastDue : to;
  return {
    ...(from === undefined ? {} : { from }),
    ...(end === undefined || (from !== undefined && end < from) ? {} : { to: end }),
  };
}

/** When the scheduled run after a run was to begin, whatever the schedule: that gave the run its deadline. Epoch milliseconds. */
export function nextRunAt({ deadline }: Pick<AccountList, "deadline">): number {
  return Date.parse(deadline) + marginMs;
}

/** Whether the scheduled run after a run should have begun by now. @param now epoch milliseconds */
export function isNextRunMissed(newest: Pick<AccountList, "deadline">, now: number): boolean {
  return now > nextRunAt(newest) + startMs;
}
