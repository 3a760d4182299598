import { createReadStream, readFileSync } from "node:fs";
import { createGunzip, gunzipSync } from "node:zlib";
import { type EventBlock, eventBlock, eventTexts } from "../../handlers/archive/event-text";
import { type LiteralSearch, type Literals, literalSearch } from "./literals";
import { UnreadableObject } from "./reading";

/** An object to find events in. */
export interface ObjectToRead {
  readonly key: string;
  readonly path: string;
  /** Bytes as stored. */
  readonly size: number;
  /** What the events that are wanted contain. */
  readonly literals: Literals;
}

/** Bytes of text beyond which an object is read in pieces. */
const largeObject = 32 * 1024 ** 2;

/** Node.js gives decompressed bytes in pieces: of this size they are quickest made. */
const gunzipPiece = 256 * 1024;

/**
 * The events of an object that are wanted, at once, or undefined if its text is large.
 * @throws {UnreadableObject} naming the key.
 */
export function findEvents({ key, path, size, literals }: ObjectToRead): EventBlock | undefined {
  if (size > largeObject) return undefined;
  const stored = readFileSync(path);
  try {
    const text = key.endsWith(".gz")
      ? gunzipSync(stored, { chunkSize: pieceFor(stored), maxOutputLength: largeObject })
      : stored;
    return wantedEvents(text, literalSearch(literals));
  } catch (error) {
    if (isTooLarge(error)) return undefined;
    throw unreadable(key, error);
  }
}

/**
 * The events of an object of any size that are wanted, in blocks.
 * @param goesOn called while nothing is found, again and again.
 * @throws {UnreadableObject} naming the key.
 */
export async function* findInLarge(
  { key, path, literals }: ObjectToRead,
  goesOn: () => void,
): AsyncGenerator<EventBlock> {
  const search = literalSearch(literals);
  const stored = createReadStream(path);
  const text = key.endsWith(".gz") ? stored.pipe(createGunzip({ chunkSize: gunzipPiece })) : stored;
  stored.on("error", (error) => text.destroy(error));
  try {
    for await (const events of eventTexts(text)) {
      const block = wantedEvents(events, search);
      if (block.timestamps.length > 0) yield block;
      else goesOn();
    }
  } catch (error) {
    throw unreadable(key, error);
  } finally {
    stored.destroy();
  }
}

const none: EventBlock = {
  bytes: Buffer.alloc(0),
  timestamps: new Float64Array(0),
  starts: new Uint32Array(0),
  ends: new Uint32Array(0),
};

function wantedEvents(text: Buffer, search: LiteralSearch | undefined): EventBlock {
  if (!search) return eventBlock(text);
  if (!search.isIn(text)) return none;
  const block = eventBlock(text);
  const found = new Set<number>();
  for (const offset of search.offsets(block.bytes)) {
    const index = eventAt(block, offset);
    if (index !== undefined) found.add(index);
  }
  return eventsAt(
    block,
    [...found].sort((a, b) => a - b),
  );
}

/** The event whose message has the byte at an offset. */
function eventAt({ starts, ends }: EventBlock, offset: number): number | undefined {
  let [low, high] = [0, starts.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  return low > 0 && offset < (ends[low - 1] ?? 0) ? low - 1 : undefined;
}

/** Some events of a block, with no other bytes. */
function eventsAt({ bytes, timestamps, starts, ends }: EventBlock, indices: readonly number[]): EventBlock {
  const messages = indices.map((index) => bytes.subarray(starts[index], ends[index]));
  let end = 0;
  const newEnds = Uint32Array.from(messages, ({ length }) => (end += length));
  return {
    bytes: Buffer.concat(messages, end),
    timestamps: Float64Array.from(indices, (index) => timestamps[index] ?? Number.NaN),
    starts: newEnds.map((ofEvent, index) => ofEvent - (messages[index]?.length ?? 0)),
    ends: newEnds,
  };
}

/** What a gzip file says at its end of the length of its text: not to be relied on, and as a rule right. */
function pieceFor(stored: Buffer): number {
  const length = stored.length < 4 ? 0 : stored.readUInt32LE(stored.length - 4);
  return Math.min(gunzipPiece, Math.max(1024, length + 1));
}

function isTooLarge(error: unknown): boolean {
  return typeof error === "object" && error !== null && "code" in error && error.code === "ERR_BUFFER_TOO_LARGE";
}

function unreadable(key: string, cause: unknown): UnreadableObject {
  const message = cause instanceof Error ? cause.message : String(cause);
  return new UnreadableObject(`${key} cannot be read (${message}).`, { cause });
}
