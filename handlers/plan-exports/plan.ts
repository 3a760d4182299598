import type { CoverageLine, Plan, PlannedLogGroup } from "../archive/records";
import { expiresAt } from "../archive/retention";
import { reason } from "../contract/reasons";
import type { DayWindow } from "../contract/values";
import type { LogGroupFilter } from "./log-group-filter";
import type { Settled } from "./settled";

/** What a plan is made from. */
export interface PlanSources {
  readonly account: string;
  readonly region: string;
  readonly runId: string;
  readonly days: readonly DayWindow[];
  /** Those of the days that are a backfill's. */
  readonly backfill: readonly string[];
  /** The only log groups that the run is about; null: all of them. */
  readonly asked: readonly string[] | null;
  readonly logGroups: readonly PlannedLogGroup[];
  readonly filter: Pick<LogGroupFilter, "leftOutBy" | "unmatched">;
  /** Per day, in the order of `days`. */
  readonly settled: readonly Settled[];
  /** Epoch milliseconds. */
  readonly now: number;
}

/**
 * Decides what has to be exported and in which order: a run's own days go before those of a backfill; of these what expires first,
 * then the older day, then the name.
 * What needs no export by what is known already is settled here, with its reason; what has expired is not, and what
 * failed and has been deleted since is planned once more, because an earlier run may have exported it in time.
 */
export function makePlan(sources: PlanSources): Plan {
  const { account, region, runId, days, asked, logGroups, now } = sources;
  const settlements = new Settlements();
  const items: { group: number; day: number; expiresAt: number }[] = [];
  let settledBefore = 0;
  const planned = [...logGroups, ...deletedLogGroups(sources)];
  for (const [dayIndex, window] of days.entries()) {
    const known = sources.settled[dayIndex];
    // Of the account as a whole a run for some of its log groups says nothing.
    if (!asked && logGroups.length === 0 && !known?.account)
      settlements.add(-1, dayIndex, "empty", reason("no-log-groups"));
    if (!asked && logGroups.length > 0 && known?.accountFailed)
      settlements.add(-1, dayIndex, "exported", reason("account-reached"));
    const deleted = new Set(known?.deleted.map(({ logGroup }) => logGroup));
    for (const [groupIndex, group] of planned.entries()) {
      if (groupIndex >= logGroups.length && !deleted.has(group.name)) continue;
      const standing = groupIndex < logGroups.length ? known?.logGroup(groupIndex) : "open";
      if (standing === "settled") {
        settledBefore += 1;
        continue;
      }
      // What a receipt commits is archived, whatever would be said of the log group now.
      const skipped = standing === "unrecorded" ? undefined : reasonToSkip(group, window, sources);
      if (skipped) settlements.add(groupIndex, dayIndex, "skipped", skipped);
      else items.push({ group: groupIndex, day: dayIndex, expiresAt: expiresAt(window, group) });
    }
  }
  const dayStart = (day: number) => days[day]?.from ?? 0;
  const isLater = days.map(({ day }) => (sources.backfill.includes(day) ? 1 : 0));
  items.sort(
    (a, b) =>
      (isLater[a.day] ?? 0) - (isLater[b.day] ?? 0) ||
      compare(a.expiresAt, b.expiresAt) ||
      compare(dayStart(a.day), dayStart(b.day)) ||
      a.group - b.group,
  );
  const begun = items.flatMap(({ group, day }, index) => {
    const ids = sources.settled[day]?.begun.get(planned[group]?.name ?? "") ?? [];
    return ids.map((taskId): [number, string] => [index, taskId]);
  });
  return {
    version: 2,
    account,
    region,
    runId,
    days: [...days],
    logGroups: planned,
    items: items.flatMap(({ group, day }) => [group, day]),
    begun,
    interrupted: sources.settled.some(({ interrupted }) => interrupted),
    settled: settlements.rows,
    settlements: settlements.distinct,
    at: new Date(now).toISOString(),
    settledBefore,
    unmatched: asked ? [] : sources.filter.unmatched(logGroups.map(({ name }) => name)),
  };
}

/** Collects what is settled; of outcome and reason, the few that there are, each once. */
class Settlements {
  readonly rows: number[] = [];
  readonly distinct: { outcome: CoverageLine["outcome"]; reason: string }[] = [];
  private readonly indices = new Map<string, number>();

  /** @param group its index, or -1 for the account as a whole */
  add(group: number, day: number, outcome: CoverageLine["outcome"], why: string): void {
    const id = `${outcome} ${why}`;
    const index = this.indices.get(id) ?? this.distinct.push({ outcome, reason: why }) - 1;
    this.indices.set(id, index);
    this.rows.push(group, day, index);
  }
}

/** Those that stand as failed and are not listed any more, as their coverage describes them. */
function deletedLogGroups({ settled, asked }: PlanSources): PlannedLogGroup[] {
  const deleted = new Map<string, PlannedLogGroup>();
  const lines = settled.flatMap((ofDay) => ofDay.deleted).filter(({ logGroup }) => asked?.includes(logGroup) ?? true);
  for (const { logGroup: name, logClass = "STANDARD", retentionInDays, masked = false } of lines)
    deleted.set(name, { name, createdAt: 0, logClass, masked, ...(retentionInDays ? { retentionInDays } : {}) });
  return [...deleted.values()];
}

function reasonToSkip(group: PlannedLogGroup, window: DayWindow, sources: PlanSources): string | undefined {
  const setting = sources.filter.leftOutBy(group.name);
  if (setting) return reason("excluded-by-configuration", setting);
  if (group.logClass === "DELIVERY") return reason("delivery-class");
  // `to` must not be earlier than the group's creation: CreateExportTask would refuse it.
  if (group.createdAt >= window.to) return reason("created-after-day");
  return undefined;
}

/** Like subtraction, but true of infinity as well. */
function compare(a: number, b: number): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
