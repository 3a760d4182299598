import { jsonAt } from "./documents";
import { Columns } from "./times/columns";
import { timeOfLine } from "./times/line-times";
import type { StatedTime } from "./times/stated-time";
import { elementAt } from "./xml";

/** A piece of a file that stays whole: a line, a JSON document, or an XML element. */
export interface Entry {
  readonly text: string;
  /** How many lines of the file it is; 0 for the further records of a line that holds several. */
  readonly lines: number;
  readonly stated: StatedTime | undefined;
  /** It was part of a larger JSON document, which is not kept. */
  readonly isRecord: boolean;
  /** How many objects with times of their own it holds beside other things. */
  readonly recordsWithin?: number;
}

/** The entries of a file's lines, in order, with the times that they state. */
export function entriesOf(lines: readonly string[]): Entry[] {
  const entries: Entry[] = [];
  const columns = new Columns();
  for (let index = 0; index < lines.length; ) {
    const line = lines[index] ?? "";
    const document = jsonAt(lines, index) ?? elementAt(lines, index);
    if (document) {
      for (const entry of document.entries) entries.push(entry);
      index += document.lines;
      continue;
    }
    if (index === 0 || Columns.mayName(line)) columns.learn(line, index === 0);
    entries.push({ text: line, lines: 1, stated: columns.timeOf(line) ?? timeOfLine(line), isRecord: false });
    index++;
  }
  return entries;
}
