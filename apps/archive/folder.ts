import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { z } from "zod";

/** An object of an archive bucket as a file. */
export interface ArchivedFile {
  readonly key: string;
  readonly path: string;
  /** Bytes as stored. */
  readonly size: number;
}

/** Where a folder's files have other names than their keys, because a file system cannot hold those. */
const RenamedKeys = z.record(z.string(), z.string());

/**
 * A bucket copied to a folder: `<root>/<bucket>/<key>`, and `<root>/<bucket>.keys.json` maps the paths of files whose keys a
 * file system cannot hold to those keys.
 */
export class BucketFolder {
  private readonly renamed: ReadonlyMap<string, string>;
  private readonly directory: string;

  constructor(
    root: string,
    readonly bucket: string,
  ) {
    this.directory = join(root, bucket);
    const keys = join(root, `${bucket}.keys.json`);
    const renamed = existsSync(keys) ? RenamedKeys.parse(JSON.parse(readFileSync(keys, "utf8"))) : {};
    this.renamed = new Map(Object.entries(renamed));
  }

  /** Every object below a prefix that ends with a slash, in no particular order. */
  *list(prefix: string): Generator<ArchivedFile> {
    const start = join(this.directory, ...prefix.split("/").filter((part) => part !== ""));
    if (!existsSync(start)) return;
    for (const entry of readdirSync(start, { withFileTypes: true, recursive: true })) {
      if (!entry.isFile()) continue;
      const path = join(entry.parentPath, entry.name);
      const file = relative(this.directory, path).split(sep).join("/");
      const key = this.renamed.get(file) ?? file;
      if (key.startsWith(prefix)) yield { key, path, size: statSync(path).size };
    }
  }
}

/** The buckets that a folder holds. */
export function bucketFolders(root: string): BucketFolder[] {
  if (!existsSync(root)) return [];
  const entries = readdirSync(root, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => new BucketFolder(root, name));
}
