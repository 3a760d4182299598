import type { EventsOfFile } from "./events";
import type { FoundFile } from "./folder";
import type { Note } from "./log-groups";

/** What a file turned out to be. */
export interface ReadFile extends EventsOfFile {
  readonly file: FoundFile;
  readonly lines: number;
  readonly repairedLines: number;
  /** Epoch milliseconds. */
  readonly modifiedAt: number;
  /** Records of JSON documents that are an event each. */
  readonly records: number;
  /** Those of JSON documents that hold more: with their document. */
  readonly recordsWithin: number;
  readonly linesWithoutZone: number;
  readonly remarks: readonly string[];
  /** Why the file cannot be read to its end. */
  readonly endsEarly?: string;
}

/** Lines that state no time that counts, empty ones included. */
export const linesWithoutTime = ({ continuingLines, undatedLines, undatedLinesBefore, leadingEmptyLines }: ReadFile) =>
  continuingLines + undatedLines + undatedLinesBefore + leadingEmptyLines;

/** What of a file was not read just as it was, and what had to be guessed. */
export function contentNotes(read: ReadFile): readonly Note[] {
  const { file, lines, records, recordsWithin, repairedLines, splitEvents, endsEarly, remarks } = read;
  const notes = [
    endsEarly !== undefined && `ends early: ${lines} lines read (${endsEarly})`,
    textOfLinesWithoutTime(read),
    ...remarks,
    records > 0 && `${records} records of JSON documents are an event each; what is written around them is in none`,
    recordsWithin > 0 &&
      `${recordsWithin} records of JSON documents that hold more than records: in one event with their document, at its time`,
    repairedLines > 0 && `lines with bytes that are not UTF-8, now U+FFFD: ${repairedLines}`,
    splitEvents > 0 && `events over 1,048,550 bytes, split: ${splitEvents}`,
  ];
  return notes.filter((note) => typeof note === "string").map((note) => ({ path: file.path, note }));
}

function textOfLinesWithoutTime(read: ReadFile): string | undefined {
  const { lines, events, modifiedAt, leadingEmptyLines, continuingLines, undatedLines, undatedLinesBefore } = read;
  const count = linesWithoutTime(read);
  if (events.length === 0 || count === 0) return undefined;
  if (count === lines) return `no line states a time: events at the file's modification time, ${isoTime(modifiedAt)}`;
  const parts = [
    leadingEmptyLines > 0 && `${leadingEmptyLines} before the first event in none`,
    continuingLines > 0 && `${continuingLines} with the event before them`,
    undatedLines > 0 && `${undatedLines} at the time before them`,
    undatedLinesBefore > 0 && `${undatedLinesBefore} at the file's first time, ${isoTime(events[0]?.timestamp)}`,
  ];
  return `${count} of ${lines} lines state no time: ${parts.filter(Boolean).join(", ")}`;
}

const isoTime = (at = 0) => new Date(at).toISOString();
