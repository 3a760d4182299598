import { isAscii } from "node:buffer";

/** A text that an event must contain to be in an answer. */
export interface Literal {
  readonly text: string;
  /** Compared as DuckDB's `lower` makes both sides. */
  readonly ignoreCase: boolean;
}

/** Alternatives, each of literals that an event contains together. One without literals says nothing. */
export type Literals = readonly (readonly Literal[])[];

/** Finds what can contain literals in bytes, before anything becomes an event. It may find too much, and never too little. */
export interface LiteralSearch {
  /** Whether an event among these bytes can contain what is looked for. */
  isIn(bytes: Buffer): boolean;
  /** Where such an event can lie: an offset within each one, in no order. */
  offsets(bytes: Buffer): Iterable<number>;
}

/** Undefined where every event can contain what is looked for. */
export function literalSearch(literals: Literals): LiteralSearch | undefined {
  const ways = literals.map((all) => all.flatMap((literal) => searchOf(literal) ?? []));
  if (ways.length === 0 || ways.some((searches) => searches.length === 0)) return undefined;
  return {
    isIn: (bytes) => ways.some((searches) => searches.every((search) => search.isIn(bytes))),
    *offsets(bytes) {
      for (const [first, ...others] of ways)
        if (first && others.every((search) => search.isIn(bytes))) yield* first.offsets(bytes);
    },
  };
}

function searchOf({ text, ignoreCase }: Literal): LiteralSearch | undefined {
  // What is not UTF-8 in an object is U+FFFD in its events; and letters beyond ASCII have cases that bytes do not show.
  const parts = text.split(ignoreCase ? /[^\0-\x7f]+/ : /[\ufffd\p{Surrogate}]+/u);
  const needle = parts.reduce((longest, part) => (part.length > longest.length ? part : longest), "");
  if (needle === "") return undefined;
  return ignoreCase && /[a-z]/i.test(needle) ? inAnyCase(needle) : asItIs(Buffer.from(needle, "utf8"));
}

function asItIs(needle: Buffer): LiteralSearch {
  return {
    isIn: (bytes) => bytes.includes(needle),
    *offsets(bytes) {
      for (let at = bytes.indexOf(needle); at !== -1; at = bytes.indexOf(needle, at + 1)) yield at;
    },
  };
}

/** Bytes that are looked at as text at a time: few enough to stay in the processor's cache. */
const pieceBytes = 16_384;

/** By a regular expression over bytes as characters, which is many times as fast as making all of it lower case. */
function inAnyCase(needle: string): LiteralSearch {
  const escaped = needle.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
  const ofAscii = new RegExp(escaped, "gi");
  // The Kelvin sign and the I with a dot become ASCII letters when they are made small: as bytes of UTF-8.
  const folding = escaped.replaceAll(/[ki]/gi, (letter) => (/k/i.test(letter) ? kelvin : dottedI));
  const ofAny = new RegExp(folding, "gi");
  const overlap = needle.length * 3;
  function* offsets(bytes: Buffer): Generator<number> {
    for (let at = 0; at < bytes.length; at += pieceBytes) {
      const piece = bytes.subarray(at, at + pieceBytes + overlap);
      const pattern = folding === escaped || isAscii(piece) ? ofAscii : ofAny;
      const text = piece.toString("latin1");
      pattern.lastIndex = 0;
      for (let found = pattern.exec(text); found; found = pattern.exec(text)) {
        // In between, the same pattern may have looked at other bytes.
        const next = found.index + 1;
        yield at + found.index;
        pattern.lastIndex = next;
      }
    }
  }
  return { isIn: (bytes) => !offsets(bytes).next().done, offsets };
}

const kelvin = "(?:k|\xe2\x84\xaa)";
const dottedI = "(?:i|\xc4\xb0)";
