import pMap from "p-map";
import { parseCoverage } from "../../../handlers/archive/coverage";
import { type Digest, Head, leavesOf, parseDigest } from "../../../handlers/archive/digests";
import { Expectations } from "../../../handlers/archive/expectations";
import {
  accountListKey,
  coveragePrefix,
  digestKey,
  headKey,
  logGroupHash,
  outcomesPrefix,
  parseReceiptKey,
  parseRunKey,
  planKey,
  receiptsPrefix,
  regionOfBucket,
  reportKey,
  runsRoot,
  sealsPrefix,
  signatureKey,
  summariesPrefix,
} from "../../../handlers/archive/layout";
import { parseReceipt } from "../../../handlers/archive/receipts";
import { AccountList, CoverageLine, Plan, type Receipt, Report } from "../../../handlers/archive/records";
import { parseSeal, type Seal } from "../../../handlers/archive/seals";
import { parseLines, parseRecord, UnreadableRecord } from "../../../handlers/archive/serialization";
import { standingCoverage } from "../../../handlers/archive/standing-coverage";
import { type ArchiveReader, readText } from "../../../handlers/archive/store";

/** A log group's day in an account. */
export interface AskedItem {
  readonly account: string;
  readonly logGroup: string;
  readonly day: string;
}

/** A record, and the key of the object that holds it. */
export interface Kept<T> {
  readonly key: string;
  readonly record: T;
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
  /** The newest run, whatever it covered. */
  readonly newestRun: AccountList | undefined;
  /** Log groups that runs listed in the account. */
  readonly logGroups: readonly string[];
  /** Records that cannot be read. */
  readonly unreadable: readonly string[];
}

/** Objects read at a time. */
const concurrency = 16;

/** Reads what one Region's archive has on record about an item. Records that cannot be read are named and left out. */
export function readItem(store: ArchiveReader, item: AskedItem): Promise<ItemRecords> {
  return new ItemReading(store, item).read();
}

class ItemReading {
  private readonly unreadable = new Set<string>();

  constructor(
    private readonly store: ArchiveReader,
    private readonly item: AskedItem,
  ) {}

  async read(): Promise<ItemRecords> {
    const { account, logGroup, day } = this.item;
    const lists = await this.accountLists();
    const covering = lists.filter(({ record }) => record.days.some((one) => one.day === day));
    const runs = await pMap(covering, (list) => this.run(list), { concurrency });
    const [receipts, coverage] = [await this.receipts(), await this.coverage()];
    const seals = await this.seals([...receipts, ...coverage].map(({ key }) => key));
    const named = [...seals, ...coverage].map(({ key }) => key);
    const runIds = [...runs.map(({ list }) => list.record.runId), ...seals.map(({ record }) => record.runId)];
    const standing = await this.standing(lists, runs);
    return {
      region: regionOfBucket(this.store.bucket) ?? this.store.bucket,
      runs,
      receipts,
      coverage,
      seals,
      digests: await this.digests(new Set(runIds), new Set(named)),
      standing: standing.find((line) => line.logGroup === logGroup),
      account: standing.find((line) => line.account === account && line.logGroup === null),
      newestRun: lists.at(-1)?.record,
      logGroups: [...new Set(runs.flatMap(({ plan }) => plan?.record.logGroups.map(({ name }) => name) ?? []))],
      unreadable: [...this.unreadable],
    };
  }

  private async accountLists(): Promise<Kept<AccountList>[]> {
    const { folders } = await this.store.entries(runsRoot);
    const keys = folders.map(accountListKey).filter((key) => parseRunKey(key) !== undefined);
    const lists = await pMap(keys, (key) => this.record(key, (text) => parseRecord(AccountList, key, text)), {
      concurrency,
    });
    return lists
      .flatMap((list) => list ?? [])
      .sort((a, b) => compare(a.record.startedAt, b.record.startedAt) || compare(a.key, b.key));
  }

  private async run(list: Kept<AccountList>): Promise<CoveringRun> {
    const { runId } = list.record;
    const { account } = this.item;
    const plan = planKey(runId, account);
    const report = reportKey(runId);
    const found = {
      plan: await this.record(plan, (text) => parseRecord(Plan, plan, text)),
      report: await this.record(report, (text) => parseRecord(Report, report, text)),
    };
    return {
      list,
      ...(found.plan ? { plan: found.plan } : {}),
      ...(found.report ? { report: found.report } : {}),
      outcomes: await this.lines(outcomesPrefix(runId, account), (key, text) => {
        // Most lines of an account are about other log groups: only what may be about this one is parsed.
        const ofDay = text.split("\n").filter((line) => line.includes(`"day":"${this.item.day}"`));
        return parseLines(CoverageLine, key, ofDay.join("\n"));
      }),
    };
  }

