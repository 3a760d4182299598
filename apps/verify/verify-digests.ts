import { pMapIterable } from "p-map";
import { chainFaults } from "../../handlers/archive/chain";
import {
  digestLink,
  type Head,
  headOf,
  headText,
  leavesOf,
  parseDigest,
  type StoredDigest,
} from "../../handlers/archive/digests";
import type { BoundObject } from "../../handlers/archive/hashing";
import { digestKey, digestsRoot, parseDigestKey, signatureKey } from "../../handlers/archive/layout";
import { UnreadableRecord } from "../../handlers/archive/serialization";
import type { ArchiveReader } from "../../handlers/archive/store";
import type { FindingKind } from "./findings";
import { signerOf, type VerificationKey } from "./signatures";

/** The newest digest that a person has kept outside the archive. */
export interface GivenHead {
  readonly sequence: number;
  readonly sha256: string;
  /** Absent where only sequence and hash were kept. */
  readonly bucket?: string;
}

export interface DigestsVerified {
  /** By key, the SHA-256 of everything that digests bind. */
  readonly bound: ReadonlyMap<string, string>;
  /** By run, what its digests are as heads. */
  readonly runs: ReadonlyMap<string, readonly Head[]>;
  /** The newest digest as `SEQUENCE:HASH`; absent where there is none. */
  readonly head?: string;
  /** The keys that signed, by their fingerprints. */
  readonly signers: ReadonlySet<string>;
  readonly digests: number;
  /** Of the digests that are there, also those that cannot be read. */
  readonly sequences: ReadonlySet<number>;
  /** Digests with a signature that one of the given keys made. */
  readonly signed: number;
  /** The given heads that were found here. */
  readonly headsFound: readonly GivenHead[];
}

/** Digests that are fetched ahead: of a bucket, each is a way there and back. */
const fetchedAhead = 16;

type Report = (kind: FindingKind, detail: string) => void;

export interface DigestsOptions {
  readonly keys: readonly VerificationKey[];
  readonly heads: readonly GivenHead[];
  /** Told of every digest, and before the first. */
  readonly onDigest?: (done: number, total: number) => void;
}

/** Checks a bucket's digests: that each is where and what it says, follows the one before it, and is signed. */
export async function verifyDigests(
  bucket: ArchiveReader,
  { keys, heads, onDigest = () => {} }: DigestsOptions,
  found: Report,
): Promise<DigestsVerified> {
  const digests: StoredDigest[] = [];
  const bound = new Map<string, string>();
  const bind = (objects: readonly BoundObject[]) => {
    for (const { key, sha256 } of objects) bound.set(key, sha256);
  };
  const signers = new Set<string>();
  const present = new Set<string>();
  const sequences = new Set<number>();
  let signed = 0;
  for await (const { key } of bucket.list(digestsRoot)) {
    present.add(key);
    if (!parseDigestKey(key)) found("stray-object", key);
  }
  const there = [...present].flatMap((key) => {
    const parsed = parseDigestKey(key);
    return parsed?.kind === "digest" ? [{ key, sequence: parsed.sequence }] : [];
  });
  const fetched = pMapIterable(
    there,
    async ({ key, sequence }) => {
      const [bytes, signature] = await Promise.all([bucket.read(key), bucket.read(signatureKey(sequence))]);
      return { key, sequence, bytes, signature };
    },
    { concurrency: fetchedAhead, backpressure: fetchedAhead },
  );
  onDigest(0, there.length);
  for await (const { key, sequence, bytes, signature } of fetched) {
    sequences.add(sequence);
    try {
      const stored = parseDigest(key, bytes);
      const { digest } = stored;
      digests.push(stored);
      if (digest.bucket !== bucket.bucket) found("foreign-digest", `${key} is of ${digest.bucket}`);
      const signer = signature && bytes && signerOf(bytes, signature, keys);
      if (signer) {
        signed += 1;
        signers.add(signer.fingerprint);
      } else if (signature && keys.length > 0) found("wrong-signature", key);
      else if (!signature)
        found(
          "not-signed",
          `${key} has no signature${isKnown(stored, heads) ? ", which was there when its head was told: it was deleted" : ""}`,
        );
      if (digest.leaves) bind([digest.leaves]);
      bind([digest.accounts, ...(digest.report ? [digest.report] : [])]);
      const leaves = leavesOf(digest, digest.leaves && (await bucket.read(digest.leaves.key)));
      bind([...leaves.seals, ...leaves.coverage, ...leaves.records]);
    } catch (error) {
      if (!(error instanceof UnreadableRecord)) throw error;
      found("unreadable-record", error.message);
    }
    onDigest(sequences.size, there.length);
  }
  for (const { number, fault } of chainFaults(digests.map(digestLink)))
    found(
      "broken-digests",
      `${digestKey(number)} is ${fault === "missing" ? "missing" : "not what followed the one before it"}`,
    );
  orphans(present, found);
  const newest = digests.sort((a, b) => a.digest.sequence - b.digest.sequence).at(-1);
  return {
    bound,
    runs: headsByRun(digests),
    signers,
    digests: digests.length,
    sequences,
    signed,
    headsFound: headsFound(bucket, digests, heads, found),
    ...(newest ? { head: headText({ sequence: newest.digest.sequence, sha256: newest.sha256 }) } : {}),
  };
}

/** A head is told once its digest is signed. */
function isKnown({ digest, sha256 }: StoredDigest, heads: readonly GivenHead[]): boolean {
  return heads.some((head) => head.sequence === digest.sequence && head.sha256 === sha256);
}

function headsByRun(digests: readonly StoredDigest[]): Map<string, Head[]> {
  const runs = new Map<string, Head[]>();
  for (const stored of digests)
    runs.set(stored.digest.runId, [...(runs.get(stored.digest.runId) ?? []), headOf(stored)]);
  return runs;
}

/** A signature, or leaves, without the digest that they belong to. */
function orphans(present: ReadonlySet<string>, found: Report): void {
  for (const key of present) {
    const parsed = parseDigestKey(key);
    if (parsed && parsed.kind !== "digest" && !present.has(digestKey(parsed.sequence)))
      found("broken-digests", `${digestKey(parsed.sequence)} is missing, and ${key} is there`);
  }
}

function headsFound(
  bucket: ArchiveReader,
  digests: readonly StoredDigest[],
  heads: readonly GivenHead[],
  found: Report,
): GivenHead[] {
  return heads.filter((head) => {
    const isHere = digests.some((stored) => isKnown(stored, [head]));
    // A head without a bucket may be another bucket's: the caller, which has looked at all of them, says so.
    if (!isHere && head.bucket === bucket.bucket)
      found("head-not-found", `${headText(head)}: digests were removed at the end, or all was written anew`);
    return isHere;
  });
}
