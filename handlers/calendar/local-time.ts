import { Temporal } from "temporal-polyfill";

/** Something that recurs at local times, which it takes and gives as dates that show the same in UTC. */
export interface LocalTimes {
  nextRun(after: Date): Date | null;
}

/**
 * The first moment after `after` at which a zone's clocks show one of the local times, or undefined if there is none. Both
 * in epoch milliseconds. As EventBridge Scheduler has it, a local time that clocks go forward over does not count, and one
 * that they show twice counts the first time only.
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#daylist-savings-time
 */
export function nextMoment(times: LocalTimes, timeZone: string, after: number): number | undefined {
  for (let local = times.nextRun(shownAt(after, timeZone)); local; local = times.nextRun(local)) {
    const at = firstShown(local, timeZone);
    if (at !== undefined && at > after) return at;
  }
  return undefined;
}

function shownAt(at: number, timeZone: string): Date {
  const local = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone).toPlainDateTime();
  return new Date(local.toZonedDateTime("UTC").epochMilliseconds);
}

function firstShown(local: Date, timeZone: string): number | undefined {
  const shown = Temporal.Instant.fromEpochMilliseconds(local.getTime()).toZonedDateTimeISO("UTC").toPlainDateTime();
  const moment = shown.toZonedDateTime(timeZone, { disambiguation: "earlier" });
  return moment.toPlainDateTime().equals(shown) ? moment.epochMilliseconds : undefined;
}
