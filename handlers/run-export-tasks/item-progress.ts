import type { Item } from "../archive/items";
import type { ExportTask } from "../clients/logs";
import type { ItemProgress, OwnTask } from "../contract/messages";

/** An item of which nothing has been done yet: the whole day is to be exported. */
export function progressOf(item: Item): ItemProgress {
  const { from, to } = item.day;
  return { index: item.index, remaining: [{ from, to }], completed: [], running: null, attempts: 0 };
}

/** A task of ours as the cursor carries it. */
export function toOwnTask({ taskId, taskName, from, to, createdAt }: ExportTask): OwnTask {
  return { taskId, taskName, from, to, createdAt: new Date(createdAt).toISOString() };
}
