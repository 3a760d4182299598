import pMap from "p-map";
import { type ForeignTask, foreignTaskIn } from "../../../handlers/archive/foreign-task";
import { itemCount } from "../../../handlers/archive/items";
import {
  accountListKey,
  outcomesPrefix,
  parseRunKey,
  planKey,
  plansPrefix,
  reportKey,
  runPrefix,
  runsRoot,
  summariesPrefix,
} from "../../../handlers/archive/layout";
import {
  AccountList,
  AccountSummary,
  type Backfill,
  CoverageLine,
  Plan,
  Report,
} from "../../../handlers/archive/records";
import { parseLines, parseRecord, UnreadableRecord } from "../../../handlers/archive/serialization";
import { type ArchiveReader, readText } from "../../../handlers/archive/store";
import { type ReasonCode, reasonCode } from "../../../handlers/contract/reasons";

/** An account of which a run has a plan, and no summary yet. */
export interface RunningAccount {
  readonly account: string;
  readonly name: string;
  /** Exports that its steps have settled, of those that are planned. */
  readonly done: number;
  readonly total: number;
  /** What its latest outcome is about, and when that was. */
  readonly latest?: { readonly logGroup: string; readonly day: string; readonly outcome: string; readonly at: string };
  /** Items that an export task of others held up. */
  readonly heldUp: number;
  /** The export task of others that was in the way last. */
  readonly heldUpBy?: ForeignTask;
}

/** How far a run is, by its own records. */
export interface RunState {
  readonly runId: string;
  readonly startedAt: string;
  readonly deadline: string;
  /** By its report; absent while there is none. */
  readonly finishedAt?: string;
  /** `no-report`: its time is over, and it has no report. It was stopped, has died, or is about to end. */
  readonly status: "running" | "complete" | "incomplete" | "no-report";
  readonly days: readonly string[];
  /** What is left of the backfill that scheduled runs go on with, and the days of it that this one covers. */
  readonly backfill?: Backfill;
  readonly accounts: {
    readonly total: number;
    readonly done: number;
    readonly running: number;
    readonly waiting: number;
    readonly failed: number;
  };
  readonly running: readonly RunningAccount[];
  /** Accounts that are done and in which something failed, with their most frequent reason. */
  readonly failed: readonly {
    readonly account: string;
    readonly name: string;
    readonly items: number;
    readonly reason: string;
  }[];
  /** Export tasks of others that were in the way, as they were seen last: the newest first. */
  readonly foreignTasks: readonly (ForeignTask & { readonly account: string; readonly name: string })[];
  /** What the ended run is red for, by its report: how many log group days for each reason. */
  readonly causes: readonly { readonly reason: string; readonly count: number }[];
  /** Exports that are settled in all accounts, of those in plans so far. */
  readonly items: { readonly done: number; readonly total: number };
  /** Of those, in accounts that are done, what was exported or found empty. */
  readonly archived: number;
  /** Of those, in accounts that are done, what the run's time was not enough for. */
  readonly outOfTime: number;
  /** As stored. */
  readonly bytes: number;
  /** Settled exports an hour since the run began; the end that follows, while it runs and something is known. */
  readonly itemsPerHour: number;
  readonly expectedEnd?: string;
  readonly unreadable: readonly string[];
}

/** Objects read at a time. */
const concurrency = 32;

/** The ids of the runs in the order in which they began. Unreadable lists are passed over. */
export async function runsInOrder(store: ArchiveReader): Promise<string[]> {
  const { folders } = await store.entries(runsRoot);
  const runs = await pMap(
    folders.filter((runId) => parseRunKey(accountListKey(runId)) !== undefined),
    async (runId) => ({ runId, startedAt: (await record(store, accountListKey(runId), AccountList))?.startedAt ?? "" }),
    { concurrency },
  );
  return runs.sort((a, b) => (a.startedAt < b.startedAt ? -1 : 1)).map(({ runId }) => runId);
}

/**
 * Reads how far a run is.
 * @param now epoch milliseconds
 * @returns undefined when the archive has no such run.
 */
