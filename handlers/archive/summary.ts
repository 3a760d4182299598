import { reasonCode } from "../contract/reasons";
import type { AccountSummary, Cause, Counts, CoverageLine, Plan } from "./records";

/** Enough to start looking; the coverage has them all. */
const examplesPerCause = 5;

/** Adds up an account's coverage, a line at a time. */
export class SummaryOfAccount {
  private readonly counts = { ...noCounts };
  private readonly causes = new Map<string, Cause>();
  private bytes = 0;

  constructor(
    private readonly account: string,
    private readonly runId: string,
    private readonly plan?: Plan,
  ) {}

  add(line: CoverageLine): void {
    // An account that can be read again is no item: its log groups are.
    if (line.logGroup !== null || line.outcome !== "exported") this.counts[line.outcome] += 1;
    this.bytes += line.bytes ?? 0;
    if (line.reason !== undefined) this.addCause(line, line.reason);
  }

  /** What was simply exported has no cause; the rest is grouped by outcome and reason code. */
  private addCause({ outcome, logGroup, day }: CoverageLine, why: string): void {
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
      ...(plan ? { unmatched: plan.unmatched } : {}),
      at: new Date(now).toISOString(),
    };
  }
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
