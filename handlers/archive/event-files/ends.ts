import pMap from "p-map";
import type { EventBlock } from "../event-text";
import { DamagedObject, openExportedObject, RefusedObject, readExportedObject } from "../exported-object";
import { parseExportKey } from "../layout";
import { parseReceipt } from "../receipts";
import type { Receipt, ReceiptTask } from "../records";
import type { SealedItem, SealedObject } from "../seals";
import { UnreadableRecord } from "../serialization";
import { CrowdedMoment, EventsOfMoment, eachMessageAt, endEvents, followingWindow } from "../shared-moments";
import type { ArchiveReader } from "../store";
import { compression } from "./compression";
import { type EventFile, type EventSource, HeldEvents } from "./held-events";
import type { FileColumns } from "./parquet";
import { readEventFile } from "./read-event-file";
import type { StandingEvents, StandingItem } from "./standing-events";

/** An account's day as its seals have it. */
export interface SealedDay extends FileColumns, StandingEvents {
  /** The window's last millisecond, which is the next day's first. Epoch milliseconds. */
  readonly to: number;
}

/** The day after it. */
export interface NextDay extends Pick<StandingEvents, "items"> {
  /** Whether it has a seal. */
  readonly isSealed: boolean;
  /** Whether a later seal of it may still bind a log group: one that has a receipt, or that a run will try to export again. */
  isOpen(logGroup: string): boolean;
}

export interface SettledEnds {
  /** Its `taskIds` are those whose ends are settled, with or without an event. Undefined if there are none. */
  readonly file: EventFile | undefined;
  /** Log groups of which something could not be read, and what: their ends stay unsettled. */
  readonly unread: ReadonlyMap<string, Error>;
  /** Not all was reached in the time, or fits into one file. */
  readonly isMore: boolean;
}

interface WithObjects {
  readonly objects: readonly SealedObject[];
}

/** Log groups that are settled at a time: most of their time is the way to their objects and back. */
const concurrency = 8;

/** Bytes of text, and of where events are in it, after which a file is complete. */
const fileBytes = 128_000_000;

/**
 * Settles what of a day's last millisecond is the day's: of each log group, once its next day is sealed; or once the next day
 * has a seal, and is not open for the log group.
 * @param mayGoOn Asked before each log group whether there is time for it.
 */
export async function settleEnds(
  archive: ArchiveReader,
  day: SealedDay,
  next: NextDay,
  mayGoOn: () => boolean = () => true,
): Promise<SettledEnds> {
  const unread = new Map<string, Error>();
  const taskIds: string[] = [];
  const held = new HeldEvents();
  let isMore = false;
  const settle = async ([logGroup, item]: readonly [string, StandingItem]) => {
    if (isMore || held.bytes >= fileBytes || !mayGoOn()) {
      isMore = true;
      return;
    }
    try {
      const task = await taskOf(archive, item, ({ to }) => to === day.to);
      if (!task) return;
      const after = await heldByNext(archive, day, logGroup, next.items.get(logGroup));
      const ofLogGroup = new HeldEvents();
      await readEnds(archive, objectsOf(item, task), day.to, after, async (of, block) =>
        ofLogGroup.add({ logGroup, ...of }, block),
      );
      held.addAll(ofLogGroup);
      taskIds.push(task.taskId);
    } catch (error) {
      if (!isOfLogGroup(error)) throw error;
      unread.set(logGroup, error);
    }
  };
  await pMap(unsettledItems(day, next), settle, { concurrency });
  if (taskIds.length === 0) return { file: undefined, unread, isMore };
  return { file: { ...held.toFile(day, compression), taskIds: taskIds.sort() }, unread, isMore };
}

/** Items that have something of the day's last millisecond, of which it can be known now whose it is, and is not yet. */
export function unsettledItems(day: SealedDay, next: NextDay): (readonly [string, StandingItem])[] {
  if (!next.isSealed) return [];
  const ends = new Set(day.ends.map(({ key }) => key));
  const settled = new Set(day.files.flatMap(({ key, taskIds }) => (ends.has(key) ? [...taskIds] : [])));
  return [...day.items].filter(
    ([logGroup, { objects, taskIds }]) =>
      objectsAt(objects, day.to).length > 0 &&
      (next.items.has(logGroup) || !next.isOpen(logGroup)) &&
      // Of an item's tasks only that of its last window is ever settled.
      ![...taskIds].some((taskId) => settled.has(taskId)),
  );
}

/** What the next day's export holds of a day's last millisecond, and counts with the next day. */
async function heldByNext(
  archive: ArchiveReader,
  day: SealedDay,
  logGroup: string,
  nextItem: StandingItem | undefined,
): Promise<EventsOfMoment> {
  const after = new EventsOfMoment();
  const nextTask = nextItem && (await taskOf(archive, nextItem, ({ from }) => from === day.to));
  if (!nextTask) return after;
  const before = await settledEvents(archive, day, logGroup);
  await eachEventAt(archive, objectsOf(nextItem, nextTask), day.to, (logStream, message) => {
    if (!before.take(logStream, message)) after.add(logStream, message);
  });
  return after;
}

