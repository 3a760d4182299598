import pMap, { pMapSkip } from "p-map";
import { type ReasonCode, reason } from "../contract/reasons";
import { coverageOf, parseCoverage } from "./coverage";
import type { Expectations } from "./expectations";
import {
  accountOfFolder,
  coverageOfDay,
  coveragePrefix,
  coverageRoot,
  dayOfFolder,
  logGroupHash,
  parseReceiptKey,
  planKey,
  receiptsOfDay,
  receiptsPrefix,
  receiptsRoot,
  regionOfBucket,
} from "./layout";
import { isDayInRange, type Range } from "./range";
import { parseReceipt } from "./receipts";
import { type CoverageLine, Plan, type PlannedLogGroup, type Receipt } from "./records";
import { parseRecord, UnreadableRecord } from "./serialization";
import { StandingLines, standingReceipts } from "./standing";
import { type ArchiveReader, readText } from "./store";

/** Objects read at a time. */
const concurrency = 32;

/** Stands for the run of a line that no run wrote. */
const noRun = "none";

/**
 * What became of everything that an archive should hold, a day at a time: of every item the line that stands, and where a
 * receipt stands, what it says. These are failures too: what coverage calls exported without a receipt, a record that cannot be
 * read, and what is owed by what runs covered and planned, and nothing is on record of. Receipts that coverage agrees with are
 * not read: that is for verifying.
 */
export async function* standingCoverage(
  store: ArchiveReader,
  range: Range,
  expectations: Expectations,
): AsyncGenerator<CoverageLine[]> {
  const recorded = await Promise.all([coverageRoot, receiptsRoot].map((root) => store.entries(root)));
  const days = new Set(recorded.flatMap(({ folders }) => folders.flatMap((folder) => dayOfFolder(folder) ?? [])));
  for (const day of expectations.days()) days.add(day);
  // A copy of a bucket may have any name: then its records say of which Region they are.
  let region = regionOfBucket(store.bucket);
  for (const day of [...days].filter((day) => isDayInRange(day, range)).sort()) {
    const lines = await new CoverageOfDay(store, day, range, expectations, region).read();
    region ??= lines.find(({ runId }) => runId !== noRun)?.region;
    yield lines;
  }
}

class CoverageOfDay {
  private readonly standing = new StandingLines();
  private readonly broken: CoverageLine[] = [];
  private readonly plans = new Map<string, Promise<ReadonlyMap<string, PlannedLogGroup>>>();

  constructor(
    private readonly store: ArchiveReader,
    private readonly day: string,
    private readonly range: Range,
    private readonly expectations: Expectations,
    private readonly region = store.bucket,
  ) {}

  async read(): Promise<CoverageLine[]> {
    const { day } = this;
    const coverage = await this.keys(coverageOfDay(day), (account) => coveragePrefix(day, account));
    const receipts = standingReceipts(
      await this.keys(receiptsOfDay(day), (account) => receiptsPrefix(day, account)),
      (key) => key,
    );
    for (const lines of await this.readAll(coverage, (key, text) => parseCoverage(key, text)))
      for (const line of lines) this.standing.add(line);
    const lines = new Map([...this.standing.values()].map((line) => [itemOf(line), line]));
    const receipted = new Map(receipts.flatMap((key) => this.itemOfKey(key)));
    for (const [item, line] of lines)
      if (line.taskIds && !receipted.has(item))
        lines.set(item, { ...line, outcome: "failed", reason: missingReceipt(line.taskIds) });
    const unknown = [...receipted].filter(([item]) => !lines.get(item)?.taskIds).map(([, key]) => key);
    for (const receipt of await this.readAll(unknown, parseReceipt)) {
      const { runId, at } = receipt;
      lines.set(itemOf(receipt), coverageOf(receipt, await this.plannedGroup(receipt), { runId, at }));
    }
    return [...lines.values(), ...this.broken, ...this.unrecorded(lines)];
  }

  /** What a run covered or planned, and nothing says what became of it. */
  private unrecorded(lines: ReadonlyMap<string, CoverageLine>): CoverageLine[] {
    const { day } = this;
    const ofPartialRun = ({ runId, account }: CoverageLine) =>
      this.expectations.partial().has(runId) && !this.expectations.isCovered(account, day);
    const told = [...lines.values(), ...this.broken].filter((line) => !ofPartialRun(line));
    const heard = new Set(told.map(({ account }) => account));
    return this.expectations.accountsSeen().flatMap((account) => {
      const owed = this.expectations.owed(account, day);
      if (!owed || (this.range.accounts && !this.range.accounts.includes(account))) return [];
      const planned = [...this.expectations.planned(account, day)].filter(
        ([logGroup]) => !lines.has(itemOf({ account, logGroup })),
      );
      if (planned.length > 0)
        return planned.map(([logGroup, runId]) =>
          this.failure(account, logGroup, "no-record", `planned by run ${runId}`),
        );
      return heard.has(account) ? [] : [this.failure(account, null, owed)];
    });
  }

  private failure(account: string, logGroup: string | null, code: ReasonCode, detail?: string): CoverageLine {
    const { day, region } = this;
    const at = new Date(0).toISOString();
    return { account, region, logGroup, day, outcome: "failed", reason: reason(code, detail), runId: noRun, at };
  }

  /** Whether retention had begun to delete it, only the plan of the receipt's run can tell. */
  private async plannedGroup({ runId, account, logGroup }: Receipt): Promise<PlannedLogGroup | undefined> {
    const key = planKey(runId, account);
    const plan = this.plans.get(key) ?? this.readPlan(key);
    this.plans.set(key, plan);
    return (await plan).get(logGroup);
  }

  private async readPlan(key: string): Promise<ReadonlyMap<string, PlannedLogGroup>> {
    const text = await readText(this.store, key);
    if (text === undefined) return new Map();
    try {
      return new Map(parseRecord(Plan, key, text).logGroups.map((group) => [group.name, group]));
    } catch (error) {
      if (error instanceof UnreadableRecord) return new Map();
      throw error;
    }
  }

  private async keys(ofDay: string, ofAccount: (account: string) => string): Promise<string[]> {
    const keys: string[] = [];
    for (const prefix of this.range.accounts?.map(ofAccount) ?? [ofDay])
      for await (const { key } of this.store.list(prefix)) keys.push(key);
    return keys;
  }

  private itemOfKey(key: string): [string, string][] {
    const parsed = parseReceiptKey(key);
    return parsed ? [[`${parsed.account} ${parsed.logGroupHash}`, key]] : [];
  }

  private readAll<T>(keys: readonly string[], parse: (key: string, text: string) => T): Promise<T[]> {
    const read = async (key: string) => {
      try {
        return parse(key, (await readText(this.store, key)) ?? "");
      } catch (error) {
        if (!(error instanceof UnreadableRecord)) throw error;
        this.broken.push(this.unreadable(key, error));
        return pMapSkip;
      }
    };
    return pMap(keys, read, { concurrency });
  }

  /** Which log group a record that cannot be read is about is not known: the account's day is not complete. */
  private unreadable(key: string, { message }: UnreadableRecord): CoverageLine {
    const folder = key.split("/")[2] ?? "";
    return this.failure(accountOfFolder(folder) ?? folder, null, "unreadable-record", message);
  }
}

/** No query reads the data: nothing says that it is whole. */
function missingReceipt(taskIds: readonly string[]): string {
  return reason("missing-receipt", `export task ${taskIds.join(", ")}`);
}

function itemOf({ account, logGroup }: Pick<CoverageLine, "account" | "logGroup">): string {
  return `${account} ${logGroup === null ? "" : logGroupHash(logGroup)}`;
}
