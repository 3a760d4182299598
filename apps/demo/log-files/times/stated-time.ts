import type { Zone } from "./zones";

/** The order in which a date gives its figures. */
export type DateOrder = "year month day" | "month day year" | "day month year" | "month day" | "day month";

/** A time as a line states it. What the line leaves open is decided for the file as a whole (`file-times.ts`). */
export interface StatedTime {
  /** Epoch milliseconds; those of the year 2000 where the line states no year. */
  readonly at: number;
  readonly zone: Zone;
  /** Where the line has it: where log lines have their time, or after other words. */
  readonly place: Place;
  readonly lacks: "nothing" | "year" | "time of day";
  /** What `at` is in each order that the figures allow, the usual one first; undefined where the order is certain. */
  readonly orders: ReadonlyMap<DateOrder, number> | undefined;
  /** Where it ends, in characters. */
  readonly end: number;
}

export type Place = "heading" | "words";

const daysOf = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** A date and a time of day without a zone, in numbers. */
export interface Figures {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
  readonly hours: number;
  readonly minutes: number;
  readonly seconds: number;
  readonly milliseconds: number;
}

/** Epoch milliseconds of figures in UTC; NaN if they make no date from 1970 on. */
export function utc({ year, month, day, hours, minutes, seconds, milliseconds }: Figures): number {
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = month === 2 && !isLeap ? 28 : (daysOf[month - 1] ?? 0);
  // 60: a leap second counts as the first one of the next minute.
  if (!(day >= 1 && day <= days && hours <= 23 && minutes <= 59 && seconds <= 60)) return Number.NaN;
  if (!(year >= 1970)) return Number.NaN;
  return Date.UTC(year, month - 1, day, hours, minutes, seconds, milliseconds);
}

/** Two figures of a year, as POSIX has it: 69 and later are of the last century. */
export const fullYear = (year: number): number => (year >= 100 ? year : year < 69 ? 2000 + year : 1900 + year);

/** The milliseconds of a second's fraction: of the digits behind its point. */
export const thousandths = (fraction: string): number =>
  fraction.length === 3 ? Number(fraction) : Number(fraction.slice(0, 3).padEnd(3, "0"));

/** It has a 29 February. */
export const referenceYear = 2000;
