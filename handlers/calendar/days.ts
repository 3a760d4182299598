import { Temporal } from "temporal-polyfill";
import { InvalidInput } from "../contract/errors";
import type { DayWindow } from "../contract/values";

/** "Log data can take up to 12 hours to become available for export." https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/S3Export.html */
export const exportLagMs = 12 * 60 * 60 * 1000;

/**
 * A calendar day in a zone: from its first moment to the next day's, however many hours lie between. Adjacent days share a
 * millisecond, so that none is lost whichever end of a window CloudWatch Logs leaves out.
 */
export function dayWindow(day: string, timeZone: string): DayWindow {
  const date = Temporal.PlainDate.from(day);
  const startOf = (start: Temporal.PlainDate) => start.toZonedDateTime(timeZone).epochMilliseconds;
  return { day, from: startOf(date), to: startOf(date.add({ days: 1 })) };
}

/** The day that a moment (epoch milliseconds) is in. */
export function dayOf(at: number, timeZone: string): string {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone).toPlainDate().toString();
}

/** The newest day that had ended, export lag included, at a moment (epoch milliseconds). */
export function newestDay(at: number, timeZone: string): string {
  const moment = Temporal.Instant.fromEpochMilliseconds(at - exportLagMs).toZonedDateTimeISO(timeZone);
  return moment.toPlainDate().subtract({ days: 1 }).toString();
}

/** The newest day that can be archived at a moment and those before it, `count` in all, newest first. */
export function daysToCover(at: number, timeZone: string, count: number): DayWindow[] {
  const newest = Temporal.PlainDate.from(newestDay(at, timeZone));
  return Array.from({ length: count }, (_, back) => dayWindow(newest.subtract({ days: back }).toString(), timeZone));
}

/**
 * The windows of days that a run was started for, newest first.
 * @param field of the request that names them
 * @throws {InvalidInput} when a day has not ended, export lag included.
 */
export function requestedDays(days: readonly string[], at: number, timeZone: string, field = "days"): DayWindow[] {
  const newest = newestDay(at, timeZone);
  const early = days.find((day) => day > newest);
  if (early)
    throw new InvalidInput(
      `${field}: ${early} cannot be archived yet; a day can be 12 hours after its end, which makes ${newest} the newest`,
    );
  return [...new Set(days)]
    .sort()
    .reverse()
    .map((day) => dayWindow(day, timeZone));
}
