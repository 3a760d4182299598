import * as z from "zod";
import { AccountId, Day, LogGroupName, RunId, Timestamp } from "../contract/values";
import { type ChainLink, previousOf } from "./chain";
import { BoundObject, Sha256, sha256Hex } from "./hashing";
import { parseSealKey, sealKey } from "./layout";
import { parseRecord, UnreadableRecord } from "./serialization";

/**
 * A seal binds what an account's day holds: receipts, coverage objects and exported objects by the SHA-256 of their bytes as
 * stored. It is written once, under the next free number, and all seals of a day stand together.
 */

/** An object that CloudWatch Logs exported, as it was read when it was sealed. */
export const SealedObject = z.strictObject({
  key: z.string().min(1),
  /** Bytes as stored. */
  size: z.number().int().nonnegative(),
  /** As S3 gives it, without quotes. */
  etag: z.string().min(1),
  /** Absent in a bucket without versions. */
  versionId: z.string().min(1).optional(),
  /** Of the bytes as stored, compressed. */
  sha256: Sha256,
  /** A line that begins with a time stamp begins an event; text before the first counts as one. */
  events: z.number().int().nonnegative(),
  /** The earliest and the latest time stamp; absent where there is none. */
  firstEvent: Timestamp.optional(),
  lastEvent: Timestamp.optional(),
  /** Bytes once decompressed. */
  rawBytes: z.number().int().nonnegative(),
});
export type SealedObject = z.infer<typeof SealedObject>;

/** A receipt and every object of its tasks. */
export const SealedItem = z.strictObject({
  logGroup: LogGroupName,
  /** The receipt's key. */
  receipt: z.string().min(1),
  receiptSha256: Sha256,
  objects: z.array(SealedObject),
});
export type SealedItem = z.infer<typeof SealedItem>;

/** An event file, made from the sealed objects of whole tasks. */
export const SealedEventFile = z.strictObject({
  key: z.string().min(1),
  size: z.number().int().nonnegative(),
  sha256: Sha256,
  events: z.number().int().nonnegative(),
  /** The export tasks whose events it holds. */
  taskIds: z.array(z.string().min(1)),
});
export type SealedEventFile = z.infer<typeof SealedEventFile>;

/** `seals/day=<day>/account=<account>/<n>.json` */
export const Seal = z.strictObject({
  version: z.literal(1),
  account: AccountId,
  region: z.string().min(1),
  day: Day,
  n: z.number().int().positive(),
  /** Of the seal before it as stored; null in the first. */
  previousSha256: Sha256.nullable(),
  items: z.array(SealedItem),
  /** Coverage objects that no seal before it binds. */
  coverage: z.array(BoundObject),
  eventFiles: z.array(SealedEventFile),
  runId: RunId,
  at: Timestamp,
});
export type Seal = z.infer<typeof Seal>;

/** A seal with the hash of its bytes as stored. */
export interface StoredSeal {
  readonly key: string;
  readonly sha256: string;
  readonly seal: Seal;
}

/**
 * Reads a seal that lies where it says that it lies.
 * @throws {UnreadableRecord} naming the key and what is wrong with it.
 */
export function parseSeal(key: string, bytes: Uint8Array | undefined): StoredSeal {
  const seal = parseRecord(Seal, key, bytes && Buffer.from(bytes).toString("utf8"));
  const place = parseSealKey(key);
  if (place?.account !== seal.account || place.day !== seal.day || place.n !== seal.n)
    throw new UnreadableRecord(`${key} holds seal ${seal.n} of account ${seal.account}, ${seal.day}`);
  return { key, sha256: sha256Hex(bytes ?? ""), seal };
}

/** A seal as a link of its day's chain. */
export function sealLink({ sha256, seal }: StoredSeal): ChainLink {
  return { number: seal.n, previousSha256: seal.previousSha256, sha256 };
}

/** The next seal of an account's day, and its bytes as they are to be stored. */
export function nextSeal(
  last: StoredSeal | undefined,
  content: Omit<Seal, "version" | "n" | "previousSha256">,
): { readonly key: string; readonly seal: Seal; readonly body: string } {
  const { number, previousSha256 } = previousOf(last && sealLink(last));
  const { account, region, day, items, coverage, eventFiles, runId, at } = content;
  const seal: Seal = {
    version: 1,
    account,
    region,
    day,
    n: number,
    previousSha256,
    items,
    coverage,
    eventFiles,
    runId,
    at,
  };
  return { key: sealKey(day, account, number), seal, body: JSON.stringify(seal) };
}

/** What steps have read of an item that is larger than a step. */
export const SealedPart = z.strictObject({ objects: z.array(SealedObject), eventFiles: z.array(SealedEventFile) });
export type SealedPart = z.infer<typeof SealedPart>;

/** The keys of receipts and coverage objects that seals bind. */
export function boundKeys(seals: Iterable<Pick<Seal, "items" | "coverage">>): Set<string> {
  const bound = new Set<string>();
  for (const { items, coverage } of seals) {
    for (const { receipt } of items) bound.add(receipt);
    for (const { key } of coverage) bound.add(key);
  }
  return bound;
}
