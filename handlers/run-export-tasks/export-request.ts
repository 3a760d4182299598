import type { Item } from "../archive/items";
import { destinationPrefix, logGroupHash } from "../archive/layout";
import type { Plan } from "../archive/records";
import type { ExportRequest } from "../clients/export-slot";
import type { ExportTask } from "../clients/export-task";
import type { Window } from "../contract/values";

const namePrefix = "org-log-archive/";

/**
 * The request that exports one window of an item. Its name follows from the item and the window alone, so that a task whose
 * creation is on no record is recognised when the tasks are listed.
 */
export function exportRequest(plan: Plan, bucket: string, item: Item, window: Window): ExportRequest {
  const { day, group } = item;
  return {
    taskName: `${namePrefix}${day.day}/${logGroupHash(group.name)}/${window.from}-${window.to}`,
    logGroup: group.name,
    from: window.from,
    to: window.to,
    bucket,
    destinationPrefix: destinationPrefix(plan.account, day.day),
  };
}

/** Whether a task is what a request would create, as far as CloudWatch Logs tells: not the streams that it is limited to. */
export function isTaskOf(task: ExportTask, request: ExportRequest): boolean {
  return (
    task.taskName === request.taskName &&
    task.logGroup === request.logGroup &&
    task.from === request.from &&
    task.to === request.to &&
    task.bucket === request.bucket &&
    task.destinationPrefix === request.destinationPrefix
  );
}

/** Whether a task goes by a name of ours, as one of another step or run does: any principal of the account may use the name. */
export function hasOurName({ taskName, bucket: destination }: ExportTask, bucket: string): boolean {
  return taskName.startsWith(namePrefix) && destination === bucket;
}
