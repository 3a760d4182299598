export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

/** UTC days counted back from the newest full one: 0 is that day, 1 the day before it, -1 the day after it. */
export interface Days {
  /** How many days the run covers. */
  readonly count: number;
  /** The first millisecond of a day. */
  start(daysBack: number): number;
}

export class InvalidDemoDays extends Error {
  override readonly name = "InvalidDemoDays";
}

/** @throws InvalidDemoDays */
export function daysUpTo(lastDay: string, count: number): Days {
  const newest = Date.parse(`${lastDay}T00:00:00.000Z`);
  if (Number.isNaN(newest) || new Date(newest).toISOString().slice(0, 10) !== lastDay) {
    throw new InvalidDemoDays(`lastDay is "${lastDay}": give a calendar day as YYYY-MM-DD, for example 2026-11-21.`);
  }
  if (!Number.isInteger(count) || count < 1) {
    throw new InvalidDemoDays(`days is ${count}: give a whole number of days, 1 or more.`);
  }
  return { count, start: (daysBack) => newest - daysBack * DAY };
}
