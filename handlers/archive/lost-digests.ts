import pMap from "p-map";
import { Head, headText } from "./digests";
import { sha256Hex } from "./hashing";
import { digestKey, headKey } from "./layout";
import { parseRecord, UnreadableRecord } from "./serialization";
import { type ArchiveReader, readText } from "./store";

/**
 * A digest cannot name the one that comes after it: where the newest is removed, the chain shows nothing. The runs' own heads do.
 */

/** So many of the newest digests are looked at by every run: long enough to mend a loss, which `verify` names for good. */
export const watchedDigests = 30;

/** What a run's `head.json` says. */
export interface RunHead extends Pick<Head, "sequence" | "sha256"> {
  readonly runId: string;
}

/** A digest that was written, and is not there any more, or is another one. */
export interface LostDigest {
  readonly sequence: number;
  /** By the head of the run that it bound; absent where no run's head names it. */
  readonly head?: RunHead;
}

/** Objects read at a time. */
const concurrency = 32;

/**
 * The head of a run; undefined if it has none.
 * @returns "unreadable" for one that says nothing of this bucket: `verify` names it.
 */
export async function readRunHead(archive: ArchiveReader, runId: string): Promise<RunHead | "unreadable" | undefined> {
  const key = headKey(runId);
  const text = await readText(archive, key);
  if (text === undefined) return undefined;
  try {
    const { bucket, sequence, sha256 } = parseRecord(Head, key, text);
    return bucket === archive.bucket ? { runId, sequence, sha256 } : "unreadable";
  } catch (error) {
    if (error instanceof UnreadableRecord) return "unreadable";
    throw error;
  }
}

/**
 * Holds the newest digests against the heads of runs, and against their own numbers.
 * @param digests the sequences of those that are there, listed after the heads were read: a digest is written before the head that
 * names it, so that one which is not found then is lost
 */
export async function lostDigests(
  archive: ArchiveReader,
  heads: readonly RunHead[],
  digests: ReadonlySet<number>,
): Promise<LostDigest[]> {
  const named = new Map<number, RunHead[]>();
  for (const head of heads) named.set(head.sequence, [...(named.get(head.sequence) ?? []), head]);
  const newest = Math.max(0, ...digests, ...named.keys());
  const watched = Array.from({ length: Math.min(newest, watchedDigests) }, (_, index) => newest - index).reverse();
  const lost = await pMap(
    watched,
    async (sequence): Promise<LostDigest[]> => {
      // Whatever the order in which they were read, it is the same.
      const ofSequence = (named.get(sequence) ?? []).sort((a, b) => (a.sha256 < b.sha256 ? -1 : 1));
      const bytes = digests.has(sequence) ? await archive.read(digestKey(sequence)) : undefined;
      if (!bytes && ofSequence.length === 0) return [{ sequence }];
      const sha256 = bytes && sha256Hex(bytes);
      return ofSequence.filter((head) => head.sha256 !== sha256).map((head) => ({ sequence, head }));
    },
    { concurrency },
  );
  return lost.flat();
}

/** Says which digests are lost, for people; null where none is. */
export function lossText(lost: readonly LostDigest[]): string | null {
  if (lost.length === 0) return null;
  const named = lost.map(({ sequence, head }) =>
    head ? `${digestKey(sequence)} (${headText(head)}, run ${head.runId})` : digestKey(sequence),
  );
  const many = named.length > 5 ? [...named.slice(0, 5), `${named.length - 5} more`] : named;
  return `Of the signed chain, what was written is gone or replaced: ${many.join(", ")}. Bring it back as docs/damage.md says.`;
}
