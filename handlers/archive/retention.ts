import type { Window } from "../contract/values";
import type { PlannedLogGroup } from "./records";

const dayMs = 86_400_000;

/**
 * "It typically takes up to 72 hours after that before log events are deleted."
 * https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
 */
const deletionDelayMs = 3 * dayMs;

/** The moment (epoch milliseconds) at which retention is due to delete all of a window; infinite if the group keeps everything. */
export function expiresAt(window: Window, group: PlannedLogGroup): number {
  return group.retentionInDays === undefined ? Number.POSITIVE_INFINITY : window.to + group.retentionInDays * dayMs;
}

/** The moment (epoch milliseconds) from which nothing of a window can be left. */
export function goneAt(window: Window, group: PlannedLogGroup): number {
  return expiresAt(window, group) + deletionDelayMs;
}

/** The day `YYYY-MM-DD` on which retention is due to delete the first of a day. */
export function deletedFrom(day: string, retentionInDays: number): string {
  return new Date(Date.parse(day) + retentionInDays * dayMs).toISOString().slice(0, 10);
}

/** Whether retention is due to delete a part of a window at a moment (epoch milliseconds). */
export function isPartlyExpired(window: Window, group: PlannedLogGroup, at: number): boolean {
  return group.retentionInDays !== undefined && window.from + group.retentionInDays * dayMs < at;
}
