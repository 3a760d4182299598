import { isUtf8 } from "node:buffer";
import type { Dirent, Stats } from "node:fs";
import { readdir, realpath, stat } from "node:fs/promises";
import { basename, isAbsolute, join, relative, resolve } from "node:path";
import { directoryError, NotALogDirectory, reasonOf, type Skipped } from "./errors";

/** A regular file in the folder. Paths are relative to it, with `/`. */
export interface FoundFile {
  readonly path: string;
  /** The sub-folder it lies in; empty for a file directly in the folder. */
  readonly folder: string;
  readonly name: string;
}

export interface Folder {
  /** The folder's own name. */
  readonly name: string;
  /** The folder's real path. */
  readonly root: string;
  readonly files: readonly FoundFile[];
  readonly skipped: readonly Skipped[];
}

/**
 * Every regular file below `directory`, hidden ones too, in the order of their paths. Nothing is opened here: whatever
 * could block a reader (a FIFO, a socket, a device) is skipped, and so is what a path in text cannot name. A symbolic link is never followed: what it leads to inside the
 * folder is read where it is, and the rest is not part of the folder.
 *
 * @throws LogDirectoryNotFound, LogDirectoryUnreadable, NotALogDirectory
 */
export async function findFiles(directory: string): Promise<Folder> {
  const root = await realDirectory(directory);
  const files: FoundFile[] = [];
  const skipped: Skipped[] = [];
  const walk = async (folder: string, entries: readonly Dirent<Buffer>[]): Promise<void> => {
    const named = entries.map((entry) => ({ entry, name: entry.name.toString("utf8") }));
    for (const { entry, name } of named.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = folder === "" ? name : `${folder}/${name}`;
      if (!isUtf8(entry.name)) skipped.push({ path, reason: "its name is not UTF-8: rename it" });
      else if (entry.isFile()) files.push({ path, folder, name });
      else if (entry.isDirectory())
        await list(path).catch((error: unknown) => skipped.push({ path, reason: reasonOf(error) }));
      else skipped.push({ path, reason: entry.isSymbolicLink() ? await linkReason(root, path) : specialReason(entry) });
    }
  };
  const list = async (folder: string) =>
    walk(folder, await readdir(join(root, folder), { withFileTypes: true, encoding: "buffer" }));
  await list("").catch((error: unknown) => {
    throw directoryError(directory, error);
  });
  return { name: basename(resolve(directory)), root, files, skipped };
}

async function realDirectory(directory: string): Promise<string> {
  let stats: Stats;
  try {
    stats = await stat(directory);
  } catch (error) {
    throw directoryError(directory, error);
  }
  if (!stats.isDirectory()) throw new NotALogDirectory(directory);
  return realpath(directory);
}

async function linkReason(root: string, path: string): Promise<string> {
  try {
    const target = relative(root, await realpath(join(root, path)));
    const isOutside = target === ".." || target.startsWith("../") || isAbsolute(target);
    return isOutside
      ? "a symbolic link that leads outside the folder"
      : `a symbolic link to ${target || "the folder itself"}, which is read there`;
  } catch (error) {
    return `a symbolic link: ${reasonOf(error)}`;
  }
}

function specialReason(entry: Dirent<Buffer>): string {
  if (entry.isFIFO()) return "a FIFO, not a file";
  if (entry.isSocket()) return "a socket, not a file";
  return "a device, not a file";
}
