import { type StatedTime, utc } from "./stated-time";
import { timeAt } from "./written-times";
import { noZone, utcZone } from "./zones";

/**
 * Names of fields that say when something was logged, the best first: of JSON, `key=value` and the columns of a table. Case
 * and the marks `_ - . @` and blanks do not count.
 */
const names = (
  "timestamp time ts eventtime asctime datetime t logtime logtimestamp eventtimestamp timestampms timestampmillis timemillis " +
  "epoch epochms epochmillis epochseconds epochsecond unixtime unixtimestamp isotime isotimestamp timeiso8601 utctime timeutc " +
  "timems timens timestampus timestampns tsms tsus tsns eventts eventtimems epochtime epochts unixts utctimestamp timestamputc dt " +
  "realtimetimestamp sourcerealtimetimestamp querytimestamp requestreceivedtimestamp stagetimestamp timeunixnano " +
  "observedtimeunixnano $date $numberlong timegenerated timecreated systemtime receivetimestamp requesttimeepoch requesttime timelocal"
).split(" ");
/** Names that may mean something else as well: only of the line's own fields, not of an object within. */
const doubtful = (
  "date seconds msec rt devtime calendartime edgestarttimestamp startutc starttime starttimestamp connectionstarttime start " +
  "lasttimestamp creationtime activitydatetime createddatetime published occurredat loggedat recordedat receivedat startedat " +
  "createdat created createddate updatedat generatedat observedat firstobservedat lastobservedat detectedat eventcreated eventingested logdate datetimeutc dateutc utc when end"
).split(" ");

const ranks = new Map([...names, ...doubtful].map((name, rank) => [name, rank]));
const ranksOfSpellings = new Map<string, number>();

/** What else ends so may be a time as well, if it is not one of something else, or how long something took. */
const otherName = /(?:timestamp|datetime|dateandtime|time)$/;
const ofSomethingElse =
  /^(?:expir|end|next|last|due|valid|not|stop|finish|up|run|elapsed|response|process|wait|life|max|min|total|cpu|real|user|sys|mod|birth|build)/;

/** How good a field's name is, 0 the best; Infinity for one that says nothing of a time. */
export function rankOf(spelling: string): number {
  const known = ranksOfSpellings.get(spelling);
  if (known !== undefined) return known;
  const name = spelling.toLowerCase().replace(/[-_.@ ]/g, "");
  const isOther = otherName.test(name) && !ofSomethingElse.test(name);
  const rank = ranks.get(name) ?? (isOther ? ranks.size : Number.POSITIVE_INFINITY);
  if (ranksOfSpellings.size < 10_000) ranksOfSpellings.set(spelling, rank);
  return rank;
}

/** Seconds, milliseconds, microseconds and nanoseconds of 1985 to 2200 have 9 to 10, 12 to 13, 15 to 16 and 18 to 19 digits. */
const units = [1e3, 1, 1e-3, 1e-6];
const [earliest, latest] = [5e11, 7.26e12];

/** The moment that a number means, in epoch milliseconds, whatever its unit; undefined if it means none. */
export function epochTime(value: number): number | undefined {
  for (const unit of units) {
    const at = value * unit;
    // Seconds with a fraction are not exact in binary.
    if (at >= earliest && at <= latest) return Math.floor(at + 1e-3);
  }
  return undefined;
}

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;

