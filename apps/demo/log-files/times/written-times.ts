import { type Format, formats } from "./formats";
import { type DateOrder, fullYear, type Place, referenceYear, type StatedTime, thousandths, utc } from "./stated-time";
import { noZone, type Zone, zoneOf } from "./zones";

const isDigit = (code: number) => code >= 48 && code <= 57;
const beginsWithDigit = ({ examples }: Format) => isDigit(examples[0]?.charCodeAt(0) ?? 0);
const formatsOfDigits = formats.filter(beginsWithDigit);
const formatsOfLetters = formats.filter((format) => !beginsWithDigit(format));
/** Addresses and other figures are none of the formats, and often stand where a time might: this tells at a glance. */
const figuresOfDate = /\d{4}[-/. ]|\d{6} |\d{8}[-T _:\d]|\d{1,7}:\d{8}|\d\d?[-/. ](?:[A-Za-z]{3}|\d\d?[-/. ]\d\d)/y;

/** The time that is written in `text` from `index` on, in a certain place of the line; undefined if there is none. */
export function timeAt(text: string, index: number, place: Place = "heading"): StatedTime | undefined {
  const isOfDigits = isDigit(text.charCodeAt(index));
  figuresOfDate.lastIndex = index;
  if (isOfDigits && !figuresOfDate.test(text)) return undefined;
  for (const { pattern, onlyInHeading } of isOfDigits ? formatsOfDigits : formatsOfLetters) {
    if (onlyInHeading && place !== "heading") continue;
    pattern.lastIndex = index;
    const groups = pattern.exec(text)?.groups;
    const found = groups && read(groups, text, pattern.lastIndex, place);
    if (found) return found;
  }
  return undefined;
}

type Groups = Partial<Record<string, string>>;

/** The time of day and the zone that go with a date. */
interface Clock {
  /** NaN if there is no such hour. */
  readonly hours: number;
  readonly minutes: number;
  readonly seconds: number;
  readonly milliseconds: number;
  readonly zone: Zone;
}

function read(groups: Groups, text: string, matchEnd: number, place: Place): StatedTime | undefined {
  const { hours, minutes, seconds, fraction = groups.thousandths, zone: name = groups.zoneAfter } = groups;
  // What looks like a zone may be a word of the message.
  const named =
    name === undefined ? noZone : zoneOf(name, /^(?:[\])>]| \[\d)/.test(text.slice(matchEnd, matchEnd + 3)));
  const zone = named ?? noZone;
  const end = named || name === undefined ? matchEnd : text.lastIndexOf(name, matchEnd);
  const clock: Clock = {
    hours: hours === undefined ? 0 : hoursOf(Number(hours), groups.half),
    minutes: minutes === undefined ? 0 : Number(minutes),
    seconds: seconds === undefined ? 0 : Number(seconds),
    milliseconds: fraction === undefined ? 0 : thousandths(fraction),
    zone,
  };
  if (groups.first !== undefined) {
    const orders = ordersOf(groups, clock);
    const [at] = orders.values();
    return at === undefined ? undefined : { at, zone, place, lacks: groups.third ? "nothing" : "year", orders, end };
  }
  const year = groups.year ?? groups.yearAfter;
  const month = groups.monthName === undefined ? Number(groups.month) : monthNumber(groups.monthName);
  const at = instant(year === undefined ? referenceYear : fullYear(Number(year)), month, Number(groups.day), clock);
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
function ordersOf({ first = "", second = "", third, mark }: Groups, clock: Clock): Map<DateOrder, number> {
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
