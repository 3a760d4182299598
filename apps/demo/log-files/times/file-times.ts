import { ordersOfDates } from "./date-order";
import { epochColumn, possibleEpochs } from "./numbers";
import type { StatedTime } from "./stated-time";
import { withYears } from "./years";
import { otherMeaningsOf } from "./zones";

/** When a file was changed, in epoch milliseconds. */
export interface FileDates {
  readonly modifiedAt: number;
  /** Nothing can have been written to the file at a later time. */
  readonly latest: number;
}

/** A line or a JSON document, and what it states of its time. */
export interface Statement {
  readonly text: string;
  readonly stated: StatedTime | undefined;
}

export interface FileTimes {
  /** Of each statement, in epoch milliseconds; undefined where there is none that counts. */
  readonly times: readonly Time[];
  /** What was guessed, and what does not count, in words. */
  readonly remarks: readonly string[];
  /** How many of the times state no zone. */
  readonly withoutZone: number;
}

type Time = number | undefined;

/**
 * The times of a file's lines. What a line leaves open, the file decides: whether a time behind other words is the line's own,
 * the order of day and month, the year, whether a number is a time.
 */
export function fileTimes(statements: readonly Statement[], dates: FileDates): FileTimes {
  const remarks: string[] = [];
  const remark = (count: number, text: string) => {
    if (count > 0) remarks.push(`${count} ${count === 1 ? "line" : "lines"} ${text}`);
  };
  const stated = ofLinesThemselves(statements, remark);
  const years = withYears(inOrder(stated, dates, remark), stated, dates);
  if (years.guessed.length > 0)
    remark(years.guessed.length, `without a year: ${span(years.guessed, (text) => text.slice(0, 4))} by ${years.by}`);
  const times = notTooLate(withTimesOfDay(years.times, stated, remark), dates.latest, remark);
  const epochs = epochsOf(statements, times, dates);
  for (const [index, at] of epochs) times[index] = at;
  remark(epochs.size, "with a number that was read as the time since 1970");
  const used = stated.filter((each, index) => each && times[index] !== undefined);
  remarkZones(used, remark);
  return { times, remarks, withoutZone: used.filter((each) => each?.zone.certainty === "none").length };
}

type Remark = (count: number, text: string) => void;

/** A time behind other words may be what the line is about, unless most of the file's lines have theirs there. */
function ofLinesThemselves(statements: readonly Statement[], remark: Remark): readonly (StatedTime | undefined)[] {
  const stated = statements.map((each) => each.stated);
  const mentions = stated.filter((each) => each?.place === "words").length;
  const others = stated.filter((each) => each?.place === "heading").length;
  const areTheirs = mentions > others;
  remark(mentions, `with a time only behind other words: ${areTheirs ? "taken" : "not taken"} for theirs`);
  if (areTheirs || mentions === 0) return stated;
  return stated.map((each) => (each?.place === "words" ? undefined : each));
}

function inOrder(stated: readonly (StatedTime | undefined)[], { latest }: FileDates, remark: Remark): readonly Time[] {
  if (!stated.some((each) => each?.orders)) return stated.map((each) => each?.at);
  const orders = ordersOfDates(stated, latest);
  for (const { order, dates, isGuess } of orders)
    if (isGuess) remark(dates, `with figures read as ${order}, which may be in another order`);
  return stated.map((each) => {
    const chosen = orders.find(({ order }) => each?.orders?.has(order));
    return chosen ? each?.orders?.get(chosen.order) : each?.at;
  });
}

/** A day without a time is as late as the line before, if that is of the day, else at its first moment. */
function withTimesOfDay(times: readonly Time[], stated: readonly (StatedTime | undefined)[], remark: Remark): Time[] {
  if (!stated.some((each) => each?.lacks === "time of day")) return [...times];
  let before = Number.NaN;
  let guessed = 0;
  const found = times.map((at, index) => {
    if (at === undefined) return undefined;
    const isDay = stated[index]?.lacks === "time of day";
    if (isDay && Math.floor(before / DAY) !== at / DAY) guessed++;
    before = isDay && Math.floor(before / DAY) === at / DAY ? before : at;
    return before;
  });
  remark(guessed, "with a day and no time: at its first moment");
  return found;
}

const DAY = 86_400_000;

function notTooLate(times: readonly Time[], latest: number, remark: Remark): Time[] {
  const late = times.filter((at) => at !== undefined).filter((at) => at > latest);
  if (late.length === 0) return [...times];
  const days = span(late, (text) => text.slice(0, 10));
  remark(late.length, `with a time after the file's last change (${days}): not taken for theirs`);
  return times.map((at) => (at !== undefined && at > latest ? undefined : at));
}

/** Numbers of lines that state no other time. */
function epochsOf(
  statements: readonly Statement[],
  times: readonly Time[],
  dates: FileDates,
): ReadonlyMap<number, number> {
  const candidates = new Map<number, ReturnType<typeof possibleEpochs>>();
  let found = 0;
  for (const [index, { text, stated }] of statements.entries()) {
    if (stated || /^\s|^$/.test(text)) continue;
    const epochs = possibleEpochs(text);
    found += epochs.length;
    candidates.set(index, epochs);
  }
  return found === 0 ? new Map() : epochColumn(candidates, { nearest: neighbours(times), ...dates });
}

/** The time before each, or after it where none is before. */
function neighbours(times: readonly Time[]): (index: number) => Time {
  let before = times.find((at) => at !== undefined);
  const all = times.map((at) => {
    before = at ?? before;
    return before;
  });
  return (index) => all[index];
}

function remarkZones(used: readonly (StatedTime | undefined)[], remark: Remark): void {
  const counts = new Map<string, number>();
  for (const each of used) {
    if (!each || each.zone.certainty === "stated" || each.zone.certainty === "none") continue;
    const { name, certainty, minutesAhead } = each.zone;
    const text =
      certainty === "unknown"
        ? `in the zone ${name}, which is not known: read as UTC`
        : `in the zone ${name}, read as ${offsetText(minutesAhead(0))}; it also stands for ${otherMeaningsOf(name)}`;
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  for (const [text, count] of counts) remark(count, text);
}

function offsetText(minutes: number): string {
  const figures = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  return (minutes < 0 ? "-" : "+") + figures.map((figure) => String(figure).padStart(2, "0")).join(":");
}

/** What the first and the last moment are called: `2025`, `2024 to 2026`. */
function span(moments: readonly number[], name: (text: string) => string): string {
  let [first, last] = [Number.POSITIVE_INFINITY, 0];
  for (const at of moments) {
    first = Math.min(first, at);
    last = Math.max(last, at);
  }
  const names = [first, last].map((at) => name(new Date(at).toISOString()));
  return [...new Set(names)].join(" to ");
}