export async function readRunState(store: ArchiveReader, runId: string, now: number): Promise<RunState | undefined> {
  const list = await record(store, accountListKey(runId), AccountList);
  if (!list) return undefined;
  const unreadable: string[] = [];
  const damaged = (error: UnreadableRecord) => unreadable.push(error.message);
  const report = await record(store, reportKey(runId), Report, damaged);
  const names = new Map(list.accounts.map(({ id, name }) => [id, name]));
  const summaries = await readSummaries(store, runId, damaged);
  const planned = await accountsWithPlans(store, runId);
  const working = planned.filter((account) => !summaries.has(account));
  const isOver = report !== undefined || Date.parse(list.deadline) < now;
  const running = report
    ? []
    : await pMap(working, (account) => readRunning(store, runId, account, names.get(account) ?? "", damaged), {
        concurrency,
      });
  const total = list.accounts.filter(({ skipped }) => !skipped).length;
  const ended = [...summaries.values()];
  const settled = ended.reduce(
    (sum, { counts: { exported, empty, failed, known } }) => sum + exported + empty + failed + known,
    0,
  );
  const done = settled + running.reduce((sum, account) => sum + account.done, 0);
  const items = { done, total: settled + running.reduce((sum, account) => sum + account.total, 0) };
  const hours = (now - Date.parse(list.startedAt)) / 3_600_000;
  const itemsPerHour = hours > 0 && !isOver ? done / hours : 0;
  const hoursLeft = itemsPerHour > 0 ? (items.total - done) / itemsPerHour : undefined;
  const waiting = Math.max(0, total - ended.length - running.length);
  return {
    runId,
    startedAt: list.startedAt,
    deadline: list.deadline,
    ...(report ? { finishedAt: report.finishedAt } : {}),
    status: report?.status ?? (isOver ? "no-report" : "running"),
    days: list.days.map(({ day }) => day),
    ...(list.backfill && list.backfill.rest.length > 0 ? { backfill: list.backfill } : {}),
    accounts: {
      total,
      done: ended.length,
      running: running.length,
      waiting,
      failed: ended.filter(({ counts }) => counts.failed > 0).length,
    },
    running: running.sort((a, b) => b.total - b.done - (a.total - a.done)),
    failed: ended.flatMap((summary) => failureOf(summary, names)),
    foreignTasks: foreignTasksOf(running, ended, names),
    causes: (report?.causes ?? []).flatMap(({ outcome, reason, count }) =>
      outcome === "failed" ? [{ reason, count }] : [],
    ),
    items,
    archived: ended.reduce((sum, { counts: { exported, empty } }) => sum + exported + empty, 0),
    outOfTime: ended.reduce((sum, { causes }) => sum + countOf(causes, "deadline"), 0),
    bytes: ended.reduce((sum, { bytes }) => sum + bytes, 0),
    itemsPerHour,
    // Accounts without a plan yet may bring any number of items: an end that left them out would be a wrong one.
    ...(hoursLeft !== undefined && waiting === 0 && running.length > 0
      ? { expectedEnd: new Date(now + hoursLeft * 3_600_000).toISOString() }
      : {}),
    unreadable,
  };
}

function countOf(causes: AccountSummary["causes"], code: ReasonCode): number {
  return causes.reduce((sum, { reason, count }) => sum + (reasonCode(reason) === code ? count : 0), 0);
}

function failureOf({ account, counts, causes }: AccountSummary, names: ReadonlyMap<string, string>) {
  if (counts.failed === 0) return [];
  const [worst] = causes.filter(({ outcome }) => outcome === "failed").sort((a, b) => b.count - a.count);
  return [{ account, name: names.get(account) ?? "", items: counts.failed, reason: worst?.reason ?? "" }];
}

