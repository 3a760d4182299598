/** A way to write a time. */
export interface Format {
  readonly name: string;
  /** Of 22 November 2026, 21:31:01. */
  readonly examples: readonly string[];
  /** Sticky; its groups are what `written-times.ts` reads. */
  readonly pattern: RegExp;
  /** The figures could mean something else: a time only where a log line has its time. */
  readonly onlyInHeading?: true;
}

const shortMonths = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec";
const months = `${shortMonths}|${shortMonths.toUpperCase()}`;
const monthName = `(?<monthName>${months})[a-z]*\\.?`;
const year = "(?<year>\\d{4})";
const shortYear = "(?<year>\\d{4}|\\d\\d(?!:))";
const month = "(?<month>\\d\\d?)";
const day = "(?<day>\\d\\d?)";
const figures = "(?<first>\\d\\d?)(?<mark>[-/.])(?<second>\\d\\d?)";
const gap = "(?:, ?|\\. ?| - | at |[Tt_\\t ]| {2}|[-:]{1,2})";
/** Behind a comma there may be another column. */
const digits = "[.,](?<fraction>\\d{1,9}(?:(?<=\\.\\d{9})\\d{1,3})?)";
const fraction = `(?:${digits}|:(?<thousandths>\\d{3}))?(?!\\d)`;
const half = "(?:[ \\u202f]?(?<half>[AaPp])\\.?[Mm]\\b\\.?)?";
const zoneName = [
  "[Zz](?![A-Za-z])",
  "(?:UTC|GMT)[+-]\\d\\d?(?::?\\d\\d)?",
  "(?:utc|gmt)\\b",
  "[+-]\\d\\d(?::?\\d\\d)?(?![\\d:.])",
  "\\[?[A-Z][A-Za-z]+(?:/[A-Z][A-Za-z_]+)+",
  "[A-Z][A-Za-z]{1,4}(?![\\w./-])",
].join("|");
const zone = `(?: ?\\(?(?<zone>${zoneName})\\)?)?`;
const time = `(?<hours>\\d\\d?):(?<minutes>\\d\\d)(?::(?<seconds>\\d\\d)${fraction})?(?!\\d)${half}${zone}`;
const packedFraction = `(?:${digits}|:?(?<thousandths>\\d{3}))?(?!\\d)`;
const packedTime = `(?<hours>\\d\\d):?(?<minutes>\\d\\d):?(?<seconds>\\d\\d)${packedFraction}${zone}`;
const dottedTime = `(?<hours>\\d\\d)\\.(?<minutes>\\d\\d)\\.(?<seconds>\\d\\d)${fraction}${half}${zone}`;
const yearAfter = `(?: (?<yearAfter>(?:19|20)\\d\\d)(?![-\\w.:/])(?: (?<zoneAfter>${zoneName}))?)?`;

/**
 * The ways to write a time, in the order in which they are tried where a time may begin. Where in a line that is, is in
 * `line-times.ts`; what is left open, such as the order of day and month, is decided in `file-times.ts`.
 */
export const formats: readonly Format[] = [
  {
    name: "ISO 8601 and its like",
    examples: ["2026-11-22T21:31:01.123Z", "2026/11/22 21:31:01 +0900", "2026.11.22 21:31:01,123", "2026-11-22 21:31"],
    pattern: new RegExp(`${year}(?<mark>[-/.])${month}\\k<mark>${day}${gap}${time}`, "y"),
  },
  {
    name: "day, name of the month, year",
    examples: [
      "22/Nov/2026:21:31:01 +0000",
      "22 Nov 2026 21:31:01.123",
      "22-Nov-2026::21:31:01",
      "22-NOV-2026 21:31:01",
      "22Nov2026 21:31:01.123",
    ],
    pattern: new RegExp(`${day}(?<mark>[-/. ]?)${monthName}\\k<mark>${shortYear}${gap}${time}`, "y"),
  },
  {
    name: "ISO 8601 with points in the time",
    examples: ["2026-11-22-21.31.01.123456", "2026.11.22-21.31.01:123"],
    pattern: new RegExp(`${year}(?<mark>[-/.])${month}\\k<mark>${day}[-T ]${dottedTime}`, "y"),
  },
  {
    name: "ISO 8601 without marks",
    examples: [
      "20261122T213101Z",
      "20261122-21:31:01:606",
      "20261122 21:31:01",
      "20261122213101",
      "7:20261122:213101.123",
    ],
    pattern: new RegExp(
      `(?:\\d{1,7}:)?(?<year>(?:19|20)\\d\\d)(?<month>\\d\\d)(?<day>\\d\\d)[-T _:]?${packedTime}`,
      "y",
    ),
  },
  {
    name: "day, name of the month, year, with points in the time",
    examples: ["22-NOV-26 09.31.01.123456 PM"],
    pattern: new RegExp(`${day}-${monthName}-${shortYear} ${dottedTime}`, "iy"),
  },
  {
    name: "day, name of the month",
    examples: ["22 Nov 21:31:01.123"],
    pattern: new RegExp(`${day} ${monthName} ${time}`, "y"),
  },
  {
    name: "year, name of the month, day",
    examples: ["2026 Nov 22 21:31:01", "2026-Nov-22 21:31:01"],
    pattern: new RegExp(`${year}(?<mark>[-/ ])${monthName}\\k<mark>${day}${gap}${time}`, "y"),
  },
  {
    name: "name of the month, day, and the year before the time, after it, or nowhere as in syslog",
    examples: ["Nov 22 21:31:01", "Nov 22, 2026 9:31:01 PM", "Nov 22 21:31:01 UTC 2026", "Nov 22 21:31:01.123456 2026"],
    pattern: new RegExp(`${monthName} {1,2}${day}(?:st|nd|rd|th)?,? (?:${year},? (?:at )?)?${time}${yearAfter}`, "y"),
  },
  {
    name: "klog and glog",
    examples: ["I1122 21:31:01.123456", "I20261122 21:31:01.123456"],
    pattern: new RegExp(`[IWEFD]${year}?(?<month>\\d\\d)(?<day>\\d\\d) ${time}`, "y"),
    onlyInHeading: true,
  },
  {
    name: "figures with the year at one end",
    examples: ["11/22/2026 21:31:01", "22.11.2026 21:31:01", "26/11/22 21:31:01", "11/22/26, 9:31:01 PM"],
    pattern: new RegExp(`${figures}\\k<mark>(?<third>\\d{4}|\\d\\d)${gap}${time}`, "y"),
  },
  {
    name: "two figures each for year, month and day",
    examples: ["261122 213101", "261122 21:31:01"],
    pattern: new RegExp(
      `(?<first>\\d\\d)(?<second>\\d\\d)(?<third>\\d\\d) {1,2}(?<hours>\\d\\d?):?(?<minutes>\\d\\d):?(?<seconds>\\d\\d)${fraction}${zone}`,
      "y",
    ),
    onlyInHeading: true,
  },
  {
    name: "figures without a year",
    examples: ["11-22 21:31:01.123", "11/22-21:31:01.123456"],
    pattern: new RegExp(`${figures}[- ](?=\\d\\d:\\d\\d:)${time}`, "y"),
    onlyInHeading: true,
  },
  {
    name: "day without a time",
    examples: ["2026-11-22"],
    pattern: new RegExp(`${year}-${month}-${day}(?![-\\w.:/])`, "y"),
    onlyInHeading: true,
  },
];
