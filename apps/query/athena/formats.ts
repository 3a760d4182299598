import { InvalidQuery } from "../invalid-query";

/**
 * Codes of MySQL, which Athena's `date_parse` and `date_format` take, that C writes otherwise.
 * https://trino.io/docs/current/functions/datetime.html#mysql-date-functions
 */
export const codesOfMysql: readonly (readonly [mysql: string, c: string])[] = [
  ["%M", "%B"],
  ["%i", "%M"],
  ["%s", "%S"],
  ["%T", "%H:%M:%S"],
  ["%r", "%I:%M:%S %p"],
  ["%h", "%I"],
  ["%k", "%-H"],
  ["%l", "%-I"],
  ["%e", "%-d"],
  ["%c", "%-m"],
  ["%W", "%A"],
  ["%v", "%V"],
  ["%x", "%G"],
];
const cOfMysql = new Map(codesOfMysql);
const alikeInC = new Set([..."abdfHIjmpSyY%"]);

/**
 * A format of MySQL as one of C.
 * @throws {InvalidQuery} for a code that Athena does not know either
 */
export function fromMysql(format: string): string {
  return format.replaceAll(/%(.?)/gs, (code, letter: string) => {
    const found = cOfMysql.get(code) ?? (alikeInC.has(letter) ? code : undefined);
    if (found === undefined) throw new InvalidQuery(`Athena's formats of times have no code ${code}: ${format}`);
    return found;
  });
}

/** By letter, the codes of C for one letter, two, three ...; the last stands for more as well. */
const cOfJoda: Readonly<Record<string, readonly string[]>> = {
  y: ["%Y", "%y", "%Y"],
  Y: ["%Y", "%y", "%Y"],
  x: ["%G"],
  M: ["%-m", "%m", "%b", "%B"],
  d: ["%-d", "%d"],
  D: ["%-j", "%j", "%j"],
  w: ["%V"],
  e: ["%u"],
  E: ["%a", "%a", "%a", "%A"],
  H: ["%-H", "%H"],
  h: ["%-I", "%I"],
  m: ["%-M", "%M"],
  s: ["%-S", "%S"],
  a: ["%p"],
  Z: ["%z", "%z", "%Z"],
  z: ["%Z"],
};

/** A second's fraction of as many digits; what is read may have fewer. */
const fractions = new Map([
  [3, "%g"],
  [6, "%f"],
  [9, "%n"],
]);

/**
 * A pattern of Joda, which Athena's `parse_datetime` and `format_datetime` take, as a format of C.
 * https://www.joda.org/joda-time/apidocs/org/joda/time/format/DateTimeFormat.html
 * @param reads the format is for reading, which takes a fraction of any length
 * @throws {InvalidQuery} for a letter that is not known here
 */
export function fromJoda(pattern: string, reads: boolean): string {
  // A quote without an end reaches to the pattern's: AWS's own examples have one.
  return pattern.replaceAll(/''|'((?:[^']|'')*)(?:'|$)|([A-Za-z])\2*|%/g, (part, quoted?: string, letter?: string) => {
    if (part === "''") return "'";
    if (quoted !== undefined) return quoted.replaceAll("''", "'").replaceAll("%", "%%");
    if (letter === undefined) return "%%";
    if (letter === "S") return reads ? "%f" : (fractions.get(part.length) ?? unknown(part, pattern));
    const codes = cOfJoda[letter] ?? [];
    return codes[Math.min(part.length, codes.length) - 1] ?? unknown(part, pattern);
  });
}

function unknown(part: string, pattern: string): never {
  throw new InvalidQuery(`The part ${part} of the format ${pattern} is not known here: take strptime or strftime.`);
}
