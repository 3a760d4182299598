import pMap from "p-map";
import { sha256Hex } from "../../handlers/archive/hashing";
import {
  digestKey,
  headKey,
  parseCoverageKey,
  parseRunKey,
  parseSealKey,
  runsRoot,
} from "../../handlers/archive/layout";
import { readRunHead } from "../../handlers/archive/lost-digests";
import type { Range } from "../../handlers/archive/range";
import type { ArchiveReader } from "../../handlers/archive/store";
import { Binding, type KnownRuns } from "./binding";
import type { FindingKind } from "./findings";
import type { DigestsVerified } from "./verify-digests";

/** Records read at a time. */
const concurrency = 32;

type Report = (kind: FindingKind, detail: string) => void;

/** What digests bind, by account days and of runs. */
export class BoundRecords {
  /** By `<day> <account>`: by key, the SHA-256 of what is bound. */
  private readonly ofDays = new Map<string, Map<string, string>>();
  /** Runs that have left a list of accounts, signed or not. */
  private readonly listed = new Set<string>();
  /** What is known of the runs, once `checkRuns` has read them. */
  readonly runs: KnownRuns;

  constructor(private readonly digests: Pick<DigestsVerified, "bound" | "runs" | "digests" | "sequences">) {
    this.runs = { isAnySigned: digests.digests > 0, signed: new Set(digests.runs.keys()), listed: this.listed };
    for (const [key, sha256] of digests.bound) {
      const place = parseCoverageKey(key) ?? parseSealKey(key);
      if (!place) continue;
      const id = `${place.day} ${place.account}`;
      const ofDay = this.ofDays.get(id) ?? new Map<string, string>();
      this.ofDays.set(id, ofDay);
      ofDay.set(key, sha256);
    }
  }

  /** The account days of which coverage or seals are bound. */
  *accountDays(): Generator<{ readonly day: string; readonly account: string }> {
    for (const id of this.ofDays.keys()) {
      const [day = "", account = ""] = id.split(" ");
      yield { day, account };
    }
  }

  /** By key, the SHA-256 of an account day's coverage and seals that are bound. */
  ofDay({ day, account }: { readonly day: string; readonly account: string }): ReadonlyMap<string, string> {
    return this.ofDays.get(`${day} ${account}`) ?? new Map();
  }

  /** Checks everything below `runs/`, and returns the runs that left records there and no digest. */
  async checkRuns(bucket: ArchiveReader, range: Range, found: Report): Promise<ReadonlySet<string>> {
    const isWanted = (key: string) => {
      const parsed = parseRunKey(key);
      return !range.accounts || !parsed || !("account" in parsed) || range.accounts.includes(parsed.account);
    };
    const binding = new Binding(this.digests.bound, this.runs);
    const present = new Set<string>();
    const wanted: { readonly key: string; readonly runId: string }[] = [];
    for await (const { key } of bucket.list(runsRoot)) {
      present.add(key);
      const parsed = parseRunKey(key);
      if (!parsed) {
        found("stray-object", key);
        continue;
      }
      if (parsed.kind === "account-list") this.listed.add(parsed.runId);
      // Heads tell of digests also where there is none any more.
      if (isWanted(key) && (this.runs.isAnySigned || parsed.kind === "head")) wanted.push({ key, runId: parsed.runId });
    }
    await pMap(
      wanted,
      async ({ key, runId }) => {
        const bytes = await bucket.read(key);
        if (bytes && key === headKey(runId)) await this.checkHead(bucket, runId, bytes, found);
        else if (bytes) binding.check(key, { sha256: sha256Hex(bytes), runId }, found);
      },
      { concurrency },
    );
    for (const key of this.digests.bound.keys())
      if (key.startsWith(runsRoot) && !present.has(key) && isWanted(key)) found("missing-record", key);
    return binding.unsignedRuns;
  }

  /**
   * A run's head is written after its digest, which it repeats and which cannot bind it. It tells of a digest that was removed at
   * the chain's end; of one before that the next digest tells.
   */
  private async checkHead(bucket: ArchiveReader, runId: string, bytes: Buffer, found: Report): Promise<void> {
    const text = bytes.toString("utf8");
    const heads = this.digests.runs.get(runId) ?? [];
    if (heads.some((head) => text === JSON.stringify(head))) return;
    const named = await readRunHead(bucket, runId);
    if (!named || named === "unreadable" || this.digests.sequences.has(named.sequence))
      found("changed-record", headKey(runId));
    else if (named.sequence > Math.max(0, ...this.digests.sequences))
      found("broken-digests", `${digestKey(named.sequence)} is missing, and ${headKey(runId)} names it`);
  }
}
