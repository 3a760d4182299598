import { type Format, formats } from "./formats";
import { type DateOrder, fullYear, type Place, referenceYear, type StatedTime, thousandths, utc } from "./stated-time";
import { noZone, type Zone, zoneOf } from "./zones";

/** A format whose groups have numbers: to make an object of their names takes as long as the match. */
type Numbered = ReturnType<typeof numbered>;

function numbered({ pattern, onlyInHeading }: Format) {
  const names = [...pattern.source.matchAll(/\(\?<(\w+)>/g)].map(([, name]) => name);
  // A group that the pattern has not is one that never matches.
  const numberOf = (name: string) => (names.includes(name) ? names.indexOf(name) : names.length) + 1;
  const source = pattern.source
    .replaceAll(/\(\?<\w+>/g, "(")
    .replaceAll(/\\k<(\w+)>/g, (_, name: string) => `\\${numberOf(name)}`);
  const group = {
    year: numberOf("year"),
    yearAfter: numberOf("yearAfter"),
    month: numberOf("month"),
    monthName: numberOf("monthName"),
    day: numberOf("day"),
    first: numberOf("first"),
    second: numberOf("second"),
    third: numberOf("third"),
    mark: numberOf("mark"),
    hours: numberOf("hours"),
    minutes: numberOf("minutes"),
    seconds: numberOf("seconds"),
    fraction: numberOf("fraction"),
    thousandths: numberOf("thousandths"),
    half: numberOf("half"),
    zone: numberOf("zone"),
    zoneAfter: numberOf("zoneAfter"),
  };
  return { pattern: new RegExp(source, pattern.flags), onlyInHeading, group };
}

const isDigit = (code: number) => code >= 48 && code <= 57;
const beginsWithDigit = ({ examples }: Format) => isDigit(examples[0]?.charCodeAt(0) ?? 0);
const formatsOfDigits = formats.filter(beginsWithDigit).map(numbered);
const formatsOfLetters = formats.filter((format) => !beginsWithDigit(format)).map(numbered);
/** Addresses and other figures are none of the formats, and often stand where a time might: this tells at a glance. */
const figuresOfDate =
  /\d{4}[-/. ]|\d{6} |\d{8}[-T _:\d]|\d{1,7}:\d{8}|\d\d?[-/. ](?:[A-Za-z]{3}|\d\d?[-/. ]\d\d)|\d\d?[A-Z][A-Za-z]{2}\d/y;

/** The time that is written in `text` from `index` on, in a certain place of the line; undefined if there is none. */
export function timeAt(text: string, index: number, place: Place = "heading"): StatedTime | undefined {
  const isOfDigits = isDigit(text.charCodeAt(index));
  figuresOfDate.lastIndex = index;
  if (isOfDigits && !figuresOfDate.test(text)) return undefined;
  for (const format of isOfDigits ? formatsOfDigits : formatsOfLetters) {
    if (format.onlyInHeading && place !== "heading") continue;
    format.pattern.lastIndex = index;
    const match = format.pattern.exec(text);
    const found = match && read(match, format, text, place);
    if (found) return found;
  }
  return undefined;
}

/** The time of day and the zone that go with a date. */
interface Clock {
  /** NaN if there is no such hour. */
  readonly hours: number;
  readonly minutes: number;
  readonly seconds: number;
  readonly milliseconds: number;
  readonly zone: Zone;
}

function read(
  match: RegExpExecArray,
  { pattern, group }: Numbered,
  text: string,
  place: Place,
): StatedTime | undefined {
  const matchEnd = pattern.lastIndex;
  const name = match[group.zone] ?? match[group.zoneAfter];
  // What looks like a zone may be a word of the message.
  const named =
    name === undefined ? noZone : zoneOf(name, /^(?:[\])>]| \[\d)/.test(text.slice(matchEnd, matchEnd + 3)));
  const zone = named ?? noZone;
  const end = named || name === undefined ? matchEnd : text.lastIndexOf(name, matchEnd);
  const hours = match[group.hours];
  const fraction = match[group.fraction] ?? match[group.thousandths];
  const clock: Clock = {
    hours: hours === undefined ? 0 : hoursOf(Number(hours), match[group.half]),
    minutes: Number(match[group.minutes] ?? 0),
    seconds: Number(match[group.seconds] ?? 0),
    milliseconds: fraction === undefined ? 0 : thousandths(fraction),
    zone,
  };
  const [first, third] = [match[group.first], match[group.third]];
  if (first !== undefined) {
    const orders = ordersOf(first, match[group.second] ?? "", third, match[group.mark], clock);
    const [at] = orders.values();
    return at === undefined ? undefined : { at, zone, place, lacks: third ? "nothing" : "year", orders, end };
  }
  const year = match[group.year] ?? match[group.yearAfter];
  const monthName = match[group.monthName];
  const month = monthName === undefined ? Number(match[group.month]) : monthNumber(monthName);
  const at = instant(
    year === undefined ? referenceYear : fullYear(Number(year)),
    month,
    Number(match[group.day]),
    clock,
  );
  const lacks = year === undefined ? "year" : hours === undefined ? "time of day" : "nothing";
  return at >= 0 ? { at, zone, place, lacks, orders: undefined, end } : undefined;
}

/** Epoch milliseconds; NaN if there is no such date. */
function instant(year: number, month: number, day: number, clock: Clock): number {
  const { hours, minutes, seconds, milliseconds, zone } = clock;
  const local = utc({ year, month, day, hours, minutes, seconds, milliseconds });
  return local - zone.minutesAhead(local) * 60_000;
}

/** Of a clock of 24 hours, or of one of 12 with the half of the day. */
function hoursOf(hours: number, half: string | undefined): number {
  if (half === undefined) return hours;
  if (hours < 1 || hours > 12) return Number.NaN;
  return (hours % 12) + (half.toLowerCase() === "p" ? 12 : 0);
}

const monthNames = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const monthNumber = (name: string) => monthNames.indexOf(name.toLowerCase()) + 1;

/** What figures mean in each order that makes a date of them, the usual order of such figures first. */
function ordersOf(
  first: string,
  second: string,
  third: string | undefined,
  mark: string | undefined,
  clock: Clock,
): Map<DateOrder, number> {
  const [a, b, c] = [Number(first), Number(second), Number(third)];
  const dates: Record<DateOrder, readonly [year: number, month: number, day: number]> = {
    "month day": [referenceYear, a, b],
    "day month": [referenceYear, b, a],
    "month day year": [fullYear(c), a, b],
    "day month year": [fullYear(c), b, a],
    "year month day": [fullYear(a), b, c],
  };
  const found = new Map<DateOrder, number>();
  for (const order of usualOrders(first, third, mark)) {
    const at = instant(...dates[order], clock);
    if (at >= 0) found.set(order, at);
  }
  return found;
}

function usualOrders(first: string, third: string | undefined, mark: string | undefined): readonly DateOrder[] {
  if (third === undefined) return ["month day", "day month"];
  const yearLast: DateOrder[] = ["month day year", "day month year"];
  if (mark === "." || mark === "-") yearLast.reverse();
  if (third.length === 4 || first.length === 1) return yearLast;
  return mark === "." ? [...yearLast, "year month day"] : ["year month day", ...yearLast];
}