const lead = /[\s"'[(<]*(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? +)?/y;
const number = /^(?:\/Date\()?(\d{9,19}(?:\.\d+)?)(?:[+-]\d{4})?(?:\)\/)?$/;

/** The time that a field's value states. */
export function timeOfValue(value: unknown): StatedTime | undefined {
  if (typeof value === "number") return timeOfNumber(value);
  if (Array.isArray(value)) return timeOfFigures(value);
  if (isObject(value)) return timeOfFields(Object.entries(value));
  if (typeof value !== "string" || value.length < 8) return undefined;
  const figures = number.exec(value)?.[1];
  const time = figures === undefined ? undefined : timeOfNumber(Number(figures));
  if (time) return time;
  // Fourteen digits are a date and a time.
  lead.lastIndex = 0;
  lead.exec(value);
  return timeAt(value, lead.lastIndex);
}

function timeOfNumber(value: number): StatedTime | undefined {
  const at = epochTime(value);
  return at === undefined
    ? undefined
    : { at, zone: utcZone, place: "heading", lacks: "nothing", orders: undefined, end: 0 };
}

/** `[2026,11,22,21,31,1,123000000]`, as Jackson writes Java's times: year to nanoseconds, the last of them only as far as needed. */
function timeOfFigures(figures: readonly unknown[]): StatedTime | undefined {
  const [year = 0, month = 0, day = 0, hours = 0, minutes = 0, seconds = 0, nanoseconds = 0] = figures.filter(
    (figure) => typeof figure === "number",
  );
  if (figures.length < 5 || figures.length > 7) return undefined;
  const milliseconds = Math.floor(nanoseconds / 1e6);
  const at = utc({ year, month, day, hours, minutes, seconds, milliseconds });
  return at >= 0 ? { at, zone: noZone, place: "heading", lacks: "nothing", orders: undefined, end: 0 } : undefined;
}

/** Fields by their names. */
type Fields = Iterable<readonly [name: string, value: unknown]>;

const zoneNames = new Set(["tz", "timezone", "utcoffset"]);

/** The time that the best of the fields states; a date and a time of day in fields of their own are one. */
export function timeOfFields(fields: Fields, worstRank = Number.POSITIVE_INFINITY): StatedTime | undefined {
  const candidates: { rank: number; value: unknown }[] = [];
  let zone = "";
  for (const [name, value] of fields) {
    const rank = rankOf(name);
    if (rank < worstRank) candidates.push({ rank, value });
    else if (zoneNames.has(name.toLowerCase())) zone = String(value);
  }
  if (candidates.length > 1) candidates.sort((a, b) => a.rank - b.rank);
  let day: StatedTime | undefined;
  let [date, clock] = ["", ""];
  for (const { value } of candidates) {
    const time = timeOfValue(value);
    if (time && time.lacks !== "time of day") return time;
    day ??= time;
    if (typeof value === "string") {
      if (/^\d\d?:\d\d/.test(value)) clock ||= value;
      else if (/^\d[-./\w]+$/.test(value)) date ||= value;
    }
  }
  const together = date && clock ? timeOfValue(`${date} ${clock}${zone}`) : undefined;
  return together ?? day;
}

/** How deep in an object, and in how many objects, a time is looked for. */
const [deepest, most] = [6, 60];

/** The time that an object states: in its own fields, or in those of the objects within, the outer ones first. */
export function timeOfObject(outermost: object): StatedTime | undefined {
  const usual = timeOfBestField(outermost);
  if (usual) return usual;
  let level = [outermost];
  let looked = 0;
  for (let depth = 0; depth <= deepest && level.length > 0; depth++) {
    const next: object[] = [];
    for (const object of level) {
      if (++looked > most) return undefined;
      // Of a list the first stands for all.
      const fields = Object.entries(Array.isArray(object) ? { 0: object[0] } : object);
      const time = timeOfFields(fields, depth === 0 ? undefined : names.length);
      if (time) return time;
      for (const [, value] of fields) if (isObject(value)) next.push(value);
    }
    level = next;
  }
  return undefined;
}

/** Nearly always the field with the best name states the whole time: that is much faster than to look at all of them. */
function timeOfBestField(object: object): StatedTime | undefined {
  let [best, bestRank] = ["", Number.POSITIVE_INFINITY];
  for (const name in object) {
    const rank = rankOf(name);
    if (rank < bestRank) [best, bestRank] = [name, rank];
  }
  const time = best === "" ? undefined : timeOfValue(Reflect.get(object, best));
  return time?.lacks === "time of day" ? undefined : time;
}

/** The object that a text is as JSON. */
export function jsonObject(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** How far into text a field is looked for, in characters. */
const searched = 4_000;
const pair = /(?<![\w@.$-])["']?([@\w.$-]+)["']?\s*[:=]\s*(?:"([^"]*)"|'([^']*)'|([^\s,;}&|"']+))/g;
/** https://github.com/linux-audit/audit-documentation/wiki/SPEC-Audit-Event-Enrichment */
const audit = /^audit\((\d{10}\.\d{3}):\d+\)/;

/** The fields of `key=value key="v a l u e"`, also of JSON that was cut off and of an XML element's attributes. */
export function* fieldsOfPairs(text: string): Fields {
  for (const [, name = "", double, single, bare] of text.slice(0, searched).matchAll(pair)) {
    const recorded = audit.exec(bare ?? "");
    if (recorded) yield ["timestamp", recorded[1]];
    else yield [name, double ?? single ?? bare];
  }
}

const element = /<([A-Za-z][\w:.-]*)[^<>]*>([^<>]+)<\//g;

/** The attributes of XML, and what its elements hold. */
export function* fieldsOfElements(xml: string): Fields {
  yield* fieldsOfPairs(xml);
  for (const [, name = "", value] of xml.slice(0, searched).matchAll(element)) yield [name, value];
}
