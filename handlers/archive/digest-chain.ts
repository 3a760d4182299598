import { type Head, headOf, parseDigest, type StoredDigest } from "./digests";
import { digestKey, digestsRoot, parseDigestKey } from "./layout";
import { UnreadableRecord } from "./serialization";
import type { ArchiveReader } from "./store";

/** The sequences of the digests, and of the signatures, that are there. */
export async function digestSequences(
  archive: ArchiveReader,
): Promise<{ readonly digests: ReadonlySet<number>; readonly signatures: ReadonlySet<number> }> {
  const digests = new Set<number>();
  const signatures = new Set<number>();
  for await (const { key } of archive.list(digestsRoot)) {
    const parsed = parseDigestKey(key);
    if (parsed?.kind === "digest") digests.add(parsed.sequence);
    if (parsed?.kind === "signature") signatures.add(parsed.sequence);
  }
  return { digests, signatures };
}

/**
 * The digest with the highest sequence; undefined where there is none.
 * @throws {UnreadableRecord} if it cannot be read.
 */
export async function newestDigest(archive: ArchiveReader): Promise<StoredDigest | undefined> {
  const { digests } = await digestSequences(archive);
  return digests.size === 0 ? undefined : readDigest(archive, Math.max(...digests));
}

/** @throws {UnreadableRecord} if it is not there, or cannot be read. */
export async function readDigest(archive: ArchiveReader, sequence: number): Promise<StoredDigest> {
  const key = digestKey(sequence);
  return parseDigest(key, await archive.read(key));
}

/** The newest digest as a head; undefined where there is none that can be read: `verify` says what is wrong with it. */
export async function readNewestHead(archive: ArchiveReader): Promise<Head | undefined> {
  try {
    const newest = await newestDigest(archive);
    return newest && headOf(newest);
  } catch (error) {
    if (error instanceof UnreadableRecord) return undefined;
    throw error;
  }
}
