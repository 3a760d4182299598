import pMap from "p-map";
import { sha256Hex } from "../../handlers/archive/hashing";
import { headKey, parseCoverageKey, parseRunKey, parseSealKey, runsRoot } from "../../handlers/archive/layout";
import type { Range } from "../../handlers/archive/range";
import type { ArchiveReader } from "../../handlers/archive/store";
import type { FindingKind } from "./findings";
import type { DigestsVerified } from "./verify-digests";

/** Records read at a time. */
const concurrency = 32;

type Report = (kind: FindingKind, detail: string) => void;

/** What digests bind, and what to think of a record that none binds. */
export class BoundRecords {
  /** By `<day> <account>`. */
  private readonly ofDays = new Map<string, string[]>();
  /** Runs that have left a list of accounts, signed or not. */
  private readonly knownRuns = new Set<string>();
  private readonly unsigned = new Set<string>();

  constructor(private readonly digests: Pick<DigestsVerified, "bound" | "runs" | "digests">) {
    for (const key of digests.bound.keys()) {
      const place = parseCoverageKey(key) ?? parseSealKey(key);
      if (!place) continue;
      const id = `${place.day} ${place.account}`;
      const ofDay = this.ofDays.get(id) ?? [];
      this.ofDays.set(id, ofDay);
      ofDay.push(key);
    }
  }

  /** Whether anything is signed at all. */
  get isEmpty(): boolean {
    return this.digests.digests === 0;
  }

  /** The account days of which coverage or seals are bound. */
  *accountDays(): Generator<{ readonly day: string; readonly account: string }> {
    for (const id of this.ofDays.keys()) {
      const [day = "", account = ""] = id.split(" ");
      yield { day, account };
    }
  }

  /** Runs that left records and no digest. */
  get unsignedRuns(): ReadonlySet<string> {
    return this.unsigned;
  }

  /** Checks an account day's coverage and seals, of which `present` has every object that is there. */
  checkDay(day: string, account: string, present: ReadonlyMap<string, Present>, found: Report): void {
    for (const [key, { sha256, runId }] of present) this.check(key, sha256, runId, found);
    for (const key of this.ofDays.get(`${day} ${account}`) ?? []) if (!present.has(key)) found("missing-record", key);
  }

  /** Checks everything below `runs/`. */
  async checkRuns(bucket: ArchiveReader, range: Range, found: Report): Promise<void> {
    const isWanted = (key: string) => {
      const parsed = parseRunKey(key);
      return !range.accounts || !parsed || !("account" in parsed) || range.accounts.includes(parsed.account);
    };
    const present = new Set<string>();
    const wanted: { readonly key: string; readonly runId: string }[] = [];
    for await (const { key } of bucket.list(runsRoot)) {
      present.add(key);
      const parsed = parseRunKey(key);
      if (!parsed) {
        found("stray-object", key);
        continue;
      }
      if (parsed.kind === "account-list") this.knownRuns.add(parsed.runId);
      if (isWanted(key) && !this.isEmpty) wanted.push({ key, runId: parsed.runId });
    }
    await pMap(
      wanted,
      async ({ key, runId }) => {
        const bytes = await bucket.read(key);
        if (bytes && key === headKey(runId)) this.checkHead(key, runId, bytes, found);
        else if (bytes) this.check(key, sha256Hex(bytes), runId, found);
      },
      { concurrency },
    );
    for (const key of this.digests.bound.keys())
      if (key.startsWith(runsRoot) && !present.has(key) && isWanted(key)) found("missing-record", key);
  }

  /**
   * What to think of a record that no digest and no seal binds, by the run that it says wrote it: one of a signed run was added
   * later, as was one of a run that nothing else knows; one of a run without a digest is not signed yet.
   */
  unbound(runId: string): "added" | "not-signed" {
    if (this.digests.runs.has(runId) || !this.knownRuns.has(runId)) return "added";
    this.unsigned.add(runId);
    return "not-signed";
  }

  /** A run's head is written after its digest, which it repeats and which cannot bind it. */
  private checkHead(key: string, runId: string, bytes: Buffer, found: Report): void {
    const text = bytes.toString("utf8");
    const heads = this.digests.runs.get(runId) ?? [];
    if (!heads.some((head) => text === JSON.stringify(head))) found("changed-record", key);
  }

  private check(key: string, sha256: string, runId: string | undefined, found: Report): void {
    const expected = this.digests.bound.get(key);
    if (expected !== undefined) {
      if (sha256 !== expected) found("changed-record", key);
    } else if (!this.isEmpty && (runId === undefined || this.unbound(runId) === "added")) found("added-record", key);
  }
}

/** A record that is there; the run that wrote it, if it says so. */
export interface Present {
  readonly sha256: string;
  readonly runId?: string;
}
