import { isLoss } from "../../../handlers/archive/losses";
import type { CoverageLine } from "../../../handlers/archive/records";
import { type ReasonCode, reason, reasonCode } from "../../../handlers/contract/reasons";
import type { Basis, IncompleteDay, Subject } from "./basis";
import type { Span } from "./spans";

const unreadableRecord = reason("unreadable-record", " ");

/** What no record says: that one is not there, or is not true. */
const unrecorded: readonly string[] = ["no-record", "not-covered", "missing-receipt", "unreadable-record"];

type Result = Omit<
  Basis,
  | "subject"
  | "named"
  | "asked"
  | "archive"
  | "notCovered"
  | "unknownAccounts"
  | "unknownRegions"
  | "unknownLogGroups"
  | "names"
>;

/** Sums up what stands, a day at a time. */
export class Sums {
  readonly unreadable = new Set<string>();
  /** Where anything is on record. */
  readonly regions = new Set<string>();
  readonly logGroups = new Set<string>();
  private readonly archived = new Set<string>();
  private readonly archivedRegions = new Set<string>();
  private readonly seen = new Set<string>();
  private readonly incomplete: IncompleteDay[] = [];
  private readonly lost = new Map<string, { days: Span; logGroupDays: number; readonly accounts: Set<string> }>();
  private readonly leftOut: Record<string, number> = {};
  private receipted = 0;

  constructor(private readonly subject: Subject) {}

  /** @param lines those of one day that a question is about */
  add(lines: readonly CoverageLine[]): void {
    const failed: CoverageLine[] = [];
    for (const line of lines) {
      const { account, region, logGroup, outcome, taskIds } = line;
      this.seen.add(account);
      this.regions.add(region);
      if (logGroup !== null) this.logGroups.add(logGroup);
      if (logGroup !== null || outcome !== "skipped") {
        this.archived.add(account);
        this.archivedRegions.add(region);
      }
      const damage = line.reason?.startsWith(unreadableRecord) && line.reason.slice(unreadableRecord.length);
      if (damage) this.unreadable.add(damage);
      else if (outcome === "failed") this.addFailure(line, failed);
      else if (taskIds) this.receipted += 1;
      if (this.subject === "recorded") continue;
      if (isLoss(line)) this.addLoss(line);
      else if (outcome === "skipped") count(this.leftOut, line);
    }
    if (failed.length > 0)
      this.incomplete.push(incompleteDay(failed, new Set(lines.map(({ account }) => account)).size));
  }

  hasSeen(account: string): boolean {
    return this.seen.has(account);
  }

  /** The accounts that a result names. */
  named(): string[] {
    const ofDays = this.incomplete.flatMap(({ account }) => account ?? []);
    return [...new Set([...ofDays, ...[...this.lost.values()].flatMap(({ accounts }) => [...accounts])])];
  }

  result(): Result {
    return {
      isOnRecord: this.seen.size > 0,
      accounts: this.archived.size,
      regions: [...this.archivedRegions].sort(),
      receipted: this.receipted,
      incomplete: this.incomplete,
      lost: [...this.lost].map(([reason, { days, logGroupDays, accounts }]) => ({
        ...{ reason, logGroupDays, ...days },
        accounts: [...accounts].sort(),
      })),
      leftOut: this.leftOut,
      unreadable: [...this.unreadable],
    };
  }

  private addFailure(line: CoverageLine, failed: CoverageLine[]): void {
    if (this.subject === "archived" || unrecorded.includes(codeOf(line.reason))) failed.push(line);
  }

  private addLoss({ reason: why, day, account }: CoverageLine): void {
    const code = codeOf(why);
    const known = this.lost.get(code);
    if (known) {
      known.days = { from: known.days.from, to: day };
      known.logGroupDays += 1;
      known.accounts.add(account);
    } else this.lost.set(code, { days: { from: day, to: day }, logGroupDays: 1, accounts: new Set([account]) });
  }
}

function incompleteDay(failed: readonly CoverageLine[], of: number): IncompleteDay {
  const reasons: Record<string, number> = {};
  for (const line of failed) count(reasons, line);
  const accounts = new Set(failed.map(({ account }) => account));
  const [first] = failed;
  return {
    day: first?.day ?? "",
    accounts: accounts.size,
    of,
    reasons,
    ...(first && accounts.size === 1 ? { account: first.account } : {}),
    ...(first && failed.length === 1 ? { only: only(first) } : {}),
  };
}

function only({ region, logGroup, reason: why }: CoverageLine): NonNullable<IncompleteDay["only"]> {
  return { region, logGroup, ...(why === undefined ? {} : { reason: why }) };
}

function count(counts: Record<string, number>, { reason: why }: CoverageLine): void {
  const code = codeOf(why);
  counts[code] = (counts[code] ?? 0) + 1;
}

function codeOf(why: string | undefined): ReasonCode | "no reason" {
  return reasonCode(why ?? "") ?? "no reason";
}
