import { type ExportedEvent, eventsOf } from "../../handlers/archive/event-text";
import type { ArchivedFile, FolderStore } from "../../handlers/archive/folder-store";
import { countObjects } from "../../handlers/archive/receipts";
import type { Receipt, ReceiptTask } from "../../handlers/archive/records";
import { type BytesRead, ifReadable, readText } from "./reading";
import { selectedReceipts, standingReceipts } from "./receipts";
import type { Selection } from "./selection";

/** An archived event, with the names that the audit views have for its parts. */
export interface ArchivedEvent extends ExportedEvent {
  readonly region: string;
  readonly account: string;
  readonly logGroup: string;
  /** As the key has it: with `-` for every `/`. */
  readonly logStream: string;
  readonly taskId: string;
  readonly day: string;
}

/**
 * The events of receipted export tasks, each once. Adjacent windows share a millisecond: an event of a window's last
 * millisecond is left to the next window if that is archived and holds it, too, and is kept otherwise. So no event is doubled
 * where CloudWatch Logs filters by event time, and none is hidden where it filters by ingestion.
 */
export function* archivedEvents(
  buckets: readonly FolderStore[],
  selection: Selection,
  read: BytesRead,
): Generator<ArchivedEvent> {
  for (const bucket of buckets)
    for (const receipt of selectedReceipts(bucket, selection, read))
      for (const task of receipt.tasks) yield* eventsOfTask(bucket, receipt, task, read);
}

function* eventsOfTask(
  bucket: FolderStore,
  receipt: Receipt,
  task: ReceiptTask,
  read: BytesRead,
): Generator<ArchivedEvent> {
  const { region, account, logGroup, day } = receipt;
  const listed = [...bucket.files(task.prefix)];
  const counted = countObjects(listed);
  if (counted.listingSha256 !== task.listingSha256)
    read.doubts.push(
      `${task.prefix} of log group ${logGroup}: ${counted.objects} objects and ${counted.bytes} bytes, the receipt says ${task.objects} and ${task.bytes}`,
    );
  for (const [logStream, files] of streamsOf(listed, task.prefix)) {
    let next: Map<string, number> | undefined;
    for (const file of files) {
      for (const event of eventsOf(ifReadable(read, () => readText(file, read)) ?? "")) {
        if (event.timestamp === task.to) {
          next ??= firstMessages(bucket, followingTask(bucket, receipt, task, read), logStream, read);
          const left = next.get(event.message) ?? 0;
          next.set(event.message, left - 1);
          if (left > 0) continue;
        }
        yield { ...event, region, account, logGroup, logStream, taskId: task.taskId, day };
      }
    }
  }
}

/** The objects of an export task by log stream, in the order of their keys. */
function streamsOf(listed: readonly ArchivedFile[], prefix: string): Map<string, ArchivedFile[]> {
  const streams = new Map<string, ArchivedFile[]>();
  for (const file of [...listed].sort((a, b) => (a.key < b.key ? -1 : 1))) {
    const [stream = ""] = file.key.slice(prefix.length).split("/");
    const ofStream = streams.get(stream);
    if (ofStream) ofStream.push(file);
    else streams.set(stream, [file]);
  }
  return streams;
}

/** The task whose window begins where a task's ends: of the same receipt, or of the next day's. */
function followingTask(
  bucket: FolderStore,
  receipt: Receipt,
  { to }: ReceiptTask,
  read: BytesRead,
): ReceiptTask | undefined {
  const inDay = receipt.tasks.find(({ from }) => from === to);
  if (inDay) return inDay;
  const nextDay = new Date(Date.parse(receipt.day) + 86_400_000).toISOString().slice(0, 10);
  for (const { logGroup, tasks } of standingReceipts(bucket, { account: receipt.account, day: nextDay }, read))
    if (logGroup === receipt.logGroup) return tasks.find(({ from }) => from === to);
  return undefined;
}

/** The messages that a stream has in the first millisecond of a task's window, and how often. */
function firstMessages(
  bucket: FolderStore,
  task: ReceiptTask | undefined,
  logStream: string,
  read: BytesRead,
): Map<string, number> {
  const messages = new Map<string, number>();
  if (!task) return messages;
  for (const file of bucket.files(`${task.prefix}${logStream}/`))
    for (const { timestamp, message } of eventsOf(ifReadable(read, () => readText(file, read)) ?? ""))
      if (timestamp === task.from) messages.set(message, (messages.get(message) ?? 0) + 1);
  return messages;
}