/** Adds what the windows of one receipt have of the milliseconds that they share with each other. */
export async function addInnerEnds(
  archive: ArchiveReader,
  { logGroup, tasks }: Pick<Receipt, "logGroup" | "tasks">,
  item: WithObjects,
  add: (of: EventSource, block: EventBlock) => Promise<void>,
): Promise<void> {
  for (const task of tasks) {
    const next = followingWindow(tasks, task);
    if (!next || objectsAt(objectsOf(item, task), task.to).length === 0) continue;
    const after = new EventsOfMoment();
    await eachEventAt(archive, objectsOf(item, next), task.to, (logStream, message) => after.add(logStream, message));
    await readEnds(archive, objectsOf(item, task), task.to, after, (of, block) => add({ logGroup, ...of }, block));
  }
}

/**
 * What of a day's last millisecond was ever found to be the day's: the next day leaves it out. What was found for a task that
 * stands no more is among it, because the next day may have been written when it stood.
 */
export async function settledEvents(
  archive: ArchiveReader,
  day: Pick<StandingEvents, "items" | "ends">,
  logGroup: string,
): Promise<EventsOfMoment> {
  const events = new EventsOfMoment();
  const tasks = day.items.get(logGroup)?.everyTaskId ?? new Set();
  const byTask = new Map<string, EventsOfMoment>();
  for (const { key, events: count, taskIds } of day.ends)
    if (count > 0 && taskIds.some((taskId) => tasks.has(taskId)))
      for (const { task_id, log_stream, message } of await readEventFile(await bytesOf(archive, key)))
        if (tasks.has(task_id)) {
          const ofTask = byTask.get(task_id) ?? new EventsOfMoment();
          byTask.set(task_id, ofTask);
          ofTask.add(log_stream, Buffer.from(message));
        }
  for (const ofTask of byTask.values()) events.raiseTo(ofTask);
  return events;
}

/** What keeps one log group's ends from being settled, and no other's. */
function isOfLogGroup(error: unknown): error is Error {
  return [DamagedObject, RefusedObject, UnreadableRecord, CrowdedMoment].some((kind) => error instanceof kind);
}

/** The task of an item's receipt that has such a window. */
async function taskOf(
  archive: ArchiveReader,
  { receipt }: Pick<SealedItem, "receipt">,
  has: (task: ReceiptTask) => boolean,
): Promise<ReceiptTask | undefined> {
  return parseReceipt(receipt, (await bytesOf(archive, receipt)).toString("utf8")).tasks.find(has);
}

function objectsOf({ objects }: WithObjects, { prefix }: Pick<ReceiptTask, "prefix">): SealedObject[] {
  return objects.filter(({ key }) => key.startsWith(prefix));
}

function objectsAt(objects: readonly SealedObject[], moment: number): SealedObject[] {
  return objects.filter((object) => mayHave(object, moment));
}

/** Whether an object may have an event of a moment. */
export function mayHave(
  { firstEvent, lastEvent }: Pick<SealedObject, "firstEvent" | "lastEvent">,
  moment: number,
): boolean {
  if (firstEvent === undefined || lastEvent === undefined) return false;
  return Date.parse(firstEvent) <= moment && moment <= Date.parse(lastEvent);
}

async function eachEventAt(
  archive: ArchiveReader,
  objects: readonly SealedObject[],
  moment: number,
  visit: (logStream: string, message: Uint8Array) => void,
): Promise<void> {
  for (const object of objectsAt(objects, moment))
    await readBlocks(archive, object, async ({ logStream }, block) =>
      eachMessageAt(block, moment, (message) => visit(logStream, message)),
    );
}

async function readEnds(
  archive: ArchiveReader,
  objects: readonly SealedObject[],
  to: number,
  after: EventsOfMoment,
  take: (of: Omit<EventSource, "logGroup">, block: EventBlock) => Promise<void>,
): Promise<void> {
  for (const object of objectsAt(objects, to))
    await readBlocks(archive, object, (of, block) => take(of, endEvents(block, of.logStream, to, after)));
}

async function readBlocks(
  archive: ArchiveReader,
  { key }: SealedObject,
  take: (of: Omit<EventSource, "logGroup">, block: EventBlock) => Promise<void>,
): Promise<void> {
  const stream = await openExportedObject(archive, key);
  const of = parseExportKey(key);
  if (!stream || !of) throw new UnreadableRecord(`${key} is not in the archive`);
  await readExportedObject(stream.bytes, (block) => take(of, block));
}

async function bytesOf(archive: ArchiveReader, key: string): Promise<Buffer> {
  const bytes = await archive.read(key);
  if (!bytes) throw new UnreadableRecord(`${key} is not in the archive`);
  return bytes;
}
