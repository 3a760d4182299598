import type { FindingKind } from "./findings";

type Report = (kind: FindingKind, detail: string) => void;

/** Holds records that are there against what is bound of them. */
export class Binding {
  private readonly unsigned = new Set<string>();

  constructor(
    /** By key, the SHA-256 of what is bound. */
    private readonly bound: ReadonlyMap<string, string>,
    private readonly runs: KnownRuns,
  ) {}

  get isAnySigned(): boolean {
    return this.runs.isAnySigned;
  }

  /** Runs that left records and no digest, of those that were asked about. */
  get unsignedRuns(): ReadonlySet<string> {
    return this.unsigned;
  }

  /** Checks a record that is there. */
  check(key: string, { sha256, runId }: Present, found: Report): void {
    const expected = this.bound.get(key);
    if (expected !== undefined) {
      if (sha256 !== expected) found("changed-record", key);
    } else if (this.isAnySigned && (runId === undefined || this.unbound(runId) === "added")) found("added-record", key);
  }

  /** Checks that all which is bound is there. */
  checkPresent(present: ReadonlyMap<string, Present>, found: Report): void {
    for (const key of this.bound.keys()) if (!present.has(key)) found("missing-record", key);
  }

  /**
   * What to think of a record that no digest and no seal binds, by the run that it says wrote it: one of a signed run was added
   * later, as was one of a run that nothing else knows; one of a run without a digest is not signed yet.
   */
  unbound(runId: string): "added" | "not-signed" {
    if (this.runs.signed.has(runId) || !this.runs.listed.has(runId)) return "added";
    this.unsigned.add(runId);
    return "not-signed";
  }
}

/** By what a record that nothing binds is judged. */
export interface KnownRuns {
  readonly isAnySigned: boolean;
  /** Runs of which there is a digest. */
  readonly signed: ReadonlySet<string>;
  /** Runs that have left a list of accounts, signed or not. */
  readonly listed: ReadonlySet<string>;
}

/** A record that is there; the run that wrote it, if it says so. */
export interface Present {
  readonly sha256: string;
  readonly runId?: string;
}
