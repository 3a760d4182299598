import { createHash } from "node:crypto";
import { closeSync, openSync, readSync } from "node:fs";
import type { HashedObject } from "./hashing";

const piece = Buffer.allocUnsafe(4 * 1024 ** 2);

/** Hashes files in this thread, in their order. */
export function hashFiles(paths: readonly string[]): HashedObject[] {
  return paths.map((path) => {
    try {
      return { sha256: sha256OfFile(path) };
    } catch (error) {
      return { error: error instanceof Error ? error.message : String(error) };
    }
  });
}

function sha256OfFile(path: string): string {
  const hash = createHash("sha256");
  const file = openSync(path, "r");
  try {
    for (let read = readSync(file, piece); read > 0; read = readSync(file, piece)) hash.update(piece.subarray(0, read));
  } finally {
    closeSync(file);
  }
  return hash.digest("hex");
}
