import { isThrottlingName } from "../clients/retries";
import type { Clock } from "../clock";
import { executionDied, permanentErrors } from "../contract/errors";
import type { CaughtError, Run } from "../contract/messages";
import { type ReasonCode, reason } from "../contract/reasons";
import { coverageOf, lineOf, putCoverage, settledLine } from "./coverage";
import { itemAt } from "./items";
import { logGroupHash, outcomesPrefix, planKey, summaryKey } from "./layout";
import { readReceipt, receiptNumbers } from "./receipts";
import { type AccountSummary, CoverageLine, Plan } from "./records";
import { parseLines, parseRecord } from "./serialization";
import { StandingLines } from "./standing";
import { type ArchiveReader, type ArchiveStore, putNext, readText } from "./store";
import { summarize } from "./summary";

export interface AccountCoverageInput {
  readonly run: Run;
  readonly account: string;
  /** What ended the account's execution early. */
  readonly error: CaughtError | null;
}

export interface CoveragePorts {
  readonly region: string;
  readonly clock: Clock;
  readonly archive: ArchiveStore;
}

/**
 * Writes what became of an account in a run: one coverage object a day, and a summary. A receipt wins over any other outcome;
 * an item without either has failed.
 */
export async function writeAccountCoverage(input: AccountCoverageInput, ports: CoveragePorts): Promise<AccountSummary> {
  const { run, account } = input;
  const key = planKey(run.runId, account);
  const text = await readText(ports.archive, key);
  const plan = text === undefined ? undefined : parseRecord(Plan, key, text);
  const lines = await accountCoverage(input, plan, ports);
  for (const { day } of run.days)
    await putCoverage(
      ports.archive,
      run.runId,
      lines.filter((line) => line.day === day),
    );
  const summary = summarize(account, run.runId, lines, ports.clock.now(), plan);
  await putNext(ports.archive, (n) => summaryKey(run.runId, account, n), JSON.stringify(summary), "application/json");
  return summary;
}

async function accountCoverage(
  input: AccountCoverageInput,
  plan: Plan | undefined,
  ports: CoveragePorts,
): Promise<CoverageLine[]> {
  const { run, account, error } = input;
  const { archive, clock, region } = ports;
  const { code, detail } = causeOf(error);
  if (plan === undefined)
    return run.days.map(({ day }) => ({
      account,
      region,
      logGroup: null,
      day,
      outcome: "failed",
      reason: reason(code, detail),
      ...lineOf(run, clock),
    }));
  const outcomes = await readOutcomes(archive, run.runId, account);
  const receipted = new Map<string, ReadonlyMap<string, number>>();
  for (const { day } of plan.days) receipted.set(day, await receiptNumbers(archive, day, account));
  const lines = [...plan.settled];
  for (const index of plan.items.keys()) {
    const item = itemAt(plan, index);
    const outcome = outcomes.get({ account, day: item.day.day, logGroup: item.group.name });
    const isReceipted = receipted.get(item.day.day)?.has(logGroupHash(item.group.name));
    // A line with task ids was made from the receipt.
    if (outcome && (outcome.taskIds || !isReceipted)) {
      lines.push(outcome);
      continue;
    }
    const committed = isReceipted ? await readReceipt(account, item, archive) : undefined;
    lines.push(
      committed
        ? coverageOf(committed.receipt, item.group, lineOf(run, clock))
        : settledLine(plan, item, "failed", code, clock, detail),
    );
  }
  return lines;
}

/** The latest outcome that the steps wrote of every item. */
async function readOutcomes(archive: ArchiveReader, runId: string, account: string): Promise<StandingLines> {
  const outcomes = new StandingLines();
  for await (const { key } of archive.list(outcomesPrefix(runId, account)))
    for (const line of parseLines(CoverageLine, key, (await readText(archive, key)) ?? "")) outcomes.add(line);
  return outcomes;
}

function causeOf(error: CaughtError | null): { code: ReasonCode; detail?: string } {
  if (!error) return { code: "not-reached" };
  if (error.Error === executionDied) return { code: "execution-died" };
  const message = messageOf(error);
  const permanent = permanentErrors[error.Error];
  if (permanent) return { code: permanent, detail: message };
  const detail = `${error.Error}: ${message}`;
  return { code: isThrottlingName(error.Error) ? "throttled" : "not-reached", detail };
}

/** Lambda's cause is JSON with an `errorMessage`; Step Functions' own is text. */
function messageOf(error: CaughtError): string {
  try {
    const cause: unknown = JSON.parse(error.Cause ?? "");
    if (typeof cause === "object" && cause !== null && "errorMessage" in cause) return String(cause.errorMessage);
  } catch {
    // Not JSON: the text itself is the message.
  }
  return error.Cause ?? "";
}
