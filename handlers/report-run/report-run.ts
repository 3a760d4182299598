import pMap from "p-map";
import { type CoveragePorts, writeAccountCoverage } from "../archive/account-coverage";
import { lineOf, putCoverage } from "../archive/coverage";
import { accountListKey, reportKey, summariesPrefix } from "../archive/layout";
import { AccountList, AccountSummary, type CoverageLine, type ListedAccount, Report } from "../archive/records";
import { parseRecord } from "../archive/serialization";
import { type ArchiveReader, readText } from "../archive/store";
import { summarize } from "../archive/summary";
import { executionDied } from "../contract/errors";
import type { ReportRunInput } from "../contract/messages";
import { makeReport } from "./report";

/** Objects read or written at a time. */
const concurrency = 32;

/**
 * Ends a run: records the accounts that were left out and those whose execution died, and writes `runs/<run id>/report.json`.
 * A report that an earlier attempt wrote stands.
 */
export async function reportRun(input: ReportRunInput, ports: CoveragePorts): Promise<Report> {
  const { archive, clock, region } = ports;
  const { run } = input;
  const listKey = accountListKey(run.runId);
  const list = parseRecord(AccountList, listKey, await readText(archive, listKey));
  const summaries = await readSummaries(archive, run.runId);
  const close = async (account: ListedAccount): Promise<AccountSummary> => {
    const standing = summaries.get(account.id);
    if (standing) return standing;
    if (account.skipped) return recordSkipped(account, account.skipped, input, ports);
    return writeAccountCoverage({ run, account: account.id, error: { Error: executionDied } }, ports);
  };
  const closed = await pMap(list.accounts, close, { concurrency });
  const all = new Map(closed.map((summary) => [summary.account, summary]));
  const report = makeReport(list, region, all, input.error, clock.now());
  const key = reportKey(run.runId);
  const written = await archive.putOnce(key, JSON.stringify(report), "application/json");
  return written === "written" ? report : parseRecord(Report, key, await readText(archive, key));
}

/** The summary of every account that has one; of several the last. */
async function readSummaries(archive: ArchiveReader, runId: string): Promise<Map<string, AccountSummary>> {
  const keys: string[] = [];
  for await (const { key } of archive.list(summariesPrefix(runId))) keys.push(key);
  const summaries = await pMap(keys, async (key) => parseRecord(AccountSummary, key, await readText(archive, key)), {
    concurrency,
  });
  const latest = new Map<string, AccountSummary>();
  for (const summary of summaries) {
    const standing = latest.get(summary.account);
    if (!standing || standing.at <= summary.at) latest.set(summary.account, summary);
  }
  return latest;
}

async function recordSkipped(
  account: ListedAccount,
  skipped: string,
  { run }: ReportRunInput,
  { archive, clock, region }: CoveragePorts,
): Promise<AccountSummary> {
  const lines = run.days.map(
    ({ day }): CoverageLine => ({
      account: account.id,
      region,
      logGroup: null,
      day,
      outcome: "skipped",
      reason: skipped,
      ...lineOf(run, clock),
    }),
  );
  for (const line of lines) await putCoverage(archive, run.runId, [line]);
  return summarize(account.id, run.runId, lines, clock.now());
}
