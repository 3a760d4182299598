import { continues } from "./continuation";
import type { Entry } from "./entries";

/** An event of a file: epoch milliseconds, and its lines joined with `\n`. */
export interface FileEvent {
  readonly timestamp: number;
  readonly message: string;
}

export interface EventsOfFile {
  readonly events: readonly FileEvent[];
  /** Empty lines before the first event: the only lines that are in no event. */
  readonly leadingEmptyLines: number;
  /** Lines without a time of their own that go on with an event. */
  readonly continuingLines: number;
  /** Lines without a time of their own that begin an event, at the time before. */
  readonly undatedLines: number;
  /** The same, before the first line that states a time: at its time. */
  readonly undatedLinesBefore: number;
  /** Events that were too large for one. */
  readonly splitEvents: number;
}

/**
 * The largest message of an event in bytes of UTF-8: 1,048,576 less the 26 that CloudWatch Logs adds to each.
 * https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html
 */
export const LARGEST_MESSAGE = 1_048_576 - 26;

/**
 * Makes events of a file's entries:
 * - an entry that states a time begins an event;
 * - one that states none begins one at the time before, unless it goes on with the event before (`continuation.ts`);
 * - those before the first time are at that time, or at `modifiedAt` in a file without any;
 * - empty lines before the first event make no event;
 * - a message over `largestMessage` bytes becomes several events of the same time, cut after a line end if there is one: put one
 *   after the other they are the message.
 *
 * @param times of each entry
 */
export function eventsOf(
  entries: readonly Entry[],
  times: readonly (number | undefined)[],
  modifiedAt: number,
  largestMessage = LARGEST_MESSAGE,
): EventsOfFile {
  const events: FileEvent[] = [];
  const counts = { leadingEmptyLines: 0, continuingLines: 0, undatedLines: 0, undatedLinesBefore: 0, splitEvents: 0 };
  const firstTime = times.findIndex((at) => at !== undefined);
  let timestamp = times[firstTime] ?? modifiedAt;
  let first = 0;
  const close = (end: number) => {
    if (first === end) return;
    const pieces = messagesOf(entries, first, end, largestMessage);
    if (pieces.length > 1) counts.splitEvents++;
    for (const message of pieces) events.push({ timestamp, message });
    first = end;
  };
  // The open event's last line that is not empty.
  let before = 0;
  for (const [index, { text, lines, isRecord }] of entries.entries()) {
    const at = times[index];
    const isOpen = first < index;
    const position = {
      first: entries[first]?.text ?? "",
      before: entries[before]?.text ?? "",
      isFirst: before === first,
      after: entries[index + 1]?.text,
    };
    if (at === undefined && !isOpen && text === "") {
      counts.leadingEmptyLines++;
      first = index + 1;
    } else if (at === undefined && isOpen && !isRecord && continues(text, position)) counts.continuingLines += lines;
    else {
      close(index);
      if (at !== undefined) timestamp = at;
      else if (index < firstTime || firstTime === -1) counts.undatedLinesBefore += lines;
      else counts.undatedLines += lines;
    }
    if (text !== "") before = index;
  }
  close(entries.length);
  return { events, ...counts };
}

function messagesOf(entries: readonly Entry[], first: number, end: number, largest: number): readonly string[] {
  const [only] = entries.slice(first, first + 1);
  const message =
    end === first + 1 && only
      ? only.text
      : entries
          .slice(first, end)
          .map(({ text }) => text)
          .join("\n");
  // A character is three bytes at most of each of its UTF-16 units.
  if (message.length * 3 <= largest || Buffer.byteLength(message) <= largest) return [message];
  return splitMessage(message, largest);
}
/** Pieces of at most `largest` bytes (4 at least, the longest character) that together are `message`. */
export function splitMessage(message: string, largest: number): string[] {
  const bytes = Buffer.from(message);
  const pieces: string[] = [];
  let start = 0;
  while (bytes.length - start > largest) {
    const end = cutBefore(bytes, start, start + largest);
    pieces.push(bytes.toString("utf8", start, end));
    start = end;
  }
  return [...pieces, bytes.toString("utf8", start)];
}

/** After the last line end of a piece, else before the character that no longer fits. */
function cutBefore(bytes: Buffer, start: number, limit: number): number {
  const lineEnd = bytes.lastIndexOf(0x0a, limit - 1);
  if (lineEnd >= start) return lineEnd + 1;
  let end = limit;
  while (((bytes[end] ?? 0) & 0b1100_0000) === 0b1000_0000) end--;
  return end;
}
