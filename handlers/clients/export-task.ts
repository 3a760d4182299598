import type { ExportTask as SdkExportTask } from "@aws-sdk/client-cloudwatch-logs";
import type { ExportRequest } from "./export-slot";

/**
 * Whether PENDING_CANCEL still holds the slot is not documented: taken to hold it, nothing is lost but a little time.
 * https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_ExportTaskStatus.html
 */
export const activeStatuses = ["RUNNING", "PENDING", "PENDING_CANCEL"] as const;
const endedStatuses: readonly string[] = ["COMPLETED", "FAILED", "CANCELLED"];

/** An export task as CloudWatch Logs describes it; times in epoch milliseconds. */
export interface ExportTask extends ExportRequest {
  readonly taskId: string;
  /** One of AWS's codes, or what AWS adds: a new one must not stop an account. */
  readonly status: string;
  readonly message: string;
  readonly createdAt: number;
  /** Absent while the task is active. */
  readonly completedAt?: number;
}

/** Whatever does not say that it has ended has not. */
export function isActive(task: ExportTask): boolean {
  return !endedStatuses.includes(task.status);
}

export function toExportTask(task: SdkExportTask): ExportTask {
  return {
    taskId: task.taskId ?? "",
    taskName: task.taskName ?? "",
    logGroup: task.logGroupName ?? "",
    from: task.from ?? 0,
    to: task.to ?? 0,
    bucket: task.destination ?? "",
    destinationPrefix: task.destinationPrefix ?? "",
    status: task.status?.code ?? "",
    message: task.status?.message ?? "",
    createdAt: task.executionInfo?.creationTime ?? 0,
    ...(task.executionInfo?.completionTime === undefined ? {} : { completedAt: task.executionInfo.completionTime }),
  };
}
