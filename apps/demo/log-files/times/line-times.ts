import { fieldsOfPairs, jsonObject, timeOfFields, timeOfObject, timeOfValue } from "./fields";
import type { StatedTime } from "./stated-time";
import { timeAt } from "./written-times";
import { inYear } from "./years";

/** How far into a line its time is looked for, in characters. */
const searched = 300;

const weekday = "(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? +";
/** What may stand before the time that a line begins with: a syslog priority, marks, colours, glog's words, the day of the week. */
const lead = new RegExp(
  `(?:<\\d{1,3}>(?:\\d{1,2} |\\d+: )?)?(?:[\\s[({<|"'#*>=.-]|\\u001b\\[[\\d;]*m)*(?:Log file created at: )?(?:${weekday})?`,
  "y",
);
const DAY = 86_400_000;
const clock = /\d:[0-5]\d(?!\d)/;

/**
 * The time that a line states: at its beginning, in brackets, in a field with a name, in its place of a known format, or
 * after other words. JSON documents and tables have their own ways (`documents.ts`, `columns.ts`).
 */
export function timeOfLine(line: string): StatedTime | undefined {
  lead.lastIndex = 0;
  lead.exec(line);
  const begin = lead.lastIndex;
  if (line.startsWith(" ") || line.startsWith("\t")) return inHeading(timeAt(line, begin, "words"));
  const first = timeAt(line, begin);
  if (first) return first.lacks === "year" ? withYearOfLine(first, line) : first;
  return (
    timeInColumn(line) ?? timeOfPairs(line) ?? timeFurtherOn(line.slice(0, searched), begin) ?? timeOfEmbeddedJson(line)
  );
}

const inHeading = (time: StatedTime | undefined): StatedTime | undefined => time && { ...time, place: "heading" };

/** Of a time without a year: the year of the same time further on in the line, as HAProxy has it behind syslog's. */
function withYearOfLine(time: StatedTime, line: string): StatedTime {
  if (!/(?:19|20)\d\d[-/:]/.test(line)) return time;
  const later = timeFurtherOn(line.slice(0, searched), time.end);
  if (later?.lacks !== "nothing") return time;
  const at = inYear(new Date(later.at).getUTCFullYear(), time.at);
  return at !== undefined && Math.abs(at - later.at) <= DAY
    ? { ...time, at, lacks: "nothing", orders: undefined }
    : time;
}

/** Lines that have epoch seconds in a place of their own. */
const columns = [
  // AWS flow logs without a heading, also of transit gateways and with columns of one's own:
  // https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html
  /^[2-9] (?:\S+ ){5,30}?(\d{10}) \d{10} (?:(?:ACCEPT|REJECT|-) )?(?:OK|NODATA|SKIPDATA)(?: |$)/,
  // The logs of large machines in Loghub: a label, epoch seconds, and their date.
  /^\S{1,20} (\d{10}) \d{4}\.\d\d\.\d\d /,
];

/** Of multilog, svlogd and their like: https://cr.yp.to/libtai/tai64.html */
const tai64n = /^@40000000([0-9a-f]{8})([0-9a-f]{8})(?![0-9a-f])/;
const taiAheadSeconds = 10;

function timeInColumn(line: string): StatedTime | undefined {
  const label = tai64n.exec(line);
  if (label) {
    const [seconds = 0, nanoseconds = 0] = label.slice(1).map((digits) => Number.parseInt(digits, 16));
    return timeOfValue(seconds - taiAheadSeconds + nanoseconds / 1e9);
  }
  for (const column of columns) {
    const found = column.exec(line);
    if (found) return timeOfValue(found[1]);
  }
  return undefined;
}

const pairFirst = /^(?:SET )?(?:<\w|\{["']|CEF:|LEEF:|["']?[@\w.-]+=["'\w])/;

const timeOfPairs = (line: string) => (pairFirst.test(line) ? timeOfFields(fieldsOfPairs(line)) : undefined);

/** `web-1 | {"time":...}`: whatever the line has before its JSON. */
function timeOfEmbeddedJson(line: string): StatedTime | undefined {
  const begin = line.indexOf('{"');
  const object = begin > 0 && line.trimEnd().endsWith("}") ? jsonObject(line.slice(begin)) : undefined;
  return object && timeOfObject(object);
}

const levels =
  /^\W*(?:trace|debug|verbose|info|information|notice|warn|warning|error|err|severe|crit|critical|fatal|alert|emerg)\W*$/i;
const protocols = /^(?:https?|h2c?|grpcs?|wss?|tls|tcp|udp|quic|mon|tue|wed|thu|fri|sat|sun),?$/i;
/** Ruby's. */
const letterOfLevel = /^[DIWEFAU],$/;
const isLabel = /^[A-Za-z-]+[:,]$/;
/** Words that stand before a time in the heading of a log line: levels, names with marks or figures, labels such as `End-Date:`. */
const isOfHeading = (word: string) =>
  isLabel.test(word)
    ? levels.test(word) || letterOfLevel.test(word) || /(?:date|time|timestamp)[:,]$/i.test(word)
    : /[^A-Za-z]/.test(word) || /^[A-Z]+$/.test(word) || levels.test(word) || protocols.test(word);

/** The longest heading, in words. */
const longestHeading = 6;

/** Where the heading ends, at the latest: the beginning of the first word that is not of its kind. */
function headingOf(line: string): number {
  let words = 0;
  for (const { 0: word, index } of line.matchAll(/\S+/g))
    if (++words > longestHeading || !isOfHeading(word)) return index;
  return line.length;
}

const mayBegin = /(?<=[\s[({<>|"',;#*:])(?=\d|[A-Z][a-z]{2}|[IWEFD]\d)/g;

const opening = new RegExp(`\\[(?:${weekday})?`, "y");

/** A time further on in the line: the line's own if it is in its heading, or in brackets. */
function timeFurtherOn(line: string, begin: number): StatedTime | undefined {
  const firstClock = line.search(clock);
  if (firstClock === -1) return undefined;
  const bracketed = timeInBrackets(line, line.lastIndexOf("[", firstClock));
  if (bracketed) return bracketed;
  const heading = headingOf(line);
  mayBegin.lastIndex = begin + 1;
  for (const { index } of line.matchAll(mayBegin)) {
    const time = timeAt(line, index, index <= heading ? "heading" : "words");
    if (time) return time;
  }
  return undefined;
}

function timeInBrackets(line: string, bracket: number): StatedTime | undefined {
  if (bracket === -1) return undefined;
  opening.lastIndex = bracket;
  opening.exec(line);
  const time = timeAt(line, opening.lastIndex, "words");
  return time && line[time.end] === "]" ? inHeading(time) : undefined;
}
