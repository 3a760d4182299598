import pMap from "p-map";
import { parseCoverage } from "../../../handlers/archive/coverage";
import type { Digest } from "../../../handlers/archive/digests";
import { Expectations } from "../../../handlers/archive/expectations";
import {
  coveragePrefix,
  logGroupHash,
  outcomesPrefix,
  parseReceiptKey,
  receiptsPrefix,
  regionOfBucket,
  sealsPrefix,
  summariesPrefix,
} from "../../../handlers/archive/layout";
import { parseReceipt } from "../../../handlers/archive/receipts";
import {
  type AccountList,
  CoverageLine,
  type Plan,
  type Receipt,
  type Report,
} from "../../../handlers/archive/records";
import { parseSeal, type Seal } from "../../../handlers/archive/seals";
import { parseLines } from "../../../handlers/archive/serialization";
import { standingCoverage } from "../../../handlers/archive/standing-coverage";
import type { ArchiveReader } from "../../../handlers/archive/store";
import { type Kept, RecordReader, RunRecords } from "./run-records";

/** A log group's day in an account. */
export interface AskedItem {
  readonly account: string;
  readonly logGroup: string;
  readonly day: string;
}

/** A run that covered the day, and what it left about the account. */
export interface CoveringRun {
  readonly list: Kept<AccountList>;
  readonly plan?: Kept<Plan>;
  readonly report?: Kept<Report>;
  /** What its steps said of the log group, or of the account as a whole. */
  readonly outcomes: readonly Kept<CoverageLine>[];
}

/** A digest that names records of the item. */
export interface NamingDigest extends Kept<Digest> {
  readonly isSigned: boolean;
  /** Keys of the seals and coverage objects. */
  readonly names: readonly string[];
}

/** Everything that a Region's archive has on record about an item. */
export interface ItemRecords {
  readonly region: string;
  /** In the order in which they began. */
  readonly runs: readonly CoveringRun[];
  /** In the order of their numbers. */
  readonly receipts: readonly Kept<Receipt>[];
  /** Lines about the log group, and about the account as a whole. */
  readonly coverage: readonly Kept<CoverageLine>[];
  /** Those that bind a receipt of the item, or coverage that speaks of it. */
  readonly seals: readonly Kept<Seal>[];
  readonly digests: readonly NamingDigest[];
  /** What stands of the log group, by the rule that coverage has; undefined where nothing does. */
  readonly standing: CoverageLine | undefined;
  /** What stands of the account as a whole. */
  readonly account: CoverageLine | undefined;
  /** Of all runs, whatever they covered, in the order in which they began. */
  readonly lists: readonly AccountList[];
  /** Log groups that runs listed in the account. */
  readonly logGroups: readonly string[];
  /** Records that cannot be read. */
  readonly unreadable: readonly string[];
}

/** Objects read at a time. */
const concurrency = 16;

/** Reads what one Region's archive has on record about an item. */
export function readItem(store: ArchiveReader, item: AskedItem): Promise<ItemRecords> {
  return new AccountReading(store, item.account).read(item);
}

type Item = Pick<AskedItem, "logGroup" | "day">;

/**
 * Reads what one Region's archive has on record about items of an account, best in the order of their days. Records that cannot
 * be read are named and left out.
 */
export class AccountReading {
  private readonly reader: RecordReader;
  private readonly runRecords: RunRecords;

  constructor(
    private readonly store: ArchiveReader,
    private readonly account: string,
  ) {
    this.reader = new RecordReader(store);
    this.runRecords = new RunRecords(this.reader, account);
  }

  async read(item: Item): Promise<ItemRecords> {
    const { logGroup, day } = item;
    const lists = await this.runRecords.accountLists();
    const covering = await this.runRecords.covering(day);
    const runs = await pMap(covering, (list) => this.run(list, item), { concurrency });
    const [receipts, coverage] = [await this.receipts(day, logGroup), await this.coverage(item)];
    const seals = await this.seals(
      day,
      [...receipts, ...coverage].map(({ key }) => key),
    );
    const named = [...seals, ...coverage].map(({ key }) => key);
    const runIds = [...runs.map(({ list }) => list.record.runId), ...seals.map(({ record }) => record.runId)];
    const standing = await this.standing(day, lists, runs);
    return {
      region: regionOfBucket(this.store.bucket) ?? this.store.bucket,
      runs,
      receipts,
      coverage,
      seals,
      digests: await this.digests(new Set(runIds), new Set(named)),
      standing: standing.find((line) => line.logGroup === logGroup),
      account: standing.find((line) => line.account === this.account && line.logGroup === null),
      lists: lists.map(({ record }) => record),
      logGroups: [...new Set(runs.flatMap(({ plan }) => plan?.record.logGroups.map(({ name }) => name) ?? []))],
      unreadable: this.reader.unreadable,
    };
  }

