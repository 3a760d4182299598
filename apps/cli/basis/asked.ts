import { addDays } from "../../../handlers/archive/expectations";
import { Day } from "../../../handlers/contract/values";
import { type Comparison, comparisonsOf, holds, type Selection } from "../../query/selection";
import { type Span, spansOf } from "./spans";

/** The days that a question is about. */

/** A selection by the archive's days alone: what it says of events' times is taken as said of the days of the same name. */
export function byDays(selection: Selection): Selection {
  return selection.map((conditions) =>
    conditions.map((condition) => (condition.column === "ts" ? { ...condition, column: "day" } : condition)),
  );
}

/** The days that a selection wants, oldest first, apart from each other; without a bound where it has none. */
export function spansAsked(selection: Selection): Partial<Span>[] {
  const spans = comparisonsOf(selection, "day").flatMap(spansOfWay);
  const joined: Partial<Span>[] = [];
  for (const span of spans.sort((a, b) => ((a.from ?? "") < (b.from ?? "") ? -1 : 1))) {
    const last = joined.at(-1);
    if (last && (last.to === undefined || span.from === undefined || span.from <= addDays(last.to, 1)))
      joined[joined.length - 1] = hullOf([last, span]);
    else joined.push(span);
  }
  return joined;
}

/** From the first to the last day of spans. */
export function hullOf(spans: readonly Partial<Span>[]): Partial<Span> {
  const [froms, tos] = [spans.map(({ from }) => from), spans.map(({ to }) => to)];
  const from = froms.includes(undefined) ? undefined : [...froms].sort()[0];
  const to = tos.includes(undefined) ? undefined : [...tos].sort().at(-1);
  return { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
}

/** The days for which all comparisons hold. */
function spansOfWay(comparisons: readonly Comparison[]): Partial<Span>[] {
  const values = comparisons.find((one) => one.values)?.values;
  const isWanted = (day: string) => comparisons.every((one) => holds(one, day));
  if (values) return spansOf([...new Set(values)].filter((day) => Day.safeParse(day).success && isWanted(day)).sort());
  const from = firstDay((day) => comparisons.every(({ to, before, ...lower }) => holds(lower, day)));
  const end = firstDay((day) => !comparisons.every(({ from, after, ...upper }) => holds(upper, day)));
  if (from === undefined || end === dayOf(0) || (end !== undefined && end <= from)) return [];
  return [{ ...(from === dayOf(0) ? {} : { from }), ...(end === undefined ? {} : { to: addDays(end, -1) }) }];
}

const dayMs = 86_400_000;
const firstMs = Date.parse("0001-01-01");
/** How many days can be written. */
const allDays = (Date.parse("9999-12-31") - firstMs) / dayMs + 1;

function dayOf(index: number): string {
  return new Date(firstMs + index * dayMs).toISOString().slice(0, 10);
}

/**
 * The first day from which on something holds, as it holds for no day before; undefined: for none. Days sort as texts as they do
 * in time, and are compared as texts with any text.
 */
function firstDay(isHolding: (day: string) => boolean): string | undefined {
  let [low, high] = [0, allDays];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (isHolding(dayOf(middle))) high = middle;
    else low = middle + 1;
  }
  return low === allDays ? undefined : dayOf(low);
}
