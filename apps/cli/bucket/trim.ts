import { existsSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";

/** What was used so short a time ago may be in use. */
const inUseMs = 3_600_000;

/** Removes files of a cache that were not used for the longest, until what is left, and what is to come, is no more than this. */
export function trim(root: string, most: number, toCome: number, now: number): void {
  if (!existsSync(root)) return;
  const files = readdirSync(root, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith(".keys.json"))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ path, ...usedOf(path) }))
    .sort((a, b) => a.used - b.used);
  let size = files.reduce((sum, one) => sum + one.size, 0) + toCome;
  for (const file of files) {
    if (size <= most || file.used > now - inUseMs) return;
    rmSync(file.path, { force: true });
    size -= file.size;
  }
}

function usedOf(path: string): { readonly size: number; readonly used: number } {
  const found = statSync(path, { throwIfNoEntry: false });
  return { size: found?.size ?? 0, used: found?.mtimeMs ?? 0 };
}
