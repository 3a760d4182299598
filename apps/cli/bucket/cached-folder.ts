import { rmSync, statSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { type ArchivedFile, FolderStore } from "../../../handlers/archive/folder-store";
import type { StoredObject } from "../../../handlers/archive/store";

/** Something of a bucket that is not here and is wanted at once: the objects below a prefix, or the folders right below one. */
export const Missing = z.strictObject({
  bucket: z.string(),
  prefix: z.string(),
  kind: z.enum(["objects", "folders"]),
});
export type Missing = z.infer<typeof Missing>;

/**
 * A part of a bucket in a folder, which looks like the whole: what is asked for and is not here is fetched. Objects of an archive
 * are written once, and so what is here once stays right.
 */
export class CachedFolder extends FolderStore {
  /** Below these everything is here that the bucket has. */
  private readonly whole = new Set<string>();
  private readonly foldersOf = new Map<string, readonly string[]>();
  private temporaries = 0;

  /** @param fetchNow fetches what is missing before it returns; gives the names of folders */
  constructor(
    root: string,
    bucket: string,
    private readonly fetchNow: (missing: Missing) => readonly string[],
  ) {
    super(root, bucket);
  }

  override files(prefix: string): ArchivedFile[] {
    // An empty prefix is asked for by the folder itself, for the names that are in use here.
    if (prefix !== "" && !this.isWhole(prefix)) {
      this.fetchNow({ bucket: this.bucket, prefix, kind: "objects" });
      this.whole.add(prefix);
    }
    return super.files(prefix);
  }

  override folderNames(prefix: string): string[] {
    const known = this.foldersOf.get(prefix) ?? this.fetchNow({ bucket: this.bucket, prefix, kind: "folders" });
    this.foldersOf.set(prefix, known);
    return [...known];
  }

  private isWhole(prefix: string): boolean {
    for (let slash = prefix.indexOf("/"); slash !== -1; slash = prefix.indexOf("/", slash + 1))
      if (this.whole.has(prefix.slice(0, slash + 1))) return true;
    return this.whole.has(prefix);
  }

  /** What is here of a prefix, whether the bucket has more or not. */
  here(prefix: string): ArchivedFile[] {
    return super.files(prefix);
  }

  has({ key, size }: StoredObject): boolean {
    return statSync(this.pathOf(key), { throwIfNoEntry: false })?.size === size;
  }

  /** A file beside the bucket: what is half fetched must not look like an object. */
  temporary(): string {
    this.temporaries += 1;
    return join(this.root, `.fetching-${process.pid}-${this.temporaries}`);
  }

  setFolders(prefix: string, names: readonly string[]): void {
    this.foldersOf.set(prefix, names);
  }

  /** Says that everything is here below a prefix, and that it was used. */
  setWhole(prefix: string): void {
    this.whole.add(prefix);
    const now = new Date();
    for (const { path } of super.files(prefix)) utimesSync(path, now, now);
  }

  /** Removes what the bucket does not have. */
  keepOnly(prefix: string, keys: ReadonlySet<string>): void {
    for (const { key, path } of super.files(prefix)) if (!keys.has(key)) rmSync(path, { force: true });
  }
}
