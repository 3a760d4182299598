import type { Document } from "./documents";
import { fieldsOfElements, timeOfFields } from "./times/fields";

const opening = /^(\s*)<([A-Za-z][\w:.-]*)(?=[\s>])/;
/** How many lines an element may have. */
const longest = 2_000;

/** Other elements are part of a message, as a request that was logged. */
const isRecord = /^(?:[a-z0-9]+:)?(?:event|entry|record|log(?:event|entry|record)?)$/i;

/**
 * The XML element that begins with a line and goes on in others, up to the one that closes it: an event, as the Windows event viewer
 * and `java.util.logging` write them. What holds several such elements is none.
 */
export function elementAt(lines: readonly string[], index: number): Document | undefined {
  const [, indent = "", name = ""] = opening.exec(lines[index] ?? "") ?? [];
  if (!isRecord.test(name) || !isOpen(lines[index] ?? "", name)) return undefined;
  const end = `${indent}</${name}>`;
  for (let last = index + 1; last < Math.min(lines.length, index + longest); last++) {
    const line = lines[last] ?? "";
    if (line.startsWith(end)) return elementOf(lines.slice(index, last + 1));
    const [, , child = ""] = opening.exec(line) ?? [];
    if (isRecord.test(child) && isOpen(line, child)) return undefined;
  }
  return undefined;
}

const isOpen = (line: string, name: string) => !line.includes(`</${name}>`) && !/\/>\s*$/.test(line);

function elementOf(lines: readonly string[]): Document | undefined {
  const text = lines.join("\n");
  const stated = timeOfFields(fieldsOfElements(text));
  return stated && { entries: [{ text, lines: lines.length, stated, isRecord: false }], lines: lines.length };
}
