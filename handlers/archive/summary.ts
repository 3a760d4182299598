import { reasonCode } from "../contract/reasons";
import type { AccountSummary, Cause, Counts, CoverageLine, Plan, ReportedOutcome } from "./records";

/** Enough to start looking; the coverage has them all. */
const examplesPerCause = 5;

/** Adds up an account's coverage, a line at a time. */
export class SummaryOfAccount {
  private readonly counts = { ...noCounts };
  private readonly causes = new Map<string, Cause>();
  private bytes = 0;
  private readonly knownBy = new Set<number>();

  constructor(
    private readonly account: string,
    private readonly runId: string,
    private readonly plan?: Plan,
  ) {}

  /** @param knownBy index of the known exception that the line failed by */
  add(line: CoverageLine, knownBy?: number): void {
    if (knownBy !== undefined) this.knownBy.add(knownBy);
    const outcome = knownBy === undefined ? line.outcome : "known";
    // An account that can be read again is no item: its log groups are.
    if (line.logGroup !== null || outcome !== "exported") this.counts[outcome] += 1;
    this.bytes += line.bytes ?? 0;
    if (line.reason !== undefined) this.addCause(outcome, line, line.reason);
  }

  /** What was simply exported has no cause; the rest is grouped by outcome and reason code. */
  private addCause(outcome: ReportedOutcome, { logGroup, day }: CoverageLine, why: string): void {
    const code = reasonCode(why) ?? why;
    const id = `${outcome} ${code}`;
    const cause = this.causes.get(id) ?? { outcome, reason: code, count: 0, days: {}, examples: [] };
    cause.count += 1;
    cause.days[day] = (cause.days[day] ?? 0) + 1;
    if (cause.examples.length < examplesPerCause) cause.examples.push({ logGroup, day, reason: why });
    this.causes.set(id, cause);
  }

  /** @param now epoch milliseconds */
  at(now: number): AccountSummary {
    const { account, runId, plan } = this;
    return {
      version: 1,
      account,
      runId,
      counts: this.counts,
      bytes: this.bytes,
      causes: [...this.causes.values()],
      settledBefore: plan?.settledBefore ?? 0,
      ...(plan ? { plannedAt: plan.at, unmatched: plan.unmatched } : {}),
      knownBy: [...this.knownBy].sort((a, b) => a - b),
      at: new Date(now).toISOString(),
    };
  }
}

export const noCounts: Counts = { exported: 0, empty: 0, skipped: 0, failed: 0, known: 0 };

export function addCounts(a: Counts, b: Counts): Counts {
  return {
    exported: a.exported + b.exported,
    empty: a.empty + b.empty,
    skipped: a.skipped + b.skipped,
    failed: a.failed + b.failed,
    known: a.known + b.known,
  };
}
