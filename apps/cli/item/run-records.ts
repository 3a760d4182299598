import pMap from "p-map";
import { Head, type Leaves, leavesOf, parseDigest, type StoredDigest } from "../../../handlers/archive/digests";
import { sha256Hex } from "../../../handlers/archive/hashing";
import {
  accountListKey,
  digestKey,
  headKey,
  parseRunKey,
  planKey,
  reportKey,
  runsRoot,
  signatureKey,
} from "../../../handlers/archive/layout";
import { AccountList, Plan, Report } from "../../../handlers/archive/records";
import { parseRecord, UnreadableRecord } from "../../../handlers/archive/serialization";
import type { ArchiveReader } from "../../../handlers/archive/store";

/** A record, and the object that holds it. */
export interface Kept<T> {
  readonly key: string;
  /** Of the bytes as stored. */
  readonly sha256: string;
  readonly record: T;
}

/** A run's digest, with what it names. */
export interface RunDigest {
  readonly stored: StoredDigest;
  readonly leaves: Leaves;
  readonly isSigned: boolean;
}

/** Objects read at a time. */
const concurrency = 16;

/** Reads records of an archive; those that cannot be read are named and left out. */
export class RecordReader {
  private readonly damaged = new Set<string>();

  constructor(readonly store: ArchiveReader) {}

  /** What is wrong with the records that could not be read. */
  get unreadable(): readonly string[] {
    return [...this.damaged];
  }

  async record<T>(key: string, parse: (text: string) => T): Promise<Kept<T> | undefined> {
    const bytes = await this.store.read(key);
    const record = bytes && this.readable(() => parse(bytes.toString("utf8")));
    return bytes === undefined || record === undefined ? undefined : { key, sha256: sha256Hex(bytes), record };
  }

  readable<T>(parse: () => T): T | undefined {
    try {
      return parse();
    } catch (error) {
      if (!(error instanceof UnreadableRecord)) throw error;
      this.damaged.add(error.message);
      return undefined;
    }
  }
}

/** What runs have left about one account, each record read once. Plans are forgotten with the runs that are left behind. */
export class RunRecords {
  private lists: Promise<readonly Kept<AccountList>[]> | undefined;
  private readonly plans = new Map<string, Promise<Kept<Plan> | undefined>>();
  private readonly digests = new Map<string, Promise<RunDigest | undefined>>();

  constructor(
    private readonly reader: RecordReader,
    private readonly account: string,
  ) {}

  /** In the order in which the runs began. */
  accountLists(): Promise<readonly Kept<AccountList>[]> {
    this.lists ??= this.readLists();
    return this.lists;
  }

  /** The runs that covered a day. */
  async covering(day: string): Promise<readonly Kept<AccountList>[]> {
    const lists = await this.accountLists();
    const covering = lists.filter(({ record }) => record.days.some((one) => one.day === day));
    const runIds = new Set(covering.map(({ record }) => record.runId));
    for (const runId of this.plans.keys()) if (!runIds.has(runId)) this.plans.delete(runId);
    return covering;
  }

  plan(runId: string): Promise<Kept<Plan> | undefined> {
    const key = planKey(runId, this.account);
    return once(this.plans, runId, () => this.reader.record(key, (text) => parseRecord(Plan, key, text)));
  }

  report(runId: string): Promise<Kept<Report> | undefined> {
    const key = reportKey(runId);
    return this.reader.record(key, (text) => parseRecord(Report, key, text));
  }

  /** A run's head names its digest: the rest of the chain need not be read. */
  digest(runId: string): Promise<RunDigest | undefined> {
    return once(this.digests, runId, () => this.readDigest(runId));
  }

  private async readDigest(runId: string): Promise<RunDigest | undefined> {
    const { reader } = this;
    const head = await reader.record(headKey(runId), (text) => parseRecord(Head, headKey(runId), text));
    if (!head) return undefined;
    const key = digestKey(head.record.sequence);
    const bytes = await reader.store.read(key);
    const stored = bytes && reader.readable(() => parseDigest(key, bytes));
    if (!stored) return undefined;
    const named = stored.digest.leaves && (await reader.store.read(stored.digest.leaves.key));
    const leaves = reader.readable(() => leavesOf(stored.digest, named)) ?? { seals: [], coverage: [], records: [] };
    return {
      stored,
      leaves,
      isSigned: (await reader.store.read(signatureKey(stored.digest.sequence))) !== undefined,
    };
  }

  private async readLists(): Promise<Kept<AccountList>[]> {
    const { folders } = await this.reader.store.entries(runsRoot);
    const keys = folders.map(accountListKey).filter((key) => parseRunKey(key) !== undefined);
    const lists = await pMap(keys, (key) => this.reader.record(key, (text) => parseRecord(AccountList, key, text)), {
      concurrency,
    });
    return lists
      .flatMap((list) => list ?? [])
      .sort((a, b) => compare(a.record.startedAt, b.record.startedAt) || compare(a.key, b.key));
  }
}

function once<T>(known: Map<string, Promise<T>>, id: string, read: () => Promise<T>): Promise<T> {
  const begun = known.get(id) ?? read();
  known.set(id, begun);
  return begun;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
