import { type Dirent, existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { z } from "zod";
import type { ArchiveBucket, ArchiveObject, Entries } from "./standing";

/** An object of an archive bucket as a file. */
export interface ArchivedFile extends ArchiveObject {
  readonly path: string;
}

/** Where a folder's files have other names than their keys, because a file system cannot hold those. */
const RenamedKeys = z.record(z.string(), z.string());

/**
 * A bucket copied to a folder: `<root>/<bucket>/<key>`, and `<root>/<bucket>.keys.json` maps the paths of files whose keys a
 * file system cannot hold to those keys.
 */
export class BucketFolder implements ArchiveBucket {
  /** File path to key, where they differ. */
  private readonly renamed: ReadonlyMap<string, string>;
  /** And the other way round. */
  private readonly paths: ReadonlyMap<string, string>;
  private readonly directory: string;

  constructor(
    root: string,
    readonly bucket: string,
  ) {
    this.directory = join(root, bucket);
    const keys = join(root, `${bucket}.keys.json`);
    const renamed = existsSync(keys) ? RenamedKeys.parse(JSON.parse(readFileSync(keys, "utf8"))) : {};
    this.renamed = new Map(Object.entries(renamed));
    this.paths = new Map(Object.entries(renamed).map(([path, key]) => [key, path]));
  }

  read(key: string): Promise<Buffer> {
    return readFile(join(this.directory, this.paths.get(key) ?? key));
  }

  async entries(prefix: string): Promise<Entries> {
    const files = this.directoryEntries(prefix).filter((entry) => !entry.isDirectory());
    const keys = files.map(({ name }) => this.renamed.get(`${prefix}${name}`) ?? `${prefix}${name}`);
    return { folders: this.folderNames(prefix), keys };
  }

  /** In the order of the names. */
  folderNames(prefix: string): string[] {
    const folders = this.directoryEntries(prefix).filter((entry) => entry.isDirectory());
    return folders.map(({ name }) => name).sort();
  }

  private directoryEntries(prefix: string): Dirent[] {
    const path = join(this.directory, prefix);
    return existsSync(path) ? readdirSync(path, { withFileTypes: true }) : [];
  }

  /** Every object below a prefix that ends with a slash, in no particular order. */
  *list(prefix: string): Generator<ArchivedFile> {
    const parts = prefix.split("/").filter((part) => part !== "");
    const start = join(this.directory, ...parts);
    // No key has such a part where a file has it: a record that names one must not lead out of the folder.
    if (parts.includes("..") || !existsSync(start)) return;
    for (const entry of readdirSync(start, { withFileTypes: true, recursive: true })) {
      if (!entry.isFile()) continue;
      const path = join(entry.parentPath, entry.name);
      const file = relative(this.directory, path).split(sep).join("/");
      const key = this.renamed.get(file) ?? file;
      if (key.startsWith(prefix)) yield { key, path, size: statSync(path).size };
    }
  }
}

/** The buckets that a folder holds; a folder that is a bucket's own holds that one. */
export function bucketFolders(root: string): BucketFolder[] {
  if (!existsSync(root)) return [];
  const isBucket = ["receipts", "coverage", "runs"].some((name) => existsSync(join(root, name)));
  if (isBucket) return [new BucketFolder(dirname(resolve(root)), basename(resolve(root)))];
  const entries = readdirSync(root, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => new BucketFolder(root, name));
}
