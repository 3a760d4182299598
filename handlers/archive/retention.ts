import type { Window } from "../contract/values";
import type { PlannedLogGroup } from "./records";

const dayMs = 86_400_000;

/** The moment (epoch milliseconds) at which retention has deleted all of a window; infinite if the group keeps everything. */
export function expiresAt(window: Window, group: PlannedLogGroup): number {
  return group.retentionInDays === undefined ? Number.POSITIVE_INFINITY : window.to + group.retentionInDays * dayMs;
}

/** Whether retention has begun to delete a window at a moment (epoch milliseconds). */
export function isPartlyExpired(window: Window, group: PlannedLogGroup, at: number): boolean {
  return group.retentionInDays !== undefined && window.from + group.retentionInDays * dayMs < at;
}
