import type { Item } from "../archive/items";
import { exportKeyBytes } from "../archive/layout";
import { BucketPermissionDenied, CallerPermissionDenied, deniedBy, KeyAccessDenied } from "../clients/export-slot";
import type { ExportTask } from "../clients/export-task";
import { LogGroupDenied, LogGroupNotFound, LogGroupRefused } from "../clients/faults";
import type { Logs } from "../clients/logs";
import type { Window } from "../contract/values";

/** "Export tasks time out after 24 hours": one that failed so late did. https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/S3Export.html */
const timedOutAfterMs = 23.5 * 60 * 60 * 1000;

/** What a task that ended without completing asks for. */
export type Remedy =
  | "split-window"
  | "bucket-permission"
  | "caller-bucket-permission"
  | "key-access-denied"
  | "try-again";

export function remedyFor(task: ExportTask, window: Window): Remedy {
  const age = (task.completedAt ?? task.createdAt) - task.createdAt;
  if (task.status === "FAILED" && age >= timedOutAfterMs && window.to - window.from > 1) return "split-window";
  const denied = task.status === "FAILED" ? deniedBy(task.message, task.logGroup) : undefined;
  if (denied === BucketPermissionDenied) return "bucket-permission";
  if (denied === CallerPermissionDenied) return "caller-bucket-permission";
  if (denied === KeyAccessDenied) return "key-access-denied";
  return "try-again";
}

/** Two halves that share a millisecond, as adjacent days do. The cut follows from the window, so that any run cuts alike. */
export function splitWindow(window: Window): [Window, Window] {
  const middle = Math.floor((window.from + window.to) / 2);
  return [
    { from: window.from, to: middle },
    { from: middle, to: window.to },
  ];
}

/** The longest key, in bytes, that CloudWatch Logs would write for an item's streams: 0 where they cannot be seen. */
export async function longestKeyBytes(logs: Logs, account: string, item: Item): Promise<number> {
  let longest = 0;
  try {
    for await (const stream of logs.streamNames(item.group.name))
      longest = Math.max(longest, exportKeyBytes(account, item.day.day, stream));
  } catch (error) {
    if (error instanceof LogGroupNotFound || error instanceof LogGroupDenied || error instanceof LogGroupRefused)
      return 0;
    throw error;
  }
  return longest;
}
