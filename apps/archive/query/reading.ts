import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import type { ArchivedFile } from "../folder";

/** What a question has read so far. */
export interface BytesRead {
  objects: number;
  /** As stored, that is compressed. */
  bytes: number;
}

/** Bytes after decompression. No export of CloudWatch Logs comes near it: what does was put there to fill the memory. */
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
    throw new UnreadableObject(
      `${key} cannot be read (${message}). Run \`org-log-archive verify --deep\` to find every damaged object.`,
      { cause: error },
    );
  }
}
