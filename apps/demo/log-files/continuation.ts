/** What a line that states no time stands between. */
export interface Position {
  /** The event's first line. */
  readonly first: string;
  /** The event's last line that is not empty, and whether it is its first. */
  readonly before: string;
  readonly isFirst: boolean;
  /** The line after; undefined at the end. */
  readonly after: string | undefined;
}

const always = new RegExp(
  [
    "^\\s*$",
    // Java, JavaScript, .NET
    "^(?:Caused by|Suppressed|Wrapped by): ",
    "^at \\S.*\\)$",
    "^\\.\\.\\. \\d+ (?:more|common frames omitted)",
    "^---(?:>| End of )",
    // Go, Ruby, PHP and debuggers
    "^goroutine \\d+ \\[|^created by \\S+$|^created by \\S+ in goroutine",
    "^(?:from )?\\S+:\\d+:in [`']",
    "^#\\d+ ",
  ].join("|"),
);
const head =
  /^(?:Exception in thread "|Traceback \(most recent call last\):|(?:PHP )?stack (?:back)?trace:|(?:[\w$]+\.)+[\w$]*(?:Exception|Error|Throwable)\b)/i;
const error = /^(?:[\w$]+(?:\.|::))*[A-Z][\w$]*(?:Error|Exception|Warning|Interrupt|Exit)\b(?::|$)/;
const chained = /^(?:During handling of the above exception|The above exception was the direct cause)/;
const frame = /^\s+(?:at |File ")/;
const frameOfGo = /^\t\S+\.go:\d+/;
const closing = /^[)\]}]+[;,]?$/;

/**
 * Whether a line that states no time goes on with the event before it: it is empty or indented further, closes an indented block, or
 * belongs to a stack trace.
 */
export function continues(line: string, { first, before, isFirst, after = "" }: Position): boolean {
  // Where every line is indented, each is its own.
  if (indentOf(line) > indentOf(first) || always.test(line) || chained.test(line)) return true;
  const isBehindBlock = /^\s/.test(before);
  if (closing.test(line)) return isBehindBlock || /[([{]$/.test(before);
  if (frameOfGo.test(after)) return true;
  if (isFirst || chained.test(before)) if (head.test(line) || (error.test(line) && frame.test(after))) return true;
  // Python's traceback ends with the error.
  return isBehindBlock && !frame.test(after) && error.test(line);
}

const indentOf = (line: string) => line.length - line.trimStart().length;
