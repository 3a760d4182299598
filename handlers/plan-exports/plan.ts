import { describeLogGroup } from "../archive/items";
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
  readonly logGroups: readonly PlannedLogGroup[];
  readonly filter: Pick<LogGroupFilter, "leftOutBy" | "unmatched">;
  /** Per day, in the order of `days`. */
  readonly settled: readonly Settled[];
  /** Epoch milliseconds. */
  readonly now: number;
}

/**
 * Decides what has to be exported and in which order: what expires first goes first, then the older day, then the name.
 * What needs no export by what is known already is settled here, with its reason; what has expired is not, and what
 * failed and has been deleted since is planned once more, because an earlier run may have exported it in time.
 */
export function makePlan(sources: PlanSources): Plan {
  const { account, region, runId, days, logGroups } = sources;
  const settled: CoverageLine[] = [];
  const items: { group: number; day: number; expiresAt: number }[] = [];
  let settledBefore = 0;
  const planned = [...logGroups, ...deletedLogGroups(sources)];
  for (const [dayIndex, window] of days.entries()) {
    const known = sources.settled[dayIndex];
    const settle = (logGroup: string | null, outcome: CoverageLine["outcome"], why: string) =>
      settled.push(lineOf(sources, window, logGroup, outcome, why));
    if (logGroups.length === 0 && !known?.account) settle(null, "empty", reason("no-log-groups"));
    if (logGroups.length > 0 && known?.accountFailed) settle(null, "exported", reason("account-reached"));
    const failed = new Set(known?.failed.map(({ logGroup }) => logGroup));
    for (const [groupIndex, group] of planned.entries()) {
      if (groupIndex >= logGroups.length && !failed.has(group.name)) continue;
      if (known?.logGroup(group.name)) {
        settledBefore += 1;
        continue;
      }
      const skipped = reasonToSkip(group, window, sources);
      if (skipped)
        settled.push({ ...lineOf(sources, window, group.name, "skipped", skipped), ...describeLogGroup(group) });
      else items.push({ group: groupIndex, day: dayIndex, expiresAt: expiresAt(window, group) });
    }
  }
  const dayStart = (day: number) => days[day]?.from ?? 0;
  items.sort(
    (a, b) => compare(a.expiresAt, b.expiresAt) || compare(dayStart(a.day), dayStart(b.day)) || a.group - b.group,
  );
  return {
    version: 1,
    account,
    region,
    runId,
    days: [...days],
    logGroups: planned,
    items: items.map(({ group, day }) => [group, day]),
    settled,
    settledBefore,
    unmatched: sources.filter.unmatched(logGroups.map(({ name }) => name)),
  };
}

/** Those that stand as failed and are not listed any more, as their coverage describes them. */
function deletedLogGroups({ logGroups, settled }: PlanSources): PlannedLogGroup[] {
  const listed = new Set(logGroups.map(({ name }) => name));
  const deleted = new Map<string, PlannedLogGroup>();
  for (const { logGroup: name, logClass = "STANDARD", retentionInDays, masked = false } of settled.flatMap(
    ({ failed }) => failed,
  ))
    if (!listed.has(name))
      deleted.set(name, { name, createdAt: 0, logClass, masked, ...(retentionInDays ? { retentionInDays } : {}) });
  return [...deleted.values()];
}

function lineOf(
  { account, region, runId, now }: PlanSources,
  { day }: DayWindow,
  logGroup: string | null,
  outcome: CoverageLine["outcome"],
  reason: string,
): CoverageLine {
  return { account, region, logGroup, day, outcome, reason, runId, at: new Date(now).toISOString() };
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
