import { Temporal } from "temporal-polyfill";

/** What a line says of its zone. */
export interface Zone {
  /** As the line has it; empty where it has none. */
  readonly name: string;
  /** `ambiguous` is read as what it means most often, `unknown` and `none` as UTC. */
  readonly certainty: "stated" | "none" | "ambiguous" | "unknown";
  /** Minutes ahead of UTC while a clock in the zone shows `local` (epoch milliseconds at which a UTC clock shows the same). */
  readonly minutesAhead: (local: number) => number;
}

/** Abbreviations as operating systems, databases and languages write them. RFC 5322 fixes those of the United States. */
const abbreviations: Readonly<Record<string, string>> = {
  "-11:00": "SST",
  "-10:00": "HST",
  "-09:00": "AKST HDT",
  "-08:00": "PST AKDT",
  "-07:00": "MST PDT",
  "-06:00": "CST MDT",
  "-05:00": "EST CDT COT PET ECT",
  "-04:00": "AST EDT VET BOT CLT GYT AMT",
  "-03:30": "NST",
  "-03:00": "ADT BRT ART CLST UYT GFT PYST PYT",
  "-02:30": "NDT",
  "-02:00": "BRST UYST",
  "-01:00": "AZOT CVT",
  "+00:00": "UTC UT Z ZULU GMT WET AZOST",
  "+01:00": "CET MET MEZ WEST WAT BST",
  "+02:00": "CEST MEST MESZ EET CAT SAST WAST",
  "+03:00": "EEST MSK EAT TRT IDT",
  "+03:30": "IRST",
  "+04:00": "MSD GST SAMT AZT",
  "+04:30": "AFT IRDT",
  "+05:00": "PKT UZT TMT TJT YEKT MVT",
  "+05:30": "IST",
  "+05:45": "NPT",
  "+06:00": "BTT BDT KGT ALMT OMST PKST",
  "+06:30": "MMT",
  "+07:00": "ICT WIB KRAT NOVT",
  "+08:00": "HKT SGT MYT PHT WITA AWST IRKT ULAT BNT",
  "+09:00": "JST KST WIT YAKT AWDT",
  "+09:30": "ACST",
  "+10:00": "AEST CHST VLAT PGT",
  "+10:30": "ACDT LHST",
  "+11:00": "AEDT MAGT SAKT NCT LHDT",
  "+12:00": "NZST FJT PETT",
  "+12:45": "CHAST",
  "+13:00": "NZDT TOT",
  "+13:45": "CHADT",
};

/** What else an abbreviation stands for. */
const otherMeanings: ReadonlyMap<string, string> = new Map([
  ["AMT", "+04:00"],
  ["AST", "+03:00"],
  ["BST", "+06:00"],
  ["CDT", "-04:00"],
  ["CST", "+08:00 or -05:00"],
  ["ECT", "-04:00"],
  ["GST", "+10:00 or -02:00"],
  ["IST", "+02:00 or +01:00"],
  ["MSK", "+04:00, from 2011 to 2014"],
  ["MST", "+08:00 or +06:30"],
  ["PST", "+08:00"],
  ["PYT", "-04:00"],
  ["SST", "+08:00"],
]);

/** Words in capitals that stand behind a time and are no zone, though they might be. */
const words = new Set(
  (
    "INFO WARN ERROR DEBUG TRACE FATAL PANIC ALERT EMERG CRIT NOTE AUDIT LOG HINT " +
    "GET PUT POST HEAD PATCH TEST START INIT BOOT EXIT QUIT HALT ABORT RESET EVENT INPUT SENT HOST PORT ROOT NOT SET OUT LIST " +
    "LAST NEXT WAIT EDIT CLIENT SHUT FAULT PRINT REST MOUNT"
  ).split(" "),
);

const offsetOf = (hours: number, minutes: number, sign: string) => (sign === "-" ? -1 : 1) * (hours * 60 + minutes);

const fixed = new Map<string, number>();
for (const [offset, names] of Object.entries(abbreviations)) {
  const minutes = offsetOf(Number(offset.slice(1, 3)), Number(offset.slice(4)), offset.slice(0, 1));
  for (const name of names.split(" ")) fixed.set(name, minutes);
}

/** That of a time which states none. */
export const noZone: Zone = { name: "", certainty: "none", minutesAhead: () => 0 };
/** That of the time since 1970. */
export const utcZone: Zone = { name: "UTC", certainty: "stated", minutesAhead: () => 0 };
const seen = new Map<string, Zone | undefined>();

/**
 * The zone that a text behind a time names; undefined if the text is none, but a word of the message.
 * @param mustBeOne the text stands where only a zone can stand: an unknown name is an unknown zone
 */
export function zoneOf(text: string, mustBeOne = false): Zone | undefined {
  const key = mustBeOne ? `${text} ` : text;
  if (!seen.has(key) && seen.size < 10_000) seen.set(key, readZone(text, mustBeOne));
  return seen.has(key) ? seen.get(key) : readZone(text, mustBeOne);
}

/** Of `CST`: what else it stands for. */
export const otherMeaningsOf = (name: string): string | undefined => otherMeanings.get(name);

function readZone(name: string, mustBeOne: boolean): Zone | undefined {
  const numeric = /^(?:UTC|GMT)?([+-])(\d{1,2}):?(\d\d)?$/.exec(name);
  if (numeric) {
    const minutes = offsetOf(Number(numeric[2]), Number(numeric[3] ?? 0), numeric[1] ?? "+");
    if (Math.abs(minutes) > 14 * 60 || Number(numeric[3] ?? 0) > 59) return undefined;
    return { name, certainty: "stated", minutesAhead: () => minutes };
  }
  const minutes = fixed.get(name.toUpperCase());
  if (minutes !== undefined)
    return { name, certainty: otherMeanings.has(name) ? "ambiguous" : "stated", minutesAhead: () => minutes };
  if (name.includes("/")) return namedZone(name.replace("[", ""));
  const isLikely = /^[A-Z]{2,4}T$/.test(name) || (mustBeOne && /^[A-Z]{2,5}$/.test(name));
  return isLikely && !words.has(name) ? { name, certainty: "unknown", minutesAhead: () => 0 } : undefined;
}

/** A zone of the time zone database, `Europe/Berlin`. Its rules are asked once an hour of its clock. */
function namedZone(name: string): Zone | undefined {
  const hours = new Map<number, number>();
  const ask = (local: number) =>
    Temporal.Instant.fromEpochMilliseconds(local).toZonedDateTimeISO("UTC").toPlainDateTime().toZonedDateTime(name)
      .offsetNanoseconds / 60e9;
  try {
    ask(0);
  } catch {
    return undefined;
  }
  return {
    name,
    certainty: "stated",
    minutesAhead: (local) => {
      const hour = Math.floor(local / 3_600_000);
      const known = hours.get(hour) ?? ask(hour * 3_600_000);
      hours.set(hour, known);
      return known;
    },
  };
}
