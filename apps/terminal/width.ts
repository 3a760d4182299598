import measured from "fast-string-truncated-width";

/** What no terminal shows otherwise than as a column each: nearly all texts are so, and are quickly known. */
const plain = /^[ -~]*$/;

/** The columns that a text takes on a terminal: none for what only marks a letter, two for most of Asia's. */
export function widthOf(text: string): number {
  return plain.test(text) ? text.length : measured(text).width;
}

/**
 * A text as it is, in lines of at most so many columns; one, if it is empty.
 * @param width at least 2
 */
export function pieces(text: string, width: number): string[] {
  const found: string[] = [];
  let rest = text;
  for (let end = endWithin(rest, width); end < rest.length; end = endWithin(rest, width)) {
    found.push(rest.slice(0, end));
    rest = rest.slice(end);
  }
  return [...found, rest];
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
