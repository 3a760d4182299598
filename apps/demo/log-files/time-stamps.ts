/** The time stamp that a line begins with. */
interface Format {
  readonly name: string;
  readonly pattern: RegExp;
  /** Epoch milliseconds; NaN if the figures make no date. `modifiedAt`: the file's modification time. */
  readonly read: (match: RegExpExecArray, modifiedAt: number) => number;
}

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const monthNames = months.join("|");
const DAY = 86_400_000;

/**
 * The formats, tried in this order. A line may have `[` before its time stamp.
 *
 * | format | examples | note |
 * |---|---|---|
 * | ISO 8601 | `2026-11-22T21:31:01.123Z`, `2026-11-22 21:31:01,123`, `2026/11/22 21:31:01 +0900` | without a zone: UTC |
 * | epoch | `1795383061`, `1795383061.123`, `1795383061123` | 10 digits are seconds, 13 milliseconds |
 * | common and combined log format | `192.0.2.7 - alice [22/Nov/2026:21:31:01 +0000] "GET / HTTP/1.1" 200 5` | after at most six words |
 * | syslog | `Nov 22 21:31:01`, `Nov  2 21:31:01` | UTC; the latest year that is not more than a day after the file's modification time |
 *
 * Figures that make no date (month 13), and times before 1970 or after 2200, are no time stamps.
 */
const formats: readonly Format[] = [
  {
    name: "ISO 8601",
    pattern:
      /^\[?(\d{4})([-/])(\d\d)\2(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?(?![\d:])(?: ?(?:Z|UTC|GMT)\b| ?([+-]\d\d):?(\d\d)(?!\d)|([+-]\d\d)(?![\d:]))?/,
    read: ([, year, , month, day, hours, minutes, seconds, fraction, offsetHours, offsetMinutes, shortOffset]) =>
      instant([year, month, day, hours, minutes, seconds], fraction, offsetHours ?? shortOffset, offsetMinutes),
  },
  {
    name: "epoch",
    pattern: /^\[?(?:(\d{13})|(\d{10}))(?:[.,](\d{1,9}))?(?=[\s\],:;|]|$)/,
    read: ([, milliseconds, seconds, fraction]) =>
      milliseconds === undefined ? Number(seconds) * 1000 + thousandths(fraction) : Number(milliseconds),
  },
  {
    name: "common log format",
    pattern: new RegExp(
      `^(?:\\S+ ){0,6}?\\[(\\d\\d)/(${monthNames})/(\\d{4}):(\\d\\d):(\\d\\d):(\\d\\d) ([+-]\\d\\d)(\\d\\d)\\]`,
    ),
    read: ([, day, month, year, hours, minutes, seconds, offsetHours, offsetMinutes]) =>
      instant([year, monthNumber(month), day, hours, minutes, seconds], undefined, offsetHours, offsetMinutes),
  },
  {
    name: "syslog",
    pattern: new RegExp(`^\\[?(${monthNames}) {1,2}(\\d{1,2}) (\\d\\d):(\\d\\d):(\\d\\d)(?:[.,](\\d{1,9}))?(?![\\d:])`),
    read: ([, month, day, hours, minutes, seconds, fraction], modifiedAt) => {
      const newest = new Date(modifiedAt + DAY).getUTCFullYear();
      // Eight years back there is a 29 February, whatever the century.
      for (let year = newest; year >= newest - 8; year--) {
        const at = instant([String(year), monthNumber(month), day, hours, minutes, seconds], fraction);
        if (at <= modifiedAt + DAY) return at;
      }
      return Number.NaN;
    },
  },
];

const EARLIEST = 0;
const LATEST = Date.UTC(2201, 0) - 1;

/** The time that `line` begins with, in epoch milliseconds; undefined if it begins with none. */
export function timeStampOf(line: string, modifiedAt: number): number | undefined {
  for (const { pattern, read } of formats) {
    const match = pattern.exec(line);
    if (!match) continue;
    const at = read(match, modifiedAt);
    if (at >= EARLIEST && at <= LATEST) return at;
  }
  return undefined;
}

type Figure = string | undefined;

function instant(
  figures: readonly [year: Figure, month: Figure, day: Figure, hours: Figure, minutes: Figure, seconds: Figure],
  fraction?: Figure,
  offsetHours: Figure = "+00",
  offsetMinutes: Figure = "00",
): number {
  const [year, month, day, hours, minutes, seconds] = figures.map(Number);
  if (year === undefined || month === undefined || day === undefined) return Number.NaN;
  if (hours === undefined || minutes === undefined || seconds === undefined) return Number.NaN;
  const midnight = new Date(Date.UTC(year, month - 1, day));
  const exists = midnight.getUTCFullYear() === year && midnight.getUTCMonth() === month - 1;
  // 60: a leap second counts as the first one of the next minute.
  if (!exists || day < 1 || hours > 23 || minutes > 59 || seconds > 60) return Number.NaN;
  const offset = Math.abs(Number(offsetHours)) * 60 + Number(offsetMinutes);
  if (offset > 14 * 60 || Number(offsetMinutes) > 59) return Number.NaN;
  const ahead = offsetHours.startsWith("-") ? -offset : offset;
  return midnight.getTime() + ((hours * 60 + minutes - ahead) * 60 + seconds) * 1000 + thousandths(fraction);
}

const monthNumber = (name: Figure) => String(months.indexOf(name ?? "") + 1);

const thousandths = (fraction: Figure = "") => Number(fraction.slice(0, 3).padEnd(3, "0"));
