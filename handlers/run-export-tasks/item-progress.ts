import type { Item } from "../archive/items";
import type { ExportTask } from "../clients/logs";
import type { ItemProgress, OwnTask } from "../contract/messages";

/** An item of which nothing has been done yet: the whole day is to be exported. */
export function progressOf({ index, day: { from, to } }: Item, isRecent: boolean): ItemProgress {
  const remaining = [{ from, to }];
  return { index, isRecent, remaining, completed: [], running: null, lostAt: null, attempts: 0 };
}

/** A task of ours as the cursor carries it. */
export function toOwnTask({ taskId, taskName, from, to, createdAt }: ExportTask): OwnTask {
  return { taskId, taskName, from, to, createdAt: new Date(createdAt).toISOString() };
}

/** The tasks of an item that no receipt commits yet. */
export function openTasks({ completed, running }: ItemProgress): OwnTask[] {
  return running ? [...completed, running] : completed;
}
