import { type Item, itemsOf } from "../archive/items";
import { destinationPrefix, logGroupHash } from "../archive/layout";
import type { Plan } from "../archive/records";
import type { ExportRequest } from "../clients/export-slot";
import type { ExportTask } from "../clients/logs";
import type { Window } from "../contract/values";

/**
 * The request that exports one window of an item. Its name follows from the item and the window alone, so that a task whose
 * creation nobody remembers is recognised by whoever looks.
 */
export function exportRequest(plan: Plan, bucket: string, item: Item, window: Window): ExportRequest {
  const { day, group } = item;
  return {
    taskName: `org-log-archive/${day.day}/${logGroupHash(group.name)}/${window.from}-${window.to}`,
    logGroup: group.name,
    from: window.from,
    to: window.to,
    bucket,
    destinationPrefix: destinationPrefix(plan.account, day.day),
  };
}

/** Whether a task is what a request would create. The name alone is not enough: anybody may use it. */
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

/** The item of the plan that a task exports a window of, if the task is one of ours. */
export function itemOfTask(plan: Plan, bucket: string, task: ExportTask): Item | undefined {
  for (const item of itemsOf(plan))
    if (item.group.name === task.logGroup && item.day.from <= task.from && task.to <= item.day.to)
      return isTaskOf(task, exportRequest(plan, bucket, item, task)) ? item : undefined;
  return undefined;
}
