import { Cron } from "croner";
import { nextMoment } from "../../../handlers/calendar/local-time";
import { NotDeployable } from "../cloudformation/errors";
import type { DeployedSchedule } from "./schedules";

const units: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/**
 * When a schedule fires next, in epoch milliseconds, after a moment; undefined if never.
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 */
export function nextFiring(
  { expression, timeZone, createdAt }: Pick<DeployedSchedule, "expression" | "timeZone" | "createdAt">,
  after: number,
): number | undefined {
  const [, kind, argument = ""] = /^(cron|rate|at)\((.+)\)$/.exec(expression) ?? [];
  if (kind === "cron") return next(cronPattern(argument, expression), timeZone, after);
  if (kind === "at") return next(argument, timeZone, after);
  const [, count, unit = ""] = /^(\d+) (minute|hour|day)s?$/.exec(argument) ?? [];
  const period = Number(count) * (units[unit] ?? 0);
  if (kind !== "rate" || !(period > 0)) throw new NotDeployable(`${expression} is no schedule expression`);
  return createdAt + period * Math.max(1, Math.floor((after - createdAt) / period) + 1);
}

/** Minutes to years, where one of the two days is `?`; seconds come first in croner's. */
function cronPattern(fields: string, expression: string): string {
  const parts = fields.trim().split(/\s+/);
  const [dayOfMonth, , dayOfWeek] = parts.slice(2);
  if (parts.length === 6 && (dayOfMonth === "?") !== (dayOfWeek === "?"))
    return `0 ${parts.map((part) => (part === "?" ? "*" : part)).join(" ")}`;
  throw new NotDeployable(`${expression}: cron takes six fields, and either day of month or day of week is ?`);
}

function next(pattern: string, timeZone: string, after: number): number | undefined {
  // Sunday is 1, as it is at AWS.
  const cron = new Cron(pattern, { timezone: "UTC", paused: true, alternativeWeekdays: true });
  return nextMoment(cron, timeZone, after);
}
