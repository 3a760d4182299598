import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import type { ArchivedFile } from "../../handlers/archive/folder-store";
import { UnreadableRecord } from "../../handlers/archive/serialization";

/** What a question has read so far, and what it found on the way. */
export interface BytesRead {
  objects: number;
  /** As stored, that is compressed. */
  bytes: number;
  /** Export tasks whose objects are not those that their receipt counted: the answer may lack something, or hold too much. */
  readonly doubts: string[];
  /** Records and objects that do not hold what they should, with the reason: the answer lacks what they say. */
  readonly unreadable: string[];
}

export function nothingRead(): BytesRead {
  return { objects: 0, bytes: 0, doubts: [], unreadable: [] };
}

/** What is read, or undefined where it is damaged: that is noted, and the rest is answered. */
export function ifReadable<T>(read: BytesRead, value: () => T): T | undefined {
  try {
    return value();
  } catch (error) {
    if (!(error instanceof UnreadableRecord) && !(error instanceof UnreadableObject)) throw error;
    read.unreadable.push(error.message);
    return undefined;
  }
}

/** Bytes after decompression: an object is held as a whole, and no text of Node.js is longer. */
const largestObject = 1024 ** 3 / 2;

/** An object that is damaged, or too large to be log data. */
export class UnreadableObject extends Error {
  override readonly name = "UnreadableObject";
}

/**
 * An archived object's text; what ends in `.gz` is decompressed.
 * @throws {UnreadableObject} naming the key.
 */
export function readText({ key, path, size }: ArchivedFile, read: BytesRead, largest = largestObject): string {
  read.objects += 1;
  read.bytes += size;
  const stored = readFileSync(path);
  if (!key.endsWith(".gz")) return stored.toString("utf8");
  try {
    return gunzipSync(stored, { maxOutputLength: largest }).toString("utf8");
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const advice =
      error instanceof RangeError
        ? ` It holds more than the ${largest} bytes that a query takes of one object: leave its log group or day out, and read it with gunzip.`
        : "";
    throw new UnreadableObject(`${key} cannot be read (${message}).${advice}`, { cause: error });
  }
}
