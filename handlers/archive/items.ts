import type { DayWindow } from "../contract/values";
import type { CoverageLine, Plan, PlannedLogGroup } from "./records";

/** An item of a plan, spelt out. */
export interface Item {
  readonly index: number;
  readonly group: PlannedLogGroup;
  readonly day: DayWindow;
}

export function itemCount(plan: Plan): number {
  return plan.items.length / 2;
}

/** @throws {RangeError} when the plan has no such item. */
export function itemAt(plan: Plan, index: number): Item {
  const group = plan.logGroups[plan.items[2 * index] ?? -1];
  const day = plan.days[plan.items[2 * index + 1] ?? -1];
  if (!group || !day) throw new RangeError(`The plan of account ${plan.account} has no item ${index}`);
  return { index, group, day };
}

/** Every item, in order. */
export function* itemsOf(plan: Plan): Generator<Item> {
  for (let index = 0; index < itemCount(plan); index += 1) yield itemAt(plan, index);
}

/** What planning settled by itself of a day, as lines of coverage. */
export function* settledLines(plan: Plan, day: string): Generator<CoverageLine> {
  const { account, region, runId, at, settled } = plan;
  for (let index = 0; index < settled.length; index += 3) {
    const [groupIndex = -1, dayIndex = -1, settlementIndex = -1] = settled.slice(index, index + 3);
    const settlement = plan.settlements[settlementIndex];
    if (plan.days[dayIndex]?.day !== day || !settlement) continue;
    const group = plan.logGroups[groupIndex];
    const line = { account, region, logGroup: group?.name ?? null, day, ...settlement };
    yield { ...line, ...(group ? describeLogGroup(group) : {}), runId, at };
  }
}

/** The fields of a coverage line that come from the log group itself. */
export function describeLogGroup(
  group: PlannedLogGroup,
): Pick<CoverageLine, "logClass" | "retentionInDays" | "masked"> {
  return {
    logClass: group.logClass,
    ...(group.retentionInDays === undefined ? {} : { retentionInDays: group.retentionInDays }),
    masked: group.masked,
  };
}
