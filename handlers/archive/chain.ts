/**
 * Seals and digests are chains: numbered from 1 without a gap, each with the SHA-256 of the one before it. What is removed from
 * the middle, put in another order or replaced shows by the next link; what is removed at the end does not.
 */

/** A link as it is stored. */
export interface ChainLink {
  /** `n` of a seal, `sequence` of a digest; from 1. */
  readonly number: number;
  readonly previousSha256: string | null;
  /** Of the link's own bytes as stored. */
  readonly sha256: string;
}

export interface ChainFault {
  readonly number: number;
  /** `missing`: later links are there, this one is not. `broken`: it names another predecessor than the one that is there. */
  readonly fault: "missing" | "broken";
}

/** What a link that follows another one says of it; null before the first. */
export function previousOf(
  last: Pick<ChainLink, "number" | "sha256"> | undefined,
): Pick<ChainLink, "number" | "previousSha256"> {
  return { number: (last?.number ?? 0) + 1, previousSha256: last?.sha256 ?? null };
}

/** What is wrong with a chain, in the order of its numbers; a link after a missing one has nothing to be held against. */
export function chainFaults(links: Iterable<ChainLink>): ChainFault[] {
  const faults: ChainFault[] = [];
  let last: ChainLink | undefined;
  for (const link of [...links].sort((a, b) => a.number - b.number)) {
    const expected = previousOf(last);
    for (let number = expected.number; number < link.number; number += 1) faults.push({ number, fault: "missing" });
    const isHeld = link.number === expected.number;
    if (isHeld ? link.previousSha256 !== expected.previousSha256 : link.previousSha256 === null)
      faults.push({ number: link.number, fault: "broken" });
    last = link;
  }
  return faults;
}
