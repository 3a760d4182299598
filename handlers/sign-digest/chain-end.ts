import type { ChainLink } from "../archive/chain";
import { digestSequences } from "../archive/digest-chain";
import { parseDigest, type StoredDigest } from "../archive/digests";
import { sha256Hex } from "../archive/hashing";
import { digestKey, signatureKey } from "../archive/layout";
import { type LostDigest, lostDigests, type RunHead } from "../archive/lost-digests";
import { UnreadableRecord } from "../archive/serialization";
import type { ArchiveReader } from "../archive/store";

/** What the next digest follows: a number, and the hash of the digest that has it, or had it. */
export type Place = Pick<ChainLink, "number" | "sha256">;

/** Where a bucket's chain ends, by what lies in `digests/` and by what the runs' heads say was there. */
export interface ChainEnd {
  readonly lost: readonly LostDigest[];
  /** The last digest, if it is the one that was written last: a death may have left it without signature or head. */
  readonly newest: StoredDigest | undefined;
  /** What comes before `newest`, or, where that is lost, takes its place; "unknown" where nothing says what it was. */
  readonly before: Place | "unknown" | undefined;
}

/**
 * Finds the chain's end. A digest that is lost keeps its number: the next one follows it by the hash in its run's head, so that the
 * chain is whole again once it is brought back.
 * @param heads of all runs, read before this
 * @throws {UnreadableRecord} if the last digest cannot be read, or is lost and nothing says what its hash was.
 */
export async function chainEnd(archive: ArchiveReader, heads: readonly RunHead[]): Promise<ChainEnd> {
  const { digests, signatures } = await digestSequences(archive);
  const lost = await lostDigests(archive, heads, digests);
  const present = Math.max(0, ...digests);
  const signed = Math.max(0, ...signatures);
  const last = Math.max(present, ...heads.map(({ sequence }) => sequence));
  if (signed > last)
    throw new UnreadableRecord(`${signatureKey(signed)} is there, and what it signs is not: nothing can follow it`);
  const bytesOf = async (number: number) => (digests.has(number) ? await archive.read(digestKey(number)) : undefined);
  const placeOf = (number: number, bytes: Buffer | undefined): Place | "unknown" | undefined => {
    if (number === 0) return undefined;
    const named = heads.filter(({ sequence }) => sequence === number).map(({ sha256 }) => sha256);
    const found = bytes && sha256Hex(bytes);
    const [sha256] = found && (named.length === 0 || named.includes(found)) ? [found] : named.sort();
    return sha256 === undefined ? "unknown" : { number, sha256 };
  };
  const bytes = await bytesOf(last);
  const end = placeOf(last, bytes);
  // What no head contradicts is the chain's last, if it is a digest at all.
  const isThere = bytes !== undefined && end !== "unknown" && end?.sha256 === sha256Hex(bytes);
  if (!isThere) return { lost, newest: undefined, before: end };
  return { lost, newest: parseDigest(digestKey(last), bytes), before: placeOf(last - 1, await bytesOf(last - 1)) };
}
