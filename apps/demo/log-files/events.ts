import { timeStampOf } from "./time-stamps";

/** An event of a file: epoch milliseconds, and its lines joined with `\n`. */
export interface FileEvent {
  readonly timestamp: number;
  readonly message: string;
}

export interface EventsOfFile {
  readonly events: readonly FileEvent[];
  readonly lines: number;
  /** Empty lines before the first event: the only lines that are in no event. */
  readonly leadingEmptyLines: number;
  /** Lines that begin with a time stamp. */
  readonly timedLines: number;
  /** Events that were too large for one. */
  readonly splitEvents: number;
}

/**
 * The largest message of an event in bytes of UTF-8: 1,048,576 less the 26 that CloudWatch Logs adds to each.
 * https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html
 */
export const LARGEST_MESSAGE = 1_048_576 - 26;

/**
 * Makes events of a file's lines:
 * - a line that begins with a time stamp begins an event;
 * - a line without one, empty ones included, joins the event before it;
 * - the first line, if it has none, gets the file's modification time;
 * - empty lines before the first event make no event;
 * - a message over `largestMessage` bytes becomes several events of the same time, cut after a line end if there is one: put one
 *   after the other they are the message.
 */
export function collectEvents(modifiedAt: number, largestMessage = LARGEST_MESSAGE) {
  const events: FileEvent[] = [];
  let open: { timestamp: number; message: string; bytes: number; isSplit: boolean } | undefined;
  let lines = 0;
  let leadingEmptyLines = 0;
  let timedLines = 0;
  let splitEvents = 0;

  const close = () => {
    if (open) events.push({ timestamp: open.timestamp, message: open.message });
    open = undefined;
  };
  const append = (event: NonNullable<typeof open>, text: string) => {
    event.message += text;
    event.bytes += Buffer.byteLength(text);
    if (event.bytes <= largestMessage) return;
    const pieces = splitMessage(event.message, largestMessage);
    event.message = pieces.pop() ?? "";
    event.bytes = Buffer.byteLength(event.message);
    for (const message of pieces) events.push({ timestamp: event.timestamp, message });
    if (!event.isSplit) splitEvents++;
    event.isSplit = true;
  };
  return {
    add(line: string): void {
      lines++;
      const timestamp = timeStampOf(line, modifiedAt);
      if (timestamp !== undefined) timedLines++;
      if (timestamp === undefined && open) append(open, `\n${line}`);
      else if (line === "") leadingEmptyLines++;
      else {
        close();
        open = { timestamp: timestamp ?? modifiedAt, message: "", bytes: 0, isSplit: false };
        append(open, line);
      }
    },
    finish(): EventsOfFile {
      close();
      return { events, lines, leadingEmptyLines, timedLines, splitEvents };
    },
  };
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
