import { isUtf8 } from "node:buffer";

/**
 * How the text of an exported object becomes events: CloudWatch Logs puts a time stamp before each message, so a line that
 * begins with none continues the event before it.
 */

/** The time of text before the first time stamp of an object: it sorts before every other. */
export const noTime = Number.NEGATIVE_INFINITY;

/** Events of one object, in their order: the index of an event is the same in all three arrays. */
export interface EventBlock {
  /** UTF-8. */
  readonly bytes: Buffer;
  /** Epoch milliseconds, or `noTime`. */
  readonly timestamps: Float64Array;
  /** Where messages begin and end in `bytes`: with their line breaks, without the one that ends them. */
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
}

/** An event as an exported object holds it. */
export interface ExportedEvent {
  /** Epoch milliseconds; null for lines before the first time stamp of an object. */
  readonly timestamp: number | null;
  /** With its line breaks, without the one that ends it. */
  readonly message: string;
}

/** An event that no log event of CloudWatch Logs can be: those have at most 1 MiB. What holds it is damaged, or no log data. */
export class OversizedEvent extends Error {
  override readonly name = "OversizedEvent";
}

/** Bytes of an event, 32 times those that CloudWatch Logs takes; beyond it a text without time stamps would fill memory. */
const largestEvent = 32 * 1024 ** 2;

const lineFeed = 10;
/** `2026-11-20T12:00:00.000Z ` */
const stampLength = 25;

/** The events of an object's whole text. What is not UTF-8 becomes U+FFFD. */
export function eventBlock(text: Buffer): EventBlock {
  const bytes = isUtf8(text) ? text : Buffer.from(text.toString("utf8"), "utf8");
  const timestamps: number[] = [];
  const starts: number[] = [];
  const ends: number[] = [];
  const stamps = new TimeStamps(bytes);
  for (let line = 0; line < bytes.length; line = lineAfter(bytes, line)) {
    const timestamp = stamps.at(line);
    if (timestamp === undefined) continue;
    if (timestamps.length > 0) ends.push(line - 1);
    else if (line > 1) {
      timestamps.push(noTime);
      starts.push(0);
      ends.push(line - 1);
    }
    timestamps.push(timestamp);
    starts.push(line + stampLength);
  }
  const end = bytes.at(-1) === lineFeed ? bytes.length - 1 : bytes.length;
  if (timestamps.length === 0 && end > 0) {
    timestamps.push(noTime);
    starts.push(0);
  }
  if (timestamps.length > 0) ends.push(end);
  return {
    bytes,
    timestamps: Float64Array.from(timestamps),
    starts: Uint32Array.from(starts),
    ends: Uint32Array.from(ends),
  };
}

/**
 * The events of an object's text, however long it is, as blocks of about `blockBytes`: an event is in one block, whole.
 * @param pieces of the text, in order.
 * @throws {OversizedEvent}
 */
export async function* eventBlocks(
  pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  blockBytes?: number,
): AsyncGenerator<EventBlock> {
  for await (const text of eventTexts(pieces, blockBytes)) yield eventBlock(text);
}

/** An object's text cut into texts of about `blockBytes`, each of whole events; otherwise as `eventBlocks`. */
export async function* eventTexts(
  pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  blockBytes = 1024 ** 2,
): AsyncGenerator<Buffer> {
  let held: Uint8Array[] = [];
  let length = 0;
  let enough = blockBytes;
  let seen = 0;
  for await (const piece of pieces) {
    held.push(piece);
    length += piece.length;
    if (length < enough) continue;
    const bytes = Buffer.concat(held, length);
    const cut = lastEvent(bytes, seen);
    if (cut > 0) yield bytes.subarray(0, cut);
    const rest = bytes.subarray(cut);
    if (rest.length > largestEvent)
      throw new OversizedEvent(`An event of more than ${largestEvent} bytes: this is no log data, or it is damaged`);
    held = [rest];
    length = rest.length;
    enough = length + blockBytes;
    seen = Math.max(0, length - stampLength);
  }
  if (length > 0) yield Buffer.concat(held, length);
}

/** The events of an exported object's text. A line that only looks as if it began with a time is part of a message. */
export function* eventsOf(text: string): Generator<ExportedEvent> {
  const { bytes, timestamps, starts, ends } = eventBlock(Buffer.from(text, "utf8"));
  for (const [index, timestamp] of timestamps.entries())
    yield {
      timestamp: timestamp === noTime ? null : timestamp,
      message: bytes.toString("utf8", starts[index], ends[index]),
    };
}

/**
 * Where the last event begins whose beginning can be seen; 0 if that is the beginning of all.
 * @param seen Up to here no event but the first is known to begin.
 */
function lastEvent(bytes: Buffer, seen: number): number {
  const stamps = new TimeStamps(bytes);
  for (let feed = bytes.lastIndexOf(lineFeed); feed >= seen && feed !== -1; ) {
    if (stamps.at(feed + 1) !== undefined) return feed + 1;
    feed = feed === 0 ? -1 : bytes.lastIndexOf(lineFeed, feed - 1);
  }
  return 0;
}

function lineAfter(bytes: Buffer, line: number): number {
  const feed = bytes.indexOf(lineFeed, line);
  return feed === -1 ? bytes.length : feed + 1;
}

/** Reads the time stamps of a text. Most are of the same day as the one before them. */
class TimeStamps {
  private day = Number.NaN;
  private midnight: number | undefined;

  constructor(private readonly bytes: Buffer) {}

  /** Epoch milliseconds, if a time stamp begins here and there is such a time. */
  at(index: number): number | undefined {
    const { bytes } = this;
    // The characters that are no digits, least likely first.
    if (bytes[index + 24] !== 0x20 || bytes[index + 23] !== 0x5a || bytes[index + 10] !== 0x54) return undefined;
    if (bytes[index + 4] !== 0x2d || bytes[index + 7] !== 0x2d) return undefined;
    if (bytes[index + 13] !== 0x3a || bytes[index + 16] !== 0x3a || bytes[index + 19] !== 0x2e) return undefined;
    const hour = this.number(index + 11, 2);
    const minute = this.number(index + 14, 2);
    const second = this.number(index + 17, 2);
    const millisecond = this.number(index + 20, 3);
    // What is no number compares as false.
    if (!(hour < 24 && minute < 60 && second < 60 && millisecond >= 0)) return undefined;
    const midnight = this.midnightAt(index);
    return midnight === undefined ? undefined : midnight + ((hour * 60 + minute) * 60 + second) * 1000 + millisecond;
  }

  private midnightAt(index: number): number | undefined {
    const year = this.number(index, 4);
    const month = this.number(index + 5, 2);
    const date = this.number(index + 8, 2);
    const day = year * 10_000 + month * 100 + date;
    if (day !== this.day) {
      this.day = day;
      // No function of dates refuses the 31st of February.
      const midnight = new Date(new Date(0).setUTCFullYear(year, month - 1, date));
      const exists = midnight.getUTCMonth() === month - 1 && midnight.getUTCDate() === date;
      this.midnight = exists ? midnight.getTime() : undefined;
    }
    return this.midnight;
  }

  private number(index: number, digits: number): number {
    let value = 0;
    for (let at = index; at < index + digits; at += 1) {
      const digit = (this.bytes[at] ?? 0) - 0x30;
      if (digit < 0 || digit > 9) return Number.NaN;
      value = value * 10 + digit;
    }
    return value;
  }
}