  private async run(list: Kept<AccountList>, item: Item): Promise<CoveringRun> {
    const { runId } = list.record;
    const plan = await this.runRecords.plan(runId);
    const report = await this.runRecords.report(runId);
    const outcomes = await this.lines(outcomesPrefix(runId, this.account), item, (key, text) => {
      // Most lines of an account are about other days: only what may be about this one is parsed.
      const ofDay = text.split("\n").filter((line) => line.includes(`"day":"${item.day}"`));
      return parseLines(CoverageLine, key, ofDay.join("\n"));
    });
    return { list, ...(plan ? { plan } : {}), ...(report ? { report } : {}), outcomes };
  }

  private async receipts(day: string, logGroup: string): Promise<Kept<Receipt>[]> {
    const found: Kept<Receipt>[] = [];
    for await (const { key } of this.store.list(`${receiptsPrefix(day, this.account)}${logGroupHash(logGroup)}.`)) {
      const receipt = await this.reader.record(key, (text) => parseReceipt(key, text));
      if (receipt) found.push(receipt);
    }
    return found.sort((a, b) => numberOf(a) - numberOf(b));
  }

  private coverage(item: Item): Promise<Kept<CoverageLine>[]> {
    return this.lines(coveragePrefix(item.day, this.account), item, parseCoverage);
  }

  private async lines(
    prefix: string,
    { logGroup, day }: Item,
    parse: (key: string, text: string) => readonly CoverageLine[],
  ): Promise<Kept<CoverageLine>[]> {
    const found: Kept<CoverageLine>[] = [];
    for await (const { key } of this.store.list(prefix)) {
      const lines = await this.reader.record(key, (text) => parse(key, text));
      for (const record of lines?.record ?? [])
        if (lines && record.day === day && (record.logGroup === logGroup || record.logGroup === null))
          found.push({ ...lines, record });
    }
    return found;
  }

  private async seals(day: string, keys: readonly string[]): Promise<Kept<Seal>[]> {
    const wanted = new Set(keys);
    const found: Kept<Seal>[] = [];
    for await (const { key } of this.store.list(sealsPrefix(day, this.account))) {
      const seal = await this.reader.record(key, (text) => parseSeal(key, Buffer.from(text)).seal);
      const { items = [], coverage = [] } = seal?.record ?? {};
      if (
        seal &&
        [...items.map(({ receipt }) => receipt), ...coverage.map((one) => one.key)].some((one) => wanted.has(one))
      )
        found.push(seal);
    }
    return found.sort((a, b) => a.record.n - b.record.n);
  }

  private async digests(runIds: ReadonlySet<string>, wanted: ReadonlySet<string>): Promise<NamingDigest[]> {
    const found: NamingDigest[] = [];
    for (const runId of runIds) {
      const digest = await this.runRecords.digest(runId);
      if (!digest) continue;
      const { stored, leaves, isSigned } = digest;
      const names = [...leaves.seals, ...leaves.coverage].map(({ key }) => key).filter((key) => wanted.has(key));
      const { key, sha256, digest: record } = stored;
      if (names.length > 0) found.push({ key, sha256, record, names, isSigned });
    }
    return found;
  }

  private async standing(
    day: string,
    lists: readonly Kept<AccountList>[],
    runs: readonly CoveringRun[],
  ): Promise<readonly CoverageLine[]> {
    const range = { from: day, to: day };
    const expectations = new Expectations({ asked: range });
    for (const { record } of lists) expectations.addRun(record);
    for (const { plan } of runs) if (plan && !(await this.isRecorded(plan.record))) expectations.addPlan(plan.record);
    const lines: CoverageLine[] = [];
    for await (const ofDay of standingCoverage(this.store, { accounts: [this.account], ...range }, expectations))
      lines.push(...ofDay);
    return lines;
  }

  /** Where a run has recorded the account, every item that it planned has a line of coverage. */
  private async isRecorded({ runId, account }: Plan): Promise<boolean> {
    for await (const _ of this.store.list(`${summariesPrefix(runId)}${account}.`)) return true;
    return false;
  }
}

function numberOf({ key }: Kept<Receipt>): number {
  return parseReceiptKey(key)?.n ?? 0;
}
