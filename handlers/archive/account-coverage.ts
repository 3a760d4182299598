import pMap from "p-map";
import { isThrottlingName } from "../clients/retries";
import type { Clock } from "../clock";
import { executionDied, permanentErrors } from "../contract/errors";
import type { CaughtError, Run } from "../contract/messages";
import { type ReasonCode, reason, reasonCode } from "../contract/reasons";
import type { CoverageSettings } from "../contract/settings";
import { coverageOf, lineOf, putCoverage } from "./coverage";
import { describeLogGroup, type Item, itemsOf, settledLines } from "./items";
import { KnownExceptions } from "./known-exceptions";
import { logGroupHash, outcomesPrefix, planKey, summaryKey } from "./layout";
import { readReceipt, receiptNumbers } from "./receipts";
import { type AccountSummary, CoverageLine, Plan } from "./records";
import { parseLines, parseRecord } from "./serialization";
import { StandingLines } from "./standing";
import { type ArchiveReader, type ArchiveStore, putNext, readText } from "./store";
import { SummaryOfAccount } from "./summary";

export interface AccountCoverageInput {
  readonly run: Run;
  readonly account: string;
  /** What ended the account's execution early. */
  readonly error: CaughtError | null;
  readonly settings: CoverageSettings;
}

export interface CoveragePorts {
  readonly region: string;
  readonly clock: Clock;
  readonly archive: ArchiveStore;
}

/** Receipts read at a time. */
const concurrency = 32;

/**
 * Writes what became of an account in a run: one coverage object a day, and a summary. A receipt wins over any other outcome;
 * an item without either has failed. It holds the lines of one day at a time.
 */
export async function writeAccountCoverage(input: AccountCoverageInput, ports: CoveragePorts): Promise<AccountSummary> {
  const { run, account } = input;
  const { archive, clock } = ports;
  const key = planKey(run.runId, account);
  const text = await readText(archive, key);
  const plan = text === undefined ? undefined : parseRecord(Plan, key, text);
  const outcomes = new Outcomes(archive, run.runId, account);
  const summary = new SummaryOfAccount(account, run.runId, plan);
  const known = new KnownExceptions(input.settings.knownExceptions, run);
  for (const { day } of run.days) {
    const lines = plan ? await linesOfDay(day, plan, outcomes, input, ports) : unplanned(day, input, ports);
    const explained = lines.map((line) => known.explained(line));
    await putCoverage(archive, run.runId, explained);
    for (const line of explained) summary.add(line, known.of(line));
  }
  const whole = summary.at(clock.now());
  await putNext(archive, (n) => summaryKey(run.runId, account, n), JSON.stringify(whole), "application/json");
  return whole;
}

/**
 * Nothing is known of the account but that its execution never got as far as a plan. A run for some log groups says so of these
 * alone: whether the account has them is for a later run to find.
 */
function unplanned(day: string, { run, account, error }: AccountCoverageInput, ports: CoveragePorts): CoverageLine[] {
  const { code, detail } = causeOf(error);
  const line = { account, region: ports.region, day, outcome: "failed", reason: reason(code, detail) } as const;
  return (run.logGroups ?? [null]).map((logGroup) => ({ ...line, logGroup, ...lineOf(run, ports.clock) }));
}

async function linesOfDay(
  day: string,
  plan: Plan,
  outcomes: Outcomes,
  { run, account, error }: AccountCoverageInput,
  { archive, clock, region }: CoveragePorts,
): Promise<CoverageLine[]> {
  const items = [...itemsOf(plan)].filter((item) => item.day.day === day);
  const lines = [...settledLines(plan, day)];
  if (items.length === 0) return lines;
  const standing = await outcomes.ofDay(day);
  const receipted = await receiptNumbers(archive, day, account);
  const { code, detail } = causeOf(error);
  // What a step said of the account as a whole is true of every item that it left.
  const why = standing.get({ account, day, logGroup: null })?.reason ?? reason(code, detail);
  const written = lineOf(run, clock);
  const lineOfItem = async (item: Item): Promise<CoverageLine> => {
    const logGroup = item.group.name;
    const outcome = standing.get({ account, day, logGroup });
    const isReceipted = receipted.has(logGroupHash(logGroup));
    // What a step has begun and none has ended, the execution's own end explains.
    if (outcome && !isReceipted && reasonCode(outcome.reason ?? "") === "not-reached")
      return { ...outcome, reason: why, ...written };
    // A line with task ids was made from the receipt.
    if (outcome && (outcome.taskIds || !isReceipted)) return outcome;
    const committed = isReceipted ? await readReceipt(account, item, archive) : undefined;
    if (committed) return coverageOf(committed.receipt, item.group, written);
    const line = { account, region, logGroup, day, outcome: "failed", reason: why } as const;
    return { ...line, ...describeLogGroup(item.group), ...written };
  };
  return [...lines, ...(await pMap(items, lineOfItem, { concurrency }))];
}

/** Characters of outcomes that are kept from one day to the next: what is more is read anew for each day. */
const keptCharacters = 16 * 1024 ** 2;

/** What the steps of an account's loop wrote, a day at a time. */
class Outcomes {
  private readonly kept = new Map<string, string>();
  private keptSize = 0;

  constructor(
    private readonly archive: ArchiveReader,
    private readonly runId: string,
    private readonly account: string,
  ) {}

  async ofDay(day: string): Promise<StandingLines> {
    const standing = new StandingLines();
    for await (const { key } of this.archive.list(outcomesPrefix(this.runId, this.account))) {
      const ofDay = (await this.text(key)).split("\n").filter((line) => line.includes(`"day":"${day}"`));
      for (const line of parseLines(CoverageLine, key, ofDay.join("\n"))) if (line.day === day) standing.add(line);
    }
    return standing;
  }

  private async text(key: string): Promise<string> {
    const known = this.kept.get(key);
    if (known !== undefined) return known;
    const text = (await readText(this.archive, key)) ?? "";
    if (this.keptSize + text.length <= keptCharacters) {
      this.kept.set(key, text);
      this.keptSize += text.length;
    }
    return text;
  }
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
