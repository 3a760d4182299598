import type { ExportTask } from "../clients/export-task";
import type { ItemProgress, OwnTask } from "../contract/messages";
import type { Candidate } from "./inspection";

/** An item of which nothing has been done yet: the whole day is to be exported. */
export function progressOf({ item: { index, day }, isRecent, dayBeforeMs }: Candidate): ItemProgress {
  const remaining = [{ from: day.from, to: day.to }];
  return { index, isRecent, dayBeforeMs, remaining, completed: [], running: null, lostAt: null, attempts: 0 };
}

/** A task of ours as the cursor carries it. */
export function toOwnTask({ taskId, taskName, from, to, createdAt }: ExportTask): OwnTask {
  return { taskId, taskName, from, to, createdAt: new Date(createdAt).toISOString() };
}

/** The tasks of an item that no receipt commits yet. */
export function openTasks({ completed, running }: ItemProgress): OwnTask[] {
  return running ? [...completed, running] : completed;
}
