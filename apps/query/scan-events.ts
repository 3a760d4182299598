import type { EventBlock } from "../../handlers/archive/event-text";
import { addDays } from "../../handlers/archive/expectations";
import type { ArchivedFile, FolderStore } from "../../handlers/archive/folder-store";
import { countObjects } from "../../handlers/archive/receipts";
import type { Receipt, ReceiptTask } from "../../handlers/archive/records";
import { EventsOfMoment, eachMessageAt, followingWindow, messageAt } from "../../handlers/archive/shared-moments";
import type { runColumns } from "./event-chunk";
import type { EventsInFiles } from "./events-in-files";
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
  /** What is not to be read here, because event files hold it; absent: they hold nothing. */
  readonly inFiles?: EventsInFiles | undefined;
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
  /** Everything else is in event files. */
  readonly isLastMomentAlone: boolean;
  /** What the next window holds of this one's last millisecond, once an event of that has been seen. */
  next?: EventsOfMoment;
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
      const isLast = block.timestamps[index] === stream.task.to;
      if (isLast ? !isLeftToNext(source, stream, messageAt(block, index)) : !stream.isLastMomentAlone) continue;
      if (index > from) yield { of: stream.of, block, from, to: index };
      from = index + 1;
    }
    // Also where nothing is left of a block: what is found waits no longer than it has to.
    yield { of: stream.of, block, from, to: block.timestamps.length };
  }
}

function* filesToRead({ buckets, read, inFiles }: EventSource, selection: Selection): Generator<TaskFile> {
  for (const bucket of buckets)
    for (const receipt of selectedReceipts(bucket, selection, read)) {
      const { region, account, logGroup, day } = receipt;
      const left = inFiles?.leftOf(bucket, receipt);
      if (left?.size === 0) continue;
      const literals = literalsOf(selection, { region, account, day, log_group: logGroup });
      for (const task of receipt.tasks) {
        if (left && task.to !== receipt.to) continue;
        const listed = [...bucket.files(task.prefix)];
        const counted = countObjects(listed);
        if (counted.listingSha256 !== task.listingSha256)
          read.doubts.push(
            `${task.prefix} of log group ${logGroup}: ${counted.objects} objects and ${counted.bytes} bytes, the receipt says ${task.objects} and ${task.bytes}`,
          );
        for (const [name, files] of streamsOf(listed, task.prefix)) {
          const of = columnsOf(receipt, task, name);
          const stream: TaskStream = { of, name, bucket, receipt, task, isLastMomentAlone: left !== undefined };
          for (const file of files) if (!left || left.has(file.key)) yield { ...file, literals, stream };
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
function isLeftToNext(source: EventSource, stream: TaskStream, message: Uint8Array): boolean {
  stream.next ??= firstEvents(source, stream);
  return stream.next.take(stream.name, message);
}

/** What a stream has in the first millisecond of the following task's window. */
function firstEvents(source: EventSource, { bucket, receipt, task, name }: TaskStream): EventsOfMoment {
  const events = new EventsOfMoment();
  const following = followingTask(bucket, receipt, task, source.read);
  if (!following) return events;
  const files = bucket.files(`${following.prefix}${name}/`).map((file) => ({ ...file, literals: [] }));
  for (const { block } of source.readers().read(files))
    eachMessageAt(block, following.from, (message) => events.add(name, message));
  return events;
}

/** The task whose window begins where a task's ends: of the same receipt, or of the next day's. */
function followingTask(
  bucket: FolderStore,
  receipt: Receipt,
  task: ReceiptTask,
  read: BytesRead,
): ReceiptTask | undefined {
  const inDay = followingWindow(receipt.tasks, task);
  if (inDay) return inDay;
  const nextDay = addDays(receipt.day, 1);
  for (const { logGroup, tasks } of standingReceipts(bucket, { account: receipt.account, day: nextDay }, read))
    if (logGroup === receipt.logGroup) return followingWindow(tasks, task);
  return undefined;
}