  private async receipts(): Promise<Kept<Receipt>[]> {
    const { account, logGroup, day } = this.item;
    const found: Kept<Receipt>[] = [];
    for await (const { key } of this.store.list(`${receiptsPrefix(day, account)}${logGroupHash(logGroup)}.`)) {
      const receipt = await this.record(key, (text) => parseReceipt(key, text));
      if (receipt) found.push(receipt);
    }
    return found.sort((a, b) => numberOf(a) - numberOf(b));
  }

  private coverage(): Promise<Kept<CoverageLine>[]> {
    return this.lines(coveragePrefix(this.item.day, this.item.account), parseCoverage);
  }

  private async lines(
    prefix: string,
    parse: (key: string, text: string) => readonly CoverageLine[],
  ): Promise<Kept<CoverageLine>[]> {
    const { logGroup, day } = this.item;
    const found: Kept<CoverageLine>[] = [];
    for await (const { key } of this.store.list(prefix)) {
      const lines = await this.record(key, (text) => parse(key, text));
      for (const record of lines?.record ?? [])
        if (record.day === day && (record.logGroup === logGroup || record.logGroup === null))
          found.push({ key, record });
    }
    return found;
  }

  private async seals(keys: readonly string[]): Promise<Kept<Seal>[]> {
    const { account, day } = this.item;
    const wanted = new Set(keys);
    const found: Kept<Seal>[] = [];
    for await (const { key } of this.store.list(sealsPrefix(day, account))) {
      const seal = await this.record(key, (text) => parseSeal(key, Buffer.from(text)).seal);
      const { items = [], coverage = [] } = seal?.record ?? {};
      if (
        seal &&
        [...items.map(({ receipt }) => receipt), ...coverage.map((one) => one.key)].some((one) => wanted.has(one))
      )
        found.push(seal);
    }
    return found.sort((a, b) => a.record.n - b.record.n);
  }

  /** A run's head names its digest: the rest of the chain need not be read. */
  private async digests(runIds: ReadonlySet<string>, wanted: ReadonlySet<string>): Promise<NamingDigest[]> {
    const found: NamingDigest[] = [];
    for (const runId of runIds) {
      const head = await this.record(headKey(runId), (text) => parseRecord(Head, headKey(runId), text));
      if (!head) continue;
      const { sequence } = head.record;
      const key = digestKey(sequence);
      const digest = await this.record(key, (text) => parseDigest(key, Buffer.from(text)).digest);
      if (!digest) continue;
      const leaves = digest.record.leaves ? await this.store.read(digest.record.leaves.key) : undefined;
      const { seals, coverage } = this.readable(() => leavesOf(digest.record, leaves)) ?? { seals: [], coverage: [] };
      const names = [...seals, ...coverage].map((one) => one.key).filter((one) => wanted.has(one));
      if (names.length > 0)
        found.push({ ...digest, names, isSigned: (await this.store.read(signatureKey(sequence))) !== undefined });
    }
    return found;
  }

  private async standing(
    lists: readonly Kept<AccountList>[],
    runs: readonly CoveringRun[],
  ): Promise<readonly CoverageLine[]> {
    const { account, day } = this.item;
    const expectations = new Expectations();
    for (const { record } of lists) expectations.addRun(record);
    for (const { plan } of runs) if (plan && !(await this.isRecorded(plan.record))) expectations.addPlan(plan.record);
    const range = { from: day, to: day };
    const lines: CoverageLine[] = [];
    for await (const ofDay of standingCoverage(this.store, { accounts: [account], ...range }, expectations, range))
      lines.push(...ofDay);
    return lines;
  }

  /** Where a run has recorded the account, every item that it planned has a line of coverage. */
  private async isRecorded({ runId, account }: Plan): Promise<boolean> {
    for await (const _ of this.store.list(`${summariesPrefix(runId)}${account}.`)) return true;
    return false;
  }

  private async record<T>(key: string, parse: (text: string) => T): Promise<Kept<T> | undefined> {
    const text = await readText(this.store, key);
    const record = text === undefined ? undefined : this.readable(() => parse(text));
    return record === undefined ? undefined : { key, record };
  }

  private readable<T>(parse: () => T): T | undefined {
    try {
      return parse();
    } catch (error) {
      if (!(error instanceof UnreadableRecord)) throw error;
      this.unreadable.add(error.message);
      return undefined;
    }
  }
}

function numberOf({ key }: Kept<Receipt>): number {
  return parseReceiptKey(key)?.n ?? 0;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
