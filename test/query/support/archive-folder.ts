import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BucketFiles, Directory } from "../../../apps/emulator";
import { ArchiveDatabase, type Question, type ReadingOptions } from "../../../apps/query/archive-database";
import { toJson } from "../../../apps/query/values";
import { folderStores } from "../../../handlers/archive/folder-store";
import type { ArchivedObject } from "../../audit/support/archive";

const folders: string[] = [];

/** Writes objects as the emulator does, and returns the archive folder. */
export function archiveFolder(objects: readonly ArchivedObject[]): string {
  const root = mkdtempSync(join(tmpdir(), "org-log-archive-folder-"));
  folders.push(root);
  const directory = new Directory(root);
  const buckets = new Map<string, BucketFiles>();
  for (const { bucket, key, body } of objects) {
    const files = buckets.get(bucket) ?? new BucketFiles(directory, bucket);
    buckets.set(bucket, files);
    files.write(key, body, 0);
  }
  return join(root, "s3");
}

/** For `afterAll`. */
export function removeFolders(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
}

export interface Answered {
  readonly rows: Record<string, unknown>[];
  /** Objects that were read for it. */
  readonly objects: number;
  /** What could not be read. */
  readonly unreadable: readonly string[];
}

/** Asks an archive folder one question. */
export async function ask(
  folder: string,
  question: string | Question,
  from?: ReadingOptions["eventsFrom"],
): Promise<Answered> {
  const database = await ArchiveDatabase.open(folderStores(folder), from ? { eventsFrom: from } : {});
  try {
    const { columns, batches } = await database.ask(typeof question === "string" ? { sql: question } : question);
    const rows: Record<string, unknown>[] = [];
    for await (const batch of batches)
      for (const row of batch)
        rows.push(Object.fromEntries(columns.map((column, index) => [column, toJson(row[index] ?? null)])));
    return { rows, objects: database.read.objects, unreadable: database.read.unreadable };
  } finally {
    database.close();
  }
}
