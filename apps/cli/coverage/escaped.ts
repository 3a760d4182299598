import { printable } from "../../terminal/printable";

const escapes: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** A text from outside, for a place between tags or in an attribute. */
export function escaped(text: string): string {
  return printable(text).replaceAll(/[&<>"']/g, (character) => escapes[character] ?? character);
}

/** A text from outside as a string of CSS, whatever stands in it. */
export function cssString(text: string): string {
  return `"${printable(text).replaceAll(/[^ \w.,:()-]/gu, (character) => `\\${character.codePointAt(0)?.toString(16)} `)}"`;
}
