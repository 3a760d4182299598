/**
 * Control characters, which a terminal obeys, and those that turn the direction of writing or begin a line where none is wanted:
 * C0, DEL and C1, U+2028, U+2029, and the bidirectional controls.
 */
const unprintable = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

/** A text from outside on one line of a terminal: what is not printable is written as an escape, such as `\u001b`. */
export function printable(text: string): string {
  return text.replace(unprintable, escaped);
}

/** A text from outside on lines of its own: line feeds stay, and a tab takes four columns. */
export function printableLines(text: string): string {
  return text.replaceAll("\t", "    ").replace(unprintable, exceptLineFeed);
}

/** JSON text in which every character is printable, as `JSON.stringify` leaves DEL and C1 as they are. */
export function printableJson(value: unknown): string {
  return JSON.stringify(value, null, 2).replace(unprintable, exceptLineFeed);
}

/** The same on one line, for programs that read a line at a time. */
export function printableJsonLine(value: unknown): string {
  return `${printable(JSON.stringify(value))}\n`;
}

function exceptLineFeed(character: string): string {
  return character === "\n" ? character : escaped(character);
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
