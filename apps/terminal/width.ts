import measured from "fast-string-truncated-width";

/** What no terminal shows otherwise than as a column each: nearly all texts are so, and are quickly known. */
const plain = /^[ -~]*$/;

/** The columns that a text takes on a terminal: none for what only marks a letter, two for most of Asia's. */
export function widthOf(text: string): number {
  return plain.test(text) ? text.length : measured(text).width;
}

/**
 * A line in lines of at most so many columns: broken between words, of which the space between them is left out, and within a
 * word only where it is longer than a line. Space at the beginning stays.
 * @param width at least 2
 * @returns one line at least
 */
export function wrapped(text: string, width: number): string[] {
  const found: string[] = [];
  let rest = text;
  for (let end = endWithin(rest, width); end < rest.length; end = endWithin(rest, width)) {
    const space = rest.lastIndexOf(" ", end);
    const isBetweenWords = space > 0 && rest.slice(0, space).trim() !== "";
    const at = isBetweenWords ? space : breakWithin(rest, end);
    found.push(rest.slice(0, at));
    rest = rest.slice(isBetweenWords ? space + 1 : at);
  }
  return [...found, rest];
}

/** Where a word that is longer than a line is broken: after a part of a path, an ARN or an id, if that leaves half a line. */
export function breakWithin(text: string, end: number): number {
  const mark = Math.max(...[..."/-:,"].map((one) => text.lastIndexOf(one, end - 1)));
  return mark >= end / 2 ? mark + 1 : end;
}

/** Where a text of more columns is to end. */
function endWithin(text: string, width: number): number {
  if (plain.test(text.slice(0, width + 1))) return Math.min(width, text.length);
  const { index, truncated } = measured(text, { limit: width });
  if (!truncated) return text.length;
  // A character of two code units is not cut in two.
  const isInside = /[\uD800-\uDBFF]/.test(text.charAt(index - 1));
  return Math.max(isInside ? index - 1 : index, 1);
}
