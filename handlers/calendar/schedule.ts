import { Cron } from "croner";
import { InvalidInput } from "../contract/errors";
import type { Schedule } from "../contract/settings";
import { nextMoment } from "./local-time";

const unitMs = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;

/**
 * The first moment after `after` at which the schedule fires; a rate counts from `firedAt`. All in epoch milliseconds. A
 * local time that does not exist, because clocks go forward over it, does not fire; one that comes twice fires once.
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 * @throws {InvalidInput}
 */
export function nextOccurrence(schedule: Schedule, after: number, firedAt = after): number {
  const rate = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(schedule.expression);
  if (rate) {
    const period = Number(rate[1]) * unitMs[rate[2] as keyof typeof unitMs];
    return firedAt + (Math.floor((after - firedAt) / period) + 1) * period;
  }
  const next = nextMoment(localCron(schedule.expression), schedule.timeZone, after);
  if (next !== undefined) return next;
  throw new InvalidInput(`${schedule.expression} never fires after ${new Date(after).toISOString()}`);
}

/** A cron expression of local times, to be read as if they were UTC. */
function localCron(expression: string): Cron {
  const fields = /^cron\((.*)\)$/.exec(expression)?.[1]?.trim().split(/\s+/) ?? [];
  const [minutes, hours, dayOfMonth, month, dayOfWeek, year] = fields;
  if (fields.length !== 6 || !dayOfWeek)
    throw new InvalidInput(
      `${expression} is neither cron(minutes hours day-of-month month day-of-week year) nor rate(value unit)`,
    );
  // "If you specify a value (or a *) in one of the fields, you must use a ? in the other."
  if ((dayOfMonth === "?") === (dayOfWeek === "?"))
    throw new InvalidInput(
      `${expression} needs a ? as the day of the month or as the day of the week, and not as both`,
    );
  try {
    const pattern = ["0", minutes, hours, dayOfMonth, month, dayOfWeek, year].map((field) =>
      field === "?" ? "*" : field,
    );
    // AWS writes steps as `0/6`, and numbers the days of the week from Sunday = 1.
    return new Cron(pattern.join(" "), {
      timezone: "UTC",
      mode: "7-part",
      sloppyRanges: true,
      alternativeWeekdays: true,
    });
  } catch (error) {
    throw new InvalidInput(`${expression}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}
