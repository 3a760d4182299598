import { addDays } from "../../handlers/archive/expectations";
import type { Comparison } from "./selection";
import { isNode, list, literalText, type Node, text } from "./syntax";

/** What comparisons of events' times with literals say of the times' days, which are those of UTC. */

export type Bound = "from" | "after" | "to" | "before";

/** The time of an event, as a statement compares it. */
interface ComparedTime {
  /** The table's name before the column, if there is one. */
  readonly qualifier: string | undefined;
  /** Only its day is compared. */
  readonly isDay: boolean;
}

/** `ts`, or the day of it: `CAST(ts AS date)`, `date(ts)`, `date_trunc('day', ts)`. */
export function dayOfTime(subject: unknown): ComparedTime | undefined {
  if (!isNode(subject)) return undefined;
  if (subject.type === "COLUMN_REF") {
    const names = list(subject.column_names).map((name) => text(name).toLowerCase());
    if (names.at(-1) !== "ts" || names.length > 2) return undefined;
    return { qualifier: names.length === 2 ? names[0] : undefined, isDay: false };
  }
  const of = subject.type === "OPERATOR_CAST" && typeOf(subject) === "DATE" ? [subject.child] : dayFunctionOf(subject);
  const time = of.length === 1 ? dayOfTime(of[0]) : undefined;
  return time && { ...time, isDay: true };
}

/**
 * The days of the times for which a comparison with a literal holds, both ends included.
 * @param isDay the day of a time is compared
 */
export function daysOfTimes(isDay: boolean, how: Bound | "equal", literal: unknown): Comparison | undefined {
  const moment = momentOf(literal);
  // A day is compared with a time in other ways than a day with a day.
  if (moment === undefined || (isDay && moment.slice(10) !== midnight)) return undefined;
  const day = moment.slice(0, 10);
  if (how === "equal") return { from: day, to: day };
  if (how === "from") return { from: day };
  if (how === "to") return { to: day };
  if (how === "before") return { to: moment.slice(10) === midnight ? addDays(day, -1) : day };
  return { from: isDay || moment.slice(10) === lastOfDay ? addDays(day, 1) : day };
}

const midnight = "T00:00:00.000Z";
const lastOfDay = "T23:59:59.999Z";

/** What a function is of, if that gives the day of a time. */
function dayFunctionOf({ function_name, children }: Node): readonly unknown[] {
  const [first, ...others] = list(children);
  if (text(function_name) === "date") return [first, ...others];
  if (!["date_trunc", "datetrunc"].includes(text(function_name)) || literalText(first)?.toLowerCase() !== "day")
    return [];
  return others;
}

const timeFunctions = ["from_iso8601_timestamp", "from_iso8601_date", "date"];
const timeTypes = ["TIMESTAMP", "TIMESTAMP WITH TIME ZONE", "TIMESTAMP_MS", "DATE"];

/** The moment that a literal names, in UTC to the millisecond: `YYYY-MM-DDTHH:MM:SS.sssZ`. */
function momentOf(literal: unknown): string | undefined {
  if (!isNode(literal)) return undefined;
  const isCast = literal.type === "OPERATOR_CAST" && timeTypes.includes(typeOf(literal));
  const [of, ...others] = isCast
    ? [literal.child]
    : timeFunctions.includes(text(literal.function_name))
      ? list(literal.children)
      : [literal];
  const written = others.length === 0 ? literalText(of) : undefined;
  const [, day, time = "00:00", seconds = ":00"] = timePattern.exec(written?.trim() ?? "") ?? [];
  const at = Date.parse(`${day}T${time}${seconds}Z`);
  if (day === undefined || Number.isNaN(at)) return undefined;
  const moment = new Date(at).toISOString();
  // A day that a month does not have is none; of a date, the time of day does not count.
  if (!moment.startsWith(day)) return undefined;
  return isCast && typeOf(literal) === "DATE" ? `${day}${midnight}` : moment;
}

const timePattern = /^(\d{4}-\d{2}-\d{2})(?:[ T](\d{2}:\d{2})(?:(:\d{2}(?:\.\d{1,3})?)0*)?(?:Z| UTC)?)?$/;

function typeOf({ cast_type }: Node): string {
  return isNode(cast_type) ? text(cast_type.id) : "";
}
