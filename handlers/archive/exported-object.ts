import { createHash } from "node:crypto";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { type EventBlock, eventBlocks, noTime, OversizedEvent } from "./event-text";
import type { SealedObject } from "./seals";
import type { ArchiveReader, ObjectStream } from "./store";

/** What an exported object holds: the part of a seal that only reading it through can tell. */
export type ExportedContent = Pick<
  SealedObject,
  "size" | "sha256" | "events" | "firstEvent" | "lastEvent" | "rawBytes"
>;

/** The bytes are there and are not what CloudWatch Logs writes: gzip of lines. */
export class DamagedObject extends Error {
  override readonly name = "DamagedObject";
}

/** S3 refuses this object, and may give others. */
export class RefusedObject extends Error {
  override readonly name = "RefusedObject";
}

/**
 * What S3 calls a refusal that one object may meet alone: by policy, by its KMS key, by its storage class.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
 */
const refusal = /^(AccessDenied|InvalidObjectState|KMS\..+)$/;

/**
 * Begins to read an exported object; undefined if it is not there.
 * @throws {RefusedObject}
 */
export async function openExportedObject(archive: ArchiveReader, key: string): Promise<ObjectStream | undefined> {
  try {
    return await archive.stream(key);
  } catch (cause) {
    if (!(cause instanceof Error && refusal.test(cause.name))) throw cause;
    throw new RefusedObject(`S3 refuses to give ${key}: ${cause.name}: ${cause.message}`, { cause });
  }
}

/**
 * Reads an exported object through once, of any size, in little memory.
 * @param bytes as stored.
 * @param take is given the events as they come.
 * @throws {DamagedObject}
 */
export async function readExportedObject(
  bytes: AsyncIterable<Uint8Array>,
  take: (block: EventBlock) => void | Promise<void> = () => {},
): Promise<ExportedContent> {
  const hash = createHash("sha256");
  let size = 0;
  let rawBytes = 0;
  let events = 0;
  let first = Number.POSITIVE_INFINITY;
  let last = noTime;
  const count = async (text: AsyncIterable<Buffer>) => {
    const counted = async function* () {
      for await (const piece of text) {
        rawBytes += piece.length;
        yield piece;
      }
    };
    for await (const block of eventBlocks(counted())) {
      events += block.timestamps.length;
      for (const timestamp of block.timestamps) {
        if (timestamp === noTime) continue;
        if (timestamp < first) first = timestamp;
        if (timestamp > last) last = timestamp;
      }
      await take(block);
    }
  };
  const hashed = new Transform({
    transform(piece: Buffer, _encoding, done) {
      hash.update(piece);
      size += piece.length;
      done(null, piece);
    },
  });
  // When a reader stops, the streams before it fail because of that, and Node tells of the first that did.
  let stopped: unknown;
  const counting = (text: AsyncIterable<Buffer>) =>
    count(text).catch((error: unknown) => {
      stopped = error;
      throw error;
    });
  try {
    await pipeline(Readable.from(bytes), hashed, createGunzip(), counting);
  } catch (error) {
    const cause = stopped ?? error;
    throw isDamage(cause) ? new DamagedObject(messageOf(cause), { cause }) : cause;
  }
  // An empty file is no gzip, and Node takes it for one.
  if (size === 0) throw new DamagedObject("the object is empty");
  const times = last === noTime ? {} : { firstEvent: iso(first), lastEvent: iso(last) };
  return { size, sha256: hash.digest("hex"), events, ...times, rawBytes };
}

/** Of zlib's errors the codes begin so; any other error is the connection's, or that of who takes the events. */
function isDamage(error: unknown): boolean {
  if (error instanceof OversizedEvent) return true;
  return typeof error === "object" && error !== null && "code" in error && String(error.code).startsWith("Z_");
}

function messageOf(error: unknown): string {
  return typeof error === "object" && error !== null && "message" in error ? String(error.message) : String(error);
}

function iso(timestamp: number): string {
  return new Date(timestamp).toISOString();
}
