import { referenceYear, type StatedTime } from "./stated-time";

const DAY = 86_400_000;

/** Which years times without one are of. */
export interface Years {
  /** Epoch milliseconds of each time in order; what states a year is as it was. */
  readonly times: readonly (number | undefined)[];
  readonly guessed: readonly number[];
  readonly by: "the times around them" | "the file's modification time";
}

/**
 * Gives times without a year (syslog, klog) the one that brings them nearest to the time before them, if the file begins with
 * a time that has a year, or most have one; else the latest that is not more than a day after the file's modification.
 *
 * @param times those without a year in the year 2000
 */
export function withYears(
  times: readonly (number | undefined)[],
  stated: readonly (StatedTime | undefined)[],
  { modifiedAt, latest }: { readonly modifiedAt: number; readonly latest: number },
): Years {
  const isOpen = (index: number) => stated[index]?.lacks === "year";
  const by = { neighbours: "the times around them", modification: "the file's modification time" } as const;
  if (!stated.some((each) => each?.lacks === "year")) return { times, guessed: [], by: by.neighbours };
  const known = times.flatMap((at, index) => (at === undefined ? [] : [{ at, isOpen: isOpen(index) }]));
  const complete = known.filter((each) => !each.isOpen);
  const byNeighbours = complete.length > 0 && (!known[0]?.isOpen || complete.length > known.length / 2);
  let before = complete[0]?.at ?? 0;
  const guessed: number[] = [];
  const found = times.map((at, index) => {
    if (at === undefined) return undefined;
    const time = !isOpen(index) ? at : byNeighbours ? nearestTo(before, at, latest) : latestUntil(modifiedAt + DAY, at);
    if (isOpen(index) && time !== undefined) guessed.push(time);
    before = time ?? before;
    return time;
  });
  return { times: found, guessed, by: byNeighbours ? by.neighbours : by.modification };
}

function latestUntil(end: number, at: number): number | undefined {
  const newest = new Date(end).getUTCFullYear() + 1;
  // Eight years back there is a 29 February, whatever the century.
  for (let year = newest; year > newest - 10; year--) {
    const time = inYear(year, at);
    if (time !== undefined && time <= end) return time;
  }
  return undefined;
}

function nearestTo(other: number, at: number, latest: number): number | undefined {
  const year = new Date(other).getUTCFullYear();
  const times = [year - 1, year, year + 1].map((each) => inYear(each, at)).filter((time) => time !== undefined);
  const [nearest] = times.filter((time) => time <= latest).sort((a, b) => Math.abs(a - other) - Math.abs(b - other));
  return nearest ?? latestUntil(latest, at);
}

const january = Date.UTC(referenceYear, 0, 1);
const leapDay = Date.UTC(referenceYear, 1, 29);
const march = Date.UTC(referenceYear, 2, 1);

/** A moment of the year 2000 in another year, on the same day and at the same time; undefined if that has no such day. */
export function inYear(year: number, at: number): number | undefined {
  if (year < 1970) return undefined;
  if (at < leapDay) return at - january + Date.UTC(year, 0, 1);
  const firstOfMarch = Date.UTC(year, 2, 1);
  const isLeapYear = firstOfMarch - Date.UTC(year, 1, 28) === 2 * DAY;
  return at >= march || isLeapYear ? at - march + firstOfMarch : undefined;
}
