import pMap from "p-map";
import { type CoveragePorts, writeAccountCoverage } from "../archive/account-coverage";
import { lineOf, putCoverage } from "../archive/coverage";
import { accountListKey, parseRunKey, plansPrefix, reportKey, summariesPrefix } from "../archive/layout";
import { AccountList, AccountSummary, type CoverageLine, type ListedAccount, Report } from "../archive/records";
import { parseRecord, UnreadableRecord } from "../archive/serialization";
import { type ArchiveReader, readText } from "../archive/store";
import { SummaryOfAccount } from "../archive/summary";
import { executionDied } from "../contract/errors";
import type { ReportRunInput } from "../contract/messages";
import { reason } from "../contract/reasons";
import { makeReport } from "./report";
import { addSealing } from "./sealing";
import { SkippedBefore } from "./skipped-before";

/** Objects read or written at a time. */
const concurrency = 32;

/** Bytes of a plan from which an account is closed by itself: several such plans would not fit the function's memory. */
const largePlan = 1024 ** 2;

/**
 * Ends a run: records the accounts that were left out and those whose execution died, and writes `runs/<run id>/report.json`.
 * A report that an earlier attempt wrote stands. An account whose records cannot be read fails by itself.
 */
export async function reportRun(input: ReportRunInput, ports: CoveragePorts): Promise<Report> {
  const { archive, clock, region } = ports;
  const { run } = input;
  const listKey = accountListKey(run.runId);
  const list = parseRecord(AccountList, listKey, await readText(archive, listKey));
  const { summaries, damaged } = await readSummaries(archive, run.runId);
  const skipped = list.accounts.filter((account) => account.skipped && !summaries.has(account.id));
  const died = list.accounts.filter(({ id, skipped }) => !skipped && !summaries.has(id) && !damaged.has(id));
  const skippedBefore = await SkippedBefore.read(archive, run);
  const closed = [
    ...(await pMap(skipped, (account) => recordSkipped(account, skippedBefore, input, ports), { concurrency })),
    ...(await closeAll(died, input, ports)),
    ...(await pMap(damaged, ([account, error]) => recordUnreadable(account, error, run, ports), { concurrency })),
  ];
  for (const summary of closed) summaries.set(summary.account, summary);
  await addSealing(summaries, list, ports);
  const report = makeReport(list, region, summaries, input, clock.now());
  const key = reportKey(run.runId);
  const written = await archive.putOnce(key, JSON.stringify(report), "application/json");
  return written === "written" ? report : parseRecord(Report, key, await readText(archive, key));
}

interface Summaries {
  readonly summaries: Map<string, AccountSummary>;
  /** By account, why none of its summaries can be read. */
  readonly damaged: Map<string, UnreadableRecord>;
}

/** The summary of every account that has one; of several the last. */
async function readSummaries(archive: ArchiveReader, runId: string): Promise<Summaries> {
  const keys: string[] = [];
  for await (const { key } of archive.list(summariesPrefix(runId))) keys.push(key);
  const latest = new Map<string, AccountSummary>();
  const damaged = new Map<string, UnreadableRecord>();
  const read = async (key: string) => {
    const text = await readText(archive, key);
    try {
      const summary = parseRecord(AccountSummary, key, text);
      const standing = latest.get(summary.account);
      if (!standing || standing.at <= summary.at) latest.set(summary.account, summary);
    } catch (error) {
      if (!(error instanceof UnreadableRecord)) throw error;
      const parsed = parseRunKey(key);
      if (parsed?.kind === "summary") damaged.set(parsed.account, error);
    }
  };
  await pMap(keys, read, { concurrency });
  for (const account of latest.keys()) damaged.delete(account);
  return { summaries: latest, damaged };
}

/** Records the accounts whose execution left no summary. */
async function closeAll(
  accounts: readonly ListedAccount[],
  { run, settings }: ReportRunInput,
  ports: CoveragePorts,
): Promise<AccountSummary[]> {
  const sizes = new Map<string, number>();
  if (accounts.length > 0)
    for await (const { key, size } of ports.archive.list(plansPrefix(run.runId))) {
      const parsed = parseRunKey(key);
      if (parsed?.kind === "plan") sizes.set(parsed.account, size);
    }
  const isLarge = ({ id }: ListedAccount) => (sizes.get(id) ?? 0) >= largePlan;
  const close = async ({ id: account }: ListedAccount): Promise<AccountSummary> => {
    try {
      return await writeAccountCoverage({ run, account, error: { Error: executionDied }, settings }, ports);
    } catch (error) {
      if (!(error instanceof UnreadableRecord)) throw error;
      return recordUnreadable(account, error, run, ports);
    }
  };
  const small = await pMap(
    accounts.filter((account) => !isLarge(account)),
    close,
    { concurrency },
  );
  const large = await pMap(accounts.filter(isLarge), close, { concurrency: 1 });
  return [...small, ...large];
}

/** A damaged plan or outcome says nothing of its account, and must not cost the others their report. */
async function recordUnreadable(
  account: string,
  { message }: UnreadableRecord,
  run: ReportRunInput["run"],
  { archive, clock, region }: CoveragePorts,
): Promise<AccountSummary> {
  const summary = new SummaryOfAccount(account, run.runId);
  for (const { day } of run.days) {
    const item = { account, region, logGroup: null, day, outcome: "failed" } as const;
    const line = { ...item, reason: reason("unreadable-record", message), ...lineOf(run, clock) };
    await putCoverage(archive, run.runId, [line]);
    summary.add(line);
  }
  return summary.at(clock.now());
}

async function recordSkipped(
  account: ListedAccount,
  skippedBefore: SkippedBefore,
  { run }: ReportRunInput,
  { archive, clock, region }: CoveragePorts,
): Promise<AccountSummary> {
  const summary = new SummaryOfAccount(account.id, run.runId);
  for (const { day } of run.days) {
    const item = { account: account.id, region, logGroup: null, day, outcome: "skipped" } as const;
    const line: CoverageLine = { ...item, reason: account.skipped, ...lineOf(run, clock) };
    if (!skippedBefore.has(account, day)) await putCoverage(archive, run.runId, [line]);
    summary.add(line);
  }
  return summary.at(clock.now());
}
