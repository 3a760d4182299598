import type { AccountSummary, CoverageLine, Plan } from "../../../handlers/archive/records";
import { SummaryOfAccount } from "../../../handlers/archive/summary";

/** The summary of an account's lines. */
export function summarize(
  account: string,
  runId: string,
  lines: readonly CoverageLine[],
  at: number,
  plan?: Plan,
): AccountSummary {
  const summary = new SummaryOfAccount(account, runId, plan);
  for (const line of lines) summary.add(line);
  return summary.at(at);
}
