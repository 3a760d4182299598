import { sha256Hex } from "../archive/hashing";
import { taskPrefix } from "../archive/layout";
import { countObjects, hashVersions, parseReceipt } from "../archive/receipts";
import type { Receipt, ReceiptTask } from "../archive/records";
import { UnreadableRecord } from "../archive/serialization";
import { type ArchiveReader, type CurrentObject, current, currentObjects, type ObjectVersion } from "../archive/store";
import { NotSealable } from "./errors";

/** A receipt as it is stored, and the objects of its tasks as they are listed. */
export interface Surveyed {
  readonly key: string;
  readonly sha256: string;
  readonly receipt: Receipt;
  readonly objects: readonly CurrentObject[];
}

/** A receipt that cannot be sealed, or whose objects cannot. */
export interface Unsealable {
  readonly key: string;
  /** Null where the receipt does not tell. */
  readonly logGroup: string | null;
  readonly error: Error;
}

/** One seal binds all objects of a receipt, in memory: some 500 bytes each. */
const mostObjects = 250_000;

/** Reads a receipt and lists what its tasks have written; says what is wrong if that is not what the receipt committed. */
export async function survey(archive: ArchiveReader, key: string): Promise<Surveyed | Unsealable> {
  const bytes = await archive.read(key);
  let receipt: Receipt | undefined;
  try {
    receipt = parseReceipt(key, bytes?.toString("utf8"));
    if (receipt.objects > mostObjects)
      throw new NotSealable(`${key} commits ${receipt.objects} objects, and a seal binds ${mostObjects} at most`);
    const objects: CurrentObject[] = [];
    for (const task of receipt.tasks) objects.push(...(await objectsOf(archive, receipt, task)));
    return { key, sha256: sha256Hex(bytes ?? ""), receipt, objects };
  } catch (error) {
    if (!(error instanceof NotSealable || error instanceof UnreadableRecord)) throw error;
    return { key, logGroup: receipt?.logGroup ?? null, error };
  }
}

async function objectsOf(
  archive: ArchiveReader,
  { account, day }: Receipt,
  task: ReceiptTask,
): Promise<CurrentObject[]> {
  const expected = taskPrefix(account, day, task.taskId);
  if (task.prefix !== expected) throw new NotSealable(`the receipt names ${task.prefix} instead of ${expected}`);
  const listed = await listOnce(archive, task.prefix);
  const counted = countObjects(listed);
  if (counted.objects !== task.objects || counted.bytes !== task.bytes || counted.listingSha256 !== task.listingSha256)
    throw new NotSealable(
      `${task.prefix} has ${counted.objects} objects of ${counted.bytes} bytes, and the receipt committed others: ${task.objects} of ${task.bytes}`,
    );
  if (task.versionsSha256 !== undefined && task.versionsSha256 !== hashVersions(listed))
    throw new NotSealable(`${task.prefix} has other objects than the receipt committed, of the same keys and sizes`);
  return listed;
}

/** Like `currentObjects`, and refuses what a bucket with versions has more than once. */
async function listOnce(archive: ArchiveReader, prefix: string): Promise<CurrentObject[]> {
  if (!archive.versions) return currentObjects(archive, prefix);
  const versions: ObjectVersion[] = [];
  for await (const version of archive.versions(prefix)) versions.push(version);
  const deleted = versions.find(({ isDeleteMarker }) => isDeleteMarker);
  if (deleted) throw new NotSealable(`${deleted.key} was deleted`);
  const older = versions.find(({ isLatest }) => !isLatest);
  if (older) throw new NotSealable(`${older.key} has several versions`);
  return versions.flatMap(current);
}
