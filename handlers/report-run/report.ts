import { reasonCode, reasons } from "../contract/reasons";
import type { AccountList, AccountSummary, Report } from "../contract/records";
import { addCounts, noCounts } from "../ledger/summary";

type ReportedCause = Report["causes"][number];

/** Enough to start looking; the coverage has them all. */
const examplesPerCause = 10;

const order = { failed: 0, exported: 1, skipped: 2, empty: 3 } as const;

/**
 * Puts the accounts' summaries together.
 * @param complete false when the run itself went wrong, whatever the accounts say.
 */
export function makeReport(
  list: AccountList,
  region: string,
  summaries: ReadonlyMap<string, AccountSummary>,
  complete: boolean,
  now: number,
): Report {
  const accounts = list.accounts.map(({ id, name, state, skipped }) => ({
    id,
    name,
    state,
    ...(skipped ? { skipped } : {}),
    counts: summaries.get(id)?.counts ?? noCounts,
    bytes: summaries.get(id)?.bytes ?? 0,
  }));
  const counts = accounts.map((account) => account.counts).reduce(addCounts, noCounts);
  return {
    version: 1,
    runId: list.runId,
    region,
    startedAt: list.startedAt,
    finishedAt: new Date(now).toISOString(),
    days: list.days.map(({ day }) => day),
    status: complete && counts.failed === 0 ? "complete" : "incomplete",
    counts,
    bytes: accounts.reduce((total, account) => total + account.bytes, 0),
    accounts,
    causes: mergeCauses([...summaries.values()]),
  };
}

function mergeCauses(summaries: readonly AccountSummary[]): ReportedCause[] {
  const merged = new Map<string, ReportedCause>();
  for (const { account, causes } of summaries) {
    for (const { outcome, reason, count, examples } of causes) {
      const id = `${outcome} ${reason}`;
      const cause = merged.get(id) ?? {
        outcome,
        reason,
        advice: adviceFor(reason),
        count: 0,
        accounts: [],
        examples: [],
      };
      cause.count += count;
      cause.accounts.push(account);
      const room = examplesPerCause - cause.examples.length;
      cause.examples.push(...examples.slice(0, Math.max(0, room)).map((example) => ({ account, ...example })));
      merged.set(id, cause);
    }
  }
  return [...merged.values()].sort((a, b) => order[a.outcome] - order[b.outcome] || b.count - a.count);
}

function adviceFor(reason: string): string {
  const code = reasonCode(reason);
  return code ? reasons[code] : "";
}

/** The report in a sentence. */
export function summarySentence(report: Report): string {
  const archived = report.accounts.filter(({ skipped }) => !skipped);
  const failing = archived.filter(({ counts }) => counts.failed > 0);
  const { exported, empty, failed } = report.counts;
  const whole = `${archived.length - failing.length} of ${archived.length} accounts complete in ${report.region}, ${exported} log group days exported, ${empty} empty`;
  if (failed === 0) return whole;
  const worst = report.causes
    .filter(({ outcome }) => outcome === "failed")
    .map(({ reason, count }) => `${reason} ${count}`);
  return `${whole}, ${failed} failed (${worst.join(", ")})`;
}