function foreignTasksOf(
  running: readonly RunningAccount[],
  ended: readonly AccountSummary[],
  names: ReadonlyMap<string, string>,
): RunState["foreignTasks"] {
  const ofRunning = running.flatMap(({ account, heldUpBy }) => (heldUpBy ? [{ account, ...heldUpBy }] : []));
  const ofEnded = ended.flatMap(({ account, causes }) =>
    causes
      .flatMap(({ examples }) => examples)
      .flatMap(({ reason }) => {
        const task = foreignTaskIn(reason);
        return task ? [{ account, ...task }] : [];
      }),
  );
  const each = new Map([...ofRunning, ...ofEnded].map((task) => [`${task.account} ${task.taskId}`, task]));
  return [...each.values()]
    .map((task) => ({ ...task, name: names.get(task.account) ?? "" }))
    .sort((a, b) => (a.since > b.since ? -1 : 1));
}

async function readSummaries(store: ArchiveReader, runId: string, damaged: (error: UnreadableRecord) => void) {
  const keys: string[] = [];
  for await (const { key } of store.list(summariesPrefix(runId))) keys.push(key);
  const found = await pMap(keys, (key) => record(store, key, AccountSummary, damaged), { concurrency });
  const latest = new Map<string, AccountSummary>();
  for (const summary of found)
    if (summary && summary.at >= (latest.get(summary.account)?.at ?? "")) latest.set(summary.account, summary);
  return latest;
}

async function accountsWithPlans(store: ArchiveReader, runId: string): Promise<string[]> {
  const accounts: string[] = [];
  for await (const { key } of store.list(plansPrefix(runId))) {
    const parsed = parseRunKey(key);
    if (parsed?.kind === "plan") accounts.push(parsed.account);
  }
  return accounts;
}

async function readRunning(
  store: ArchiveReader,
  runId: string,
  account: string,
  name: string,
  damaged: (error: UnreadableRecord) => void,
): Promise<RunningAccount> {
  const plan = await record(store, planKey(runId, account), Plan, damaged);
  const lines: CoverageLine[] = [];
  for await (const { key } of store.list(outcomesPrefix(runId, account))) {
    const text = (await readText(store, key)) ?? "";
    try {
      lines.push(...parseLines(CoverageLine, key, text));
    } catch (error) {
      if (!(error instanceof UnreadableRecord)) throw error;
      damaged(error);
    }
  }
  const settled = new Map(
    lines.filter(({ logGroup }) => logGroup !== null).map((line) => [`${line.day} ${line.logGroup}`, line]),
  );
  const inOrder = lines.filter(({ logGroup }) => logGroup !== null).sort((a, b) => (a.at < b.at ? -1 : 1));
  const latest = inOrder.at(-1);
  const heldUpBy = inOrder.flatMap(({ reason = "" }) => foreignTaskIn(reason) ?? []).at(-1);
  return {
    account,
    name,
    done: settled.size,
    total: plan ? itemCount(plan) : settled.size,
    ...(latest?.logGroup
      ? { latest: { logGroup: latest.logGroup, day: latest.day, outcome: latest.outcome, at: latest.at } }
      : {}),
    heldUp: [...settled.values()].filter(({ reason = "" }) => reasonCode(reason) === "slot-busy").length,
    ...(heldUpBy ? { heldUpBy } : {}),
  };
}

/** A run's report; undefined while there is none. */
export function readReport(store: ArchiveReader, runId: string): Promise<Report | undefined> {
  return record(store, reportKey(runId), Report, (error) => {
    throw error;
  });
}

async function record<T>(
  store: ArchiveReader,
  key: string,
  schema: Parameters<typeof parseRecord<T>>[0],
  damaged: (error: UnreadableRecord) => void = () => {},
): Promise<T | undefined> {
  const text = await readText(store, key);
  if (text === undefined) return undefined;
  try {
    return parseRecord(schema, key, text);
  } catch (error) {
    if (!(error instanceof UnreadableRecord)) throw error;
    damaged(error);
    return undefined;
  }
}

/** Whether an archive has records of a run at all. */
export function isRunId(runId: string): boolean {
  return parseRunKey(`${runPrefix(runId)}accounts.json`) !== undefined;
}
