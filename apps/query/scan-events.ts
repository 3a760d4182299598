import type { EventBlock } from "../../handlers/archive/event-text";
import { addDays } from "../../handlers/archive/expectations";
import type { ArchivedFile, FolderStore } from "../../handlers/archive/folder-store";
import { countObjects } from "../../handlers/archive/receipts";
import type { Receipt, ReceiptTask } from "../../handlers/archive/records";
import type { runColumns } from "./event-chunk";
import type { Literals } from "./literals";
import type { ObjectReaders } from "./object-readers";
import type { BytesRead } from "./reading";
import { selectedReceipts, standingReceipts } from "./receipts";
import { literalsOf, type Selection } from "./selection";

/** Events of one object, one after the other: from an index of the block up to before another. */
export interface EventRun {
  /** What is the same for all of them, as UTF-8. A log stream is as the key has it: with `-` for every `/`. */
  readonly of: Readonly<Record<(typeof runColumns)[number], Buffer>>;
  readonly block: EventBlock;
  readonly from: number;
  readonly to: number;
}

/** Where events are read, by what, and what it takes. */
export interface EventSource {
  readonly buckets: readonly FolderStore[];
  /** Gives readers that no other reading shares. */
  readonly readers: () => ObjectReaders;
  readonly read: BytesRead;
}

/** A file of an export task, and whose events it holds. */
interface TaskFile extends ArchivedFile {
  readonly literals: Literals;
  readonly stream: TaskStream;
}

/** A log stream, as far as one export task wrote it. */
interface TaskStream {
  readonly of: EventRun["of"];
  readonly name: string;
  readonly bucket: FolderStore;
  readonly receipt: Receipt;
  readonly task: ReceiptTask;
  /** What the next window holds of this one's last millisecond, once an event of that has been seen. */
  next?: Map<string, number>;
}

/**
 * The events of receipted export tasks, each once. Adjacent windows share a millisecond: an event of a window's last
 * millisecond is left to the next window if that is archived and holds it, too, and is kept otherwise. So no event is doubled
 * where CloudWatch Logs filters by event time, and none is hidden where it filters by ingestion.
 */
export function* archivedEvents(source: EventSource, selection: Selection): Generator<EventRun> {
  for (const { object, block } of source.readers().read(filesToRead(source, selection))) {
    const { stream } = object;
    let from = 0;
    for (let index = 0; index < block.timestamps.length; index += 1) {
      if (block.timestamps[index] !== stream.task.to || !isLeftToNext(source, stream, messageAt(block, index)))
        continue;
      if (index > from) yield { of: stream.of, block, from, to: index };
      from = index + 1;
    }
    // Also where nothing is left of a block: what is found waits no longer than it has to.
    yield { of: stream.of, block, from, to: block.timestamps.length };
  }
}

function* filesToRead({ buckets, read }: EventSource, selection: Selection): Generator<TaskFile> {
  for (const bucket of buckets)
    for (const receipt of selectedReceipts(bucket, selection, read)) {
      const { region, account, logGroup, day } = receipt;
      const literals = literalsOf(selection, { region, account, day, log_group: logGroup });
      for (const task of receipt.tasks) {
        const listed = [...bucket.files(task.prefix)];
        const counted = countObjects(listed);
        if (counted.listingSha256 !== task.listingSha256)
          read.doubts.push(
            `${task.prefix} of log group ${logGroup}: ${counted.objects} objects and ${counted.bytes} bytes, the receipt says ${task.objects} and ${task.bytes}`,
          );
        for (const [name, files] of streamsOf(listed, task.prefix)) {
          const stream: TaskStream = { of: columnsOf(receipt, task, name), name, bucket, receipt, task };
          for (const file of files) yield { ...file, literals, stream };
        }
      }
    }
}

function columnsOf(
  { region, account, logGroup, day }: Receipt,
  { taskId }: ReceiptTask,
  logStream: string,
): EventRun["of"] {
  const of = (text: string) => Buffer.from(text, "utf8");
  return {
    region: of(region),
    account: of(account),
    log_group: of(logGroup),
    log_stream: of(logStream),
    task_id: of(taskId),
    day: of(day),
  };
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

/** Whether the next window holds an event of a window's last millisecond, too; if it holds it twice, it takes two. */
function isLeftToNext(source: EventSource, stream: TaskStream, message: string): boolean {
  stream.next ??= firstMessages(source, stream);
  const left = stream.next.get(message) ?? 0;
  stream.next.set(message, left - 1);
  return left > 0;
}

/** The messages that a stream has in the first millisecond of the following task's window, and how often. */
function firstMessages(source: EventSource, { bucket, receipt, task, name }: TaskStream): Map<string, number> {
  const messages = new Map<string, number>();
  const following = followingTask(bucket, receipt, task, source.read);
  if (!following) return messages;
  const files = bucket.files(`${following.prefix}${name}/`).map((file) => ({ ...file, literals: [] }));
  for (const { block } of source.readers().read(files))
    for (let index = 0; index < block.timestamps.length; index += 1)
      if (block.timestamps[index] === following.from) {
        const message = messageAt(block, index);
        messages.set(message, (messages.get(message) ?? 0) + 1);
      }
  return messages;
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
  const nextDay = addDays(receipt.day, 1);
  for (const { logGroup, tasks } of standingReceipts(bucket, { account: receipt.account, day: nextDay }, read))
    if (logGroup === receipt.logGroup) return tasks.find(({ from }) => from === to);
  return undefined;
}

function messageAt({ bytes, starts, ends }: EventBlock, index: number): string {
  return bytes.toString("utf8", starts[index], ends[index]);
}
