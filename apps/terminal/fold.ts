import { breakWithin } from "./width";

/** What is longer than a line: a key that is `whole` is a line of its own, which a terminal lets be copied. */
export type LongWords = "broken" | "whole";

/**
 * A text in lines of at most so many columns: broken between words, and within a word only where it is longer than a line.
 * @param width at least 1
 */
export function fold(text: string, width: number, longWords: LongWords = "broken"): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const joined = line === "" ? word : `${line} ${word}`;
    if (joined.length <= width) {
      line = joined;
      continue;
    }
    if (line !== "") lines.push(line);
    line = word;
    for (; longWords === "broken" && line.length > width; line = line.slice((lines.at(-1) ?? "").length))
      lines.push(line.slice(0, breakWithin(line, width)));
  }
  return [...lines, line];
}

/** Folds what comes after a label, so that all of it stands in a column of its own. */
export function labelled(label: string, text: string, width: number, longWords: LongWords = "broken"): string {
  const [first = "", ...rest] = fold(text, Math.max(width - label.length, 20), longWords);
  return [`${label}${first}`, ...rest.map((line) => `${" ".repeat(label.length)}${line}`)].join("\n");
}
