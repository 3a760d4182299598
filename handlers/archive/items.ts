import type { DayWindow } from "../contract/values";
import type { CoverageLine, Plan, PlannedLogGroup } from "./records";

/** An item of a plan, spelt out. */
export interface Item {
  readonly index: number;
  readonly group: PlannedLogGroup;
  readonly day: DayWindow;
}

/** @throws {RangeError} when the plan has no such item. */
export function itemAt(plan: Plan, index: number): Item {
  const [groupIndex, dayIndex] = plan.items[index] ?? [-1, -1];
  const group = plan.logGroups[groupIndex];
  const day = plan.days[dayIndex];
  if (!group || !day) throw new RangeError(`The plan of account ${plan.account} has no item ${index}`);
  return { index, group, day };
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
