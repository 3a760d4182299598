import { createHash } from "node:crypto";
import type { Clock } from "../clock";
import type { CompletedTask } from "../contract/messages";
import type { Item } from "./items";
import { parseReceiptKey, receiptKey, receiptsPrefix, taskPrefix } from "./layout";
import { type Plan, Receipt, type ReceiptTask } from "./records";
import { parseRecord, UnreadableRecord } from "./serialization";
import { standingReceipts } from "./standing";
import {
  type ArchiveReader,
  type ArchiveStore,
  type CurrentObject,
  compareKeys,
  currentObjects,
  readText,
  type StoredObject,
} from "./store";

const dayMs = 86_400_000;

/** What an item's tasks have written, by their listing. */
export async function surveyTasks(
  account: string,
  { day: { day } }: Pick<Item, "day">,
  completed: readonly CompletedTask[],
  store: ArchiveReader,
): Promise<ReceiptTask[]> {
  const tasks: ReceiptTask[] = [];
  for (const task of completed) {
    const prefix = taskPrefix(account, day, task.taskId);
    const objects = await currentObjects(store, prefix);
    tasks.push({ ...task, prefix, ...countObjects(objects), versionsSha256: hashVersions(objects) });
  }
  return tasks;
}

/** The objects of several tasks, and their bytes as stored. */
export function sumOf(tasks: readonly ReceiptTask[]): { objects: number; bytes: number } {
  return { objects: sum(tasks.map(({ objects }) => objects)), bytes: sum(tasks.map(({ bytes }) => bytes)) };
}

/**
 * Commits an item to the archive: writes the receipt of what its tasks wrote. If another run has committed the item
 * meanwhile, that receipt stands and is returned.
 * @param replaces the number of the receipt that this one replaces; 0 for an item's first.
 */
export async function commitReceipt(
  plan: Plan,
  item: Item,
  tasks: readonly ReceiptTask[],
  store: ArchiveStore,
  clock: Clock,
  replaces: number,
): Promise<Receipt> {
  const receipt: Receipt = {
    version: 2,
    account: plan.account,
    region: plan.region,
    logGroup: item.group.name,
    day: item.day.day,
    from: item.day.from,
    to: item.day.to,
    tasks: [...tasks],
    ...sumOf(tasks),
    runId: plan.runId,
    at: new Date(clock.now()).toISOString(),
  };
  const key = receiptKey(receipt.day, plan.account, receipt.logGroup, replaces + 1);
  const written = await store.putOnce(key, JSON.stringify(receipt), "application/json");
  if (written === "written") return receipt;
  const standing = await readReceipt(plan.account, item, store);
  if (!standing) throw new UnreadableRecord(`${key} was in the archive a moment ago, and is not`);
  return standing.receipt;
}

/** A receipt and its number among those of its item. */
export interface NumberedReceipt {
  readonly n: number;
  readonly receipt: Receipt;
}

/**
 * The receipt that stands for an item, if there is one. Receipts are numbered without a gap: asking for each, until one is not
 * there, is cheaper than a listing and needs no permission to list.
 */
export async function readReceipt(
  account: string,
  { day: { day }, group: { name } }: Pick<Item, "day" | "group">,
  store: ArchiveReader,
): Promise<NumberedReceipt | undefined> {
  let standing: NumberedReceipt | undefined;
  for (let n = 1; ; n += 1) {
    const key = receiptKey(day, account, name, n);
    const text = await readText(store, key);
    if (text === undefined) return standing;
    standing = { n, receipt: parseReceipt(key, text) };
  }
}

/**
 * How long the export tasks took (milliseconds) that an item's log group had for the day before, by its first receipt; null
 * where there is none that can be read: it is for expecting, not for knowing.
 */
export async function exportTime(
  account: string,
  { day: { day }, group: { name } }: Pick<Item, "day" | "group">,
  store: ArchiveReader,
): Promise<number | null> {
  const dayBefore = new Date(Date.parse(day) - dayMs).toISOString().slice(0, day.length);
  const key = receiptKey(dayBefore, account, name, 1);
  const text = await readText(store, key);
  if (text === undefined) return null;
  try {
    const { tasks } = parseReceipt(key, text);
    return sum(tasks.map(({ createdAt, completedAt }) => Date.parse(completedAt) - Date.parse(createdAt)));
  } catch (error) {
    if (error instanceof UnreadableRecord) return null;
    throw error;
  }
}

/** How many receipts each item of an account's day has, by the hash of its log group's name: the highest number. */
export async function receiptNumbers(store: ArchiveReader, day: string, account: string): Promise<Map<string, number>> {
  const keys: string[] = [];
  for await (const { key } of store.list(receiptsPrefix(day, account))) keys.push(key);
  return new Map(
    standingReceipts(keys, (key) => key).flatMap((key) => {
      const parsed = parseReceiptKey(key);
      return parsed ? [[parsed.logGroupHash, parsed.n]] : [];
    }),
  );
}

/**
 * Reads a receipt that lies where its item's receipts lie: another item's would hide it from queries.
 * @throws {UnreadableRecord} naming the key and what is wrong with it.
 */
export function parseReceipt(key: string, text: string | undefined): Receipt {
  const receipt = parseRecord(Receipt, key, text);
  const { account, day, logGroup } = receipt;
  const n = parseReceiptKey(key)?.n ?? 0;
  if (key === receiptKey(day, account, logGroup, n)) return receipt;
  throw new UnreadableRecord(`${key} holds the receipt of account ${account}, log group ${logGroup}, ${day}`);
}

/** A task's listing as its receipt states it; keys in their UTF-8 byte order. */
export function countObjects(
  objects: readonly StoredObject[],
): Pick<ReceiptTask, "objects" | "bytes" | "listingSha256"> {
  const sorted = [...objects].sort(compareKeys);
  const hash = createHash("sha256");
  for (const { key, size } of sorted) hash.update(`${key}\t${size}\n`, "utf8");
  return { objects: sorted.length, bytes: sum(sorted.map(({ size }) => size)), listingSha256: hash.digest("hex") };
}

/**
 * The hash that receipts have since version 2; keys in their UTF-8 byte order. A store without ETags cannot tell it: there it
 * says of every object that it has none.
 */
export function hashVersions(objects: readonly CurrentObject[]): string {
  const hash = createHash("sha256");
  for (const { key, size, etag = "-", versionId = "-" } of [...objects].sort(compareKeys))
    hash.update(`${key}\t${size}\t${etag}\t${versionId}\n`, "utf8");
  return hash.digest("hex");
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
