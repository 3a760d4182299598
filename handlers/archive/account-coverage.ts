import { isThrottlingName } from "../clients/retries";
import type { Clock } from "../clock";
import { executionDied, permanentErrors } from "../contract/errors";
import type { CaughtError, Run } from "../contract/messages";
import { type ReasonCode, reason } from "../contract/reasons";
import { coverageOf, settledLine } from "./coverage";
import { itemAt } from "./items";
import { coverageKey, outcomesPrefix, planKey, receiptKey, receiptsPrefix, summaryKey } from "./layout";
import { readReceipt } from "./receipts";
import { type AccountSummary, CoverageLine, Plan } from "./records";
import type { Archive } from "./s3-store";
import { parseLines, parseRecord, toLines } from "./serialization";
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
  readonly archive: Archive;
}

/**
 * Writes what became of an account in a run: one coverage object a day, and a summary. A receipt wins over any other outcome;
 * an item without either has failed.
 */
export async function writeAccountCoverage(input: AccountCoverageInput, ports: CoveragePorts): Promise<AccountSummary> {
  const { run, account } = input;
  const key = planKey(run.runId, account);
  const text = await ports.archive.get(key);
  const plan = text === undefined ? undefined : parseRecord(Plan, key, text);
  const lines = await accountCoverage(input, plan, ports);
  for (const { day } of run.days) {
    const ofDay = lines.filter((line) => line.day === day);
    if (ofDay.length > 0)
      await ports.archive.putNext(
        (n) => coverageKey(day, account, run.runId, n),
        toLines(ofDay),
        "application/x-ndjson",
      );
  }
  const summary = summarize(account, run.runId, lines, ports.clock.now(), plan);
  await ports.archive.putNext((n) => summaryKey(run.runId, account, n), JSON.stringify(summary), "application/json");
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
      runId: run.runId,
      at: new Date(clock.now()).toISOString(),
    }));
  const outcomes = await readOutcomes(archive, run.runId, account);
  const receipted = await receiptedKeys(plan, archive);
  const lines = [...plan.settled];
  for (const index of plan.items.keys()) {
    const item = itemAt(plan, index);
    const outcome = outcomes.get(`${item.day.day} ${item.group.name}`);
    const isReceipted = receipted.has(receiptKey(item.day.day, account, item.group.name, 1));
    // A line with task ids was made from the receipt.
    if (outcome && (outcome.taskIds || !isReceipted)) {
      lines.push(outcome);
      continue;
    }
    const receipt = isReceipted ? await readReceipt(plan, item, archive) : undefined;
    lines.push(
      receipt ? coverageOf(receipt, item, run.runId, clock) : settledLine(plan, item, "failed", code, clock, detail),
    );
  }
  return lines;
}

/** The latest outcome that the steps wrote of every item, by day and log group. */
async function readOutcomes(archive: Archive, runId: string, account: string): Promise<Map<string, CoverageLine>> {
  const outcomes = new Map<string, CoverageLine>();
  for await (const { key } of archive.list(outcomesPrefix(runId, account))) {
    for (const line of parseLines(CoverageLine, key, (await archive.get(key)) ?? "")) {
      const id = `${line.day} ${line.logGroup}`;
      const standing = outcomes.get(id);
      if (!standing || standing.at <= line.at) outcomes.set(id, line);
    }
  }
  return outcomes;
}

async function receiptedKeys(plan: Plan, archive: Archive): Promise<Set<string>> {
  const keys = new Set<string>();
  for (const { day } of plan.days)
    for await (const { key } of archive.list(receiptsPrefix(day, plan.account))) keys.add(key);
  return keys;
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
