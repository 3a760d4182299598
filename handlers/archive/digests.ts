import * as z from "zod";
import { Day, RunId, Timestamp } from "../contract/values";
import type { ChainLink } from "./chain";
import { BoundObject, Sha256, sha256Hex } from "./hashing";
import { digestKey, leavesKey } from "./layout";
import { parseLines, parseRecord, toLines, UnreadableRecord } from "./serialization";

/**
 * A digest binds a run: what it expected, what it recorded, the seals and coverage that it brought, and the digest before it.
 * It is signed: `<key>.sig` holds an ECDSA signature (P-256, DER) over the SHA-256 of the digest's bytes as stored.
 */

/** `digests/<sequence, 10 digits>.json` */
export const Digest = z.strictObject({
  version: z.literal(1),
  /** From 1, without gaps. */
  sequence: z.number().int().positive(),
  /** Where the digest lies: a digest that is found elsewhere has been moved. */
  bucket: z.string().min(1),
  key: z.string().min(1),
  region: z.string().min(1),
  runId: RunId,
  startedAt: Timestamp,
  endedAt: Timestamp,
  /** Of the digest before it as stored; null in the first. */
  previousSha256: Sha256.nullable(),
  /** `runs/<run id>/accounts.json`: every account that the run found, also those that it left out. */
  accounts: BoundObject,
  /** `runs/<run id>/report.json`; null for a run that has none. */
  report: BoundObject.nullable(),
  /** The days that the run covered. */
  days: z.array(Day),
  /** Seals and coverage objects that no digest before it names. */
  seals: z.array(BoundObject),
  coverage: z.array(BoundObject),
  /** All else below `runs/<run id>/`: plans, outcomes, summaries. */
  records: z.array(BoundObject),
  /** Where `seals`, `coverage` and `records` are too many for the digest, they are empty there, and lie here. */
  leaves: BoundObject.optional(),
  /** Of the settings with which the run was deployed, and of the code that ran. */
  configurationSha256: Sha256,
  codeSha256: Sha256,
  /** Of the signing key. */
  keyArn: z.string().min(1),
});
export type Digest = z.infer<typeof Digest>;

/** What a digest names besides the accounts and the report. */
export type Leaves = Pick<Digest, "seals" | "coverage" | "records">;

const leafLists = ["seals", "coverage", "records"] as const satisfies readonly (keyof Leaves)[];

/** A line of `digests/<sequence>.leaves.jsonl`: which list of the digest it belongs to, and the object. */
export const Leaf = BoundObject.extend({ list: z.enum(leafLists) });
export type Leaf = z.infer<typeof Leaf>;

/** More leaves than this lie in an object of their own. */
export const mostLeavesInDigest = 1_000;

/** A digest with the hash of its bytes as stored. */
export interface StoredDigest {
  readonly key: string;
  readonly sha256: string;
  readonly digest: Digest;
}

/** The newest digest: what is kept outside the archive, to compare with later. */
export const Head = z.strictObject({
  version: z.literal(1),
  bucket: z.string().min(1),
  sequence: z.number().int().positive(),
  /** Of the digest as stored. */
  sha256: Sha256,
});
export type Head = z.infer<typeof Head>;

/**
 * Reads a digest that lies where it says that it lies; its bucket is for those to compare who know where they read.
 * @throws {UnreadableRecord} naming the key and what is wrong with it.
 */
export function parseDigest(key: string, bytes: Uint8Array | undefined): StoredDigest {
  const digest = parseRecord(Digest, key, bytes && Buffer.from(bytes).toString("utf8"));
  if (key !== digest.key || key !== digestKey(digest.sequence))
    throw new UnreadableRecord(`${key} holds digest ${digest.sequence}, which lies at ${digest.key}`);
  return { key, sha256: sha256Hex(bytes ?? ""), digest };
}

/** A digest as a link of its bucket's chain. */
export function digestLink({ sha256, digest }: StoredDigest): ChainLink {
  return { number: digest.sequence, previousSha256: digest.previousSha256, sha256 };
}

export function headOf({ sha256, digest: { bucket, sequence } }: StoredDigest): Head {
  return { version: 1, bucket, sequence, sha256 };
}

/** A head as people pass it on: `SEQUENCE:HASH`. */
export function headText({ sequence, sha256 }: Pick<Head, "sequence" | "sha256">): string {
  return `${sequence}:${sha256}`;
}

/** The bytes of a digest and, where its leaves are many, of the object that has them. */
export function serializeDigest(digest: Omit<Digest, "leaves">): {
  readonly body: string;
  readonly leaves?: { readonly key: string; readonly body: string };
} {
  if (leafLists.reduce((total, list) => total + digest[list].length, 0) <= mostLeavesInDigest)
    return { body: JSON.stringify(digest) };
  const lines = leafLists.flatMap((list) => digest[list].map((leaf): Leaf => ({ list, ...leaf })));
  const leaves = { key: leavesKey(digest.sequence), body: toLines(lines) };
  const named = { key: leaves.key, sha256: sha256Hex(leaves.body) };
  return { body: JSON.stringify({ ...digest, seals: [], coverage: [], records: [], leaves: named }), leaves };
}

/**
 * What a digest names, wherever it lies.
 * @param bytes of the object that `digest.leaves` names.
 * @throws {UnreadableRecord} if that object is missing, is not the one that the digest names, or cannot be read.
 */
export function leavesOf(digest: Digest, bytes: Uint8Array | undefined): Leaves {
  if (!digest.leaves) return digest;
  const { key, sha256 } = digest.leaves;
  if (bytes === undefined) throw new UnreadableRecord(`${key} is not in the archive`);
  if (sha256Hex(bytes) !== sha256) throw new UnreadableRecord(`${key} is not what ${digest.key} names`);
  const leaves = { seals: [], coverage: [], records: [] } as Record<keyof Leaves, BoundObject[]>;
  for (const { list, ...leaf } of parseLines(Leaf, key, Buffer.from(bytes).toString("utf8"))) leaves[list].push(leaf);
  return leaves;
}
