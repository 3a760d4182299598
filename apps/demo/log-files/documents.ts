import type { Entry } from "./entries";
import { jsonObject, timeOfObject } from "./times/fields";

/** What begins in a line and may go on in others: what it holds, and how many lines it is. */
export interface Document {
  readonly entries: readonly Entry[];
  readonly lines: number;
}

/**
 * The JSON document that begins with a line: the line itself, or the lines up to the one that closes it. A document that only
 * holds records that state times, as CloudTrail's `{"Records":[...]}`, is an entry for each of them; so are documents one behind
 * the other in a line, as Firehose writes them.
 */
export function jsonAt(lines: readonly string[], index: number): Document | undefined {
  const line = lines[index] ?? "";
  if (!/^\s*(?:\{|\[\s*(?:\{|$))/.test(line)) return undefined;
  // Lines of a list have a comma behind them.
  const whole = jsonObject(line.endsWith(",") ? line.slice(0, -1) : line);
  if (whole) return { entries: entriesOf(line, whole, 1), lines: 1 };
  return inARow(line) ?? documentOfLines(lines, index);
}

function inARow(line: string): Document | undefined {
  const pieces = objectsAt(line, 0);
  const ends = [0, ...pieces.map(({ end }) => end)];
  const between = [...pieces.map(({ start }) => start), line.length].map((start, index) =>
    line.slice(ends[index], start),
  );
  if (pieces.length < 2 || !between.every((text) => /^[\s,]*$/.test(text))) return undefined;
  const objects = pieces.map(({ text }) => jsonObject(text)).filter((object) => object !== undefined);
  return objects.length === pieces.length ? { entries: recordsOf(pieces, objects, 1), lines: 1 } : undefined;
}

function documentOfLines(lines: readonly string[], index: number): Document | undefined {
  const opening = lines[index]?.charAt(0);
  if (opening !== "{" && opening !== "[") return undefined;
  const inside = opening === "{" ? /^\s|^"|^$/ : /^[\s"{}]|^$/;
  let end = index + 1;
  while (end < lines.length && inside.test(lines[end] ?? "")) end++;
  if (!lines[end]?.startsWith(opening === "{" ? "}" : "]")) return undefined;
  const text = lines.slice(index, end + 1).join("\n");
  const whole = jsonObject(text.replace(/,$/, ""));
  return whole && { entries: entriesOf(text, whole, end + 1 - index), lines: end + 1 - index };
}

function entriesOf(text: string, whole: object, lines: number): readonly Entry[] {
  const list = listIn(whole);
  if (list.some(timeOfObject)) return recordsOf(objectsAt(text, Array.isArray(whole) ? 1 : 2), list, lines);
  return [{ text, lines, stated: timeOfObject(whole), isRecord: false, recordsWithin: recordsWithin(whole) }];
}

/** How many objects with times of their own are in the lists of an object that has more than a list. */
function recordsWithin(whole: object): number {
  let count = 0;
  for (const value of Object.values(whole)) {
    if (!Array.isArray(value) || value.length < 2) continue;
    const last: unknown = value.at(-1);
    if (typeof last === "object" && last !== null && timeOfObject(last)) count += value.length;
  }
  return count;
}

/** The objects of a list, or of the list that is all that an object has; none if something else is among them. */
function listIn(whole: object): readonly object[] {
  const only: unknown = Array.isArray(whole) ? whole : onlyValueOf(whole);
  if (!Array.isArray(only)) return [];
  const objects = only.filter((each): each is object => typeof each === "object" && each !== null);
  return objects.length === only.length ? objects : [];
}

/** What AWS's commands write beside the list that was asked for: where the next page begins. */
const saysNothing = (name: string, value: unknown) =>
  value === null || (Array.isArray(value) && value.length === 0) || (/token$/i.test(name) && typeof value === "string");

function onlyValueOf(object: object): unknown {
  let only: unknown;
  let names = 0;
  for (const name in object) {
    const value: unknown = Reflect.get(object, name);
    if (saysNothing(name, value)) continue;
    if (++names > 1) return undefined;
    only = value;
  }
  return only;
}

function recordsOf(pieces: readonly Piece[], objects: readonly object[], lines: number): readonly Entry[] {
  return pieces.map(({ text }, index) => {
    const object = objects[index];
    return { text, lines: index === 0 ? lines : 0, stated: object && timeOfObject(object), isRecord: true };
  });
}

const [quote, backslash, brace, bracket, closingBrace, closingBracket] = [...'"\\{[}]'].map((each) =>
  each.charCodeAt(0),
);

interface Piece {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** The objects in JSON that lie in `depth` objects or lists, as they are written. */
function objectsAt(json: string, depth: number): Piece[] {
  const found: Piece[] = [];
  let [level, start, isInString] = [0, 0, false];
  for (let index = 0; index < json.length; index++) {
    const code = json.charCodeAt(index);
    if (code === backslash) index++;
    else if (code === quote) isInString = !isInString;
    else if (isInString) continue;
    else if (code === brace || code === bracket) {
      if (level === depth && code === brace) start = index;
      level++;
    } else if (code === closingBrace || code === closingBracket) {
      level--;
      if (level === depth && code === closingBrace)
        found.push({ text: json.slice(start, index + 1), start, end: index + 1 });
    }
  }
  return found;
}
