import { reasonCode } from "../contract/reasons";
import type { AccountSummary, Cause, Counts, CoverageLine, Outcome, Plan } from "./records";

/** Enough to start looking; the coverage has them all. */
const examplesPerCause = 5;

/** Adds up an account's coverage. */
export function summarize(
  account: string,
  runId: string,
  lines: readonly CoverageLine[],
  now: number,
  plan?: Plan,
): AccountSummary {
  return {
    version: 1,
    account,
    runId,
    counts: countOutcomes(lines),
    bytes: lines.reduce((total, line) => total + (line.bytes ?? 0), 0),
    causes: groupByCause(lines),
    settledBefore: plan?.settledBefore ?? 0,
    ...(plan ? { unmatched: plan.unmatched } : {}),
    at: new Date(now).toISOString(),
  };
}

export const noCounts: Counts = { exported: 0, empty: 0, skipped: 0, failed: 0 };

export function addCounts(a: Counts, b: Counts): Counts {
  return {
    exported: a.exported + b.exported,
    empty: a.empty + b.empty,
    skipped: a.skipped + b.skipped,
    failed: a.failed + b.failed,
  };
}

function countOutcomes(lines: readonly CoverageLine[]): Counts {
  // An account that can be read again is no item: its log groups are.
  const items = lines.filter((line) => line.logGroup !== null || line.outcome !== "exported");
  const count = (outcome: Outcome) => items.filter((line) => line.outcome === outcome).length;
  return { exported: count("exported"), empty: count("empty"), skipped: count("skipped"), failed: count("failed") };
}

/** Groups what was not simply exported by outcome and reason code. */
export function groupByCause(lines: readonly CoverageLine[]): Cause[] {
  const causes = new Map<string, Cause>();
  for (const line of lines) {
    if (line.reason === undefined) continue;
    const code = reasonCode(line.reason) ?? line.reason;
    const id = `${line.outcome} ${code}`;
    const cause = causes.get(id) ?? { outcome: line.outcome, reason: code, count: 0, days: {}, examples: [] };
    cause.count += 1;
    cause.days[line.day] = (cause.days[line.day] ?? 0) + 1;
    if (cause.examples.length < examplesPerCause)
      cause.examples.push({ logGroup: line.logGroup, day: line.day, reason: line.reason });
    causes.set(id, cause);
  }
  return [...causes.values()];
}
