import { addDays } from "../../../handlers/archive/expectations";

/** Days `YYYY-MM-DD` that follow each other, both ends included. */
export interface Span {
  readonly from: string;
  readonly to: string;
}

/**
 * The days of a question of which nothing is known, between and around those that are known.
 * @param known sorted, each once
 * @param asked without a bound: from the first, or to the last, that is known. Of days that lie after all that is known, or before
 * it, without an end, the one is given where they begin.
 */
export function unknownSpans(known: readonly string[], asked: Partial<Span>): Span[] {
  const [first, last] = [asked.from ?? known[0], asked.to ?? known.at(-1)];
  if (first === undefined || last === undefined) return [];
  if (first > last && asked.from !== asked.to) {
    const edge = asked.from ?? last;
    return [{ from: edge, to: edge }];
  }
  const spans: Span[] = [];
  let next = first;
  for (const day of known) {
    if (day < next) continue;
    if (day > last) break;
    if (day > next) spans.push({ from: next, to: addDays(day, -1) });
    next = addDays(day, 1);
  }
  return next <= last ? [...spans, { from: next, to: last }] : spans;
}

/** Days of a list as spans. */
export function spansOf(days: readonly string[]): Span[] {
  const spans: Span[] = [];
  for (const day of days) {
    const last = spans.at(-1);
    if (last && addDays(last.to, 1) === day) spans[spans.length - 1] = { from: last.from, to: day };
    else spans.push({ from: day, to: day });
  }
  return spans;
}

/** A span for people: `2026-11-15`, `2026-11-15 to 2026-11-17`, `2026-11` or `2027`. */
export function spanText({ from, to }: Span): string {
  if (from === to) return from;
  const [year, month] = [from.slice(0, 4), from.slice(0, 7)];
  if (from === `${year}-01-01` && to === `${year}-12-31`) return year;
  const isWholeMonth = from === `${month}-01` && to.startsWith(month) && !addDays(to, 1).startsWith(month);
  return isWholeMonth ? month : `${from} to ${to}`;
}
