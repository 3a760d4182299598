import { createHash } from "node:crypto";
import type { Clock } from "../clock";
import type { ItemProgress } from "../contract/messages";
import type { Item } from "./items";
import { receiptKey, taskPrefix } from "./layout";
import { type Plan, Receipt, type ReceiptTask } from "./records";
import type { Archive, StoredObject } from "./s3-store";
import { parseRecord, UnreadableRecord } from "./serialization";

type CompletedTask = ItemProgress["completed"][number];

/** Commits an item to the archive: counts what its tasks wrote, and writes the receipt. If one stands already, it stands. */
export async function commitReceipt(
  plan: Plan,
  item: Item,
  completed: readonly CompletedTask[],
  archive: Archive,
  clock: Clock,
): Promise<Receipt> {
  const tasks: ReceiptTask[] = [];
  for (const task of completed) {
    const prefix = taskPrefix(plan.account, item.day.day, task.taskId);
    const objects: StoredObject[] = [];
    for await (const object of archive.list(prefix)) objects.push(object);
    tasks.push({ ...task, prefix, ...countObjects(objects) });
  }
  const receipt: Receipt = {
    version: 1,
    account: plan.account,
    region: plan.region,
    logGroup: item.group.name,
    day: item.day.day,
    from: item.day.from,
    to: item.day.to,
    tasks,
    objects: sum(tasks.map((task) => task.objects)),
    bytes: sum(tasks.map((task) => task.bytes)),
    runId: plan.runId,
    at: new Date(clock.now()).toISOString(),
  };
  const key = receiptKey(receipt.day, plan.account, receipt.logGroup, 1);
  const written = await archive.putOnce(key, JSON.stringify(receipt), "application/json");
  if (written === "written") return receipt;
  const standing = await readReceipt(plan, item, archive);
  if (!standing) throw new UnreadableRecord(`${key} was in the archive a moment ago, and is not`);
  return standing;
}

/** The receipt that stands for an item, if there is one: the last, as they are numbered without a gap. */
export async function readReceipt(plan: Plan, item: Item, archive: Archive): Promise<Receipt | undefined> {
  let standing: Receipt | undefined;
  for (let n = 1; ; n += 1) {
    const key = receiptKey(item.day.day, plan.account, item.group.name, n);
    const text = await archive.get(key);
    if (text === undefined) return standing;
    standing = parseRecord(Receipt, key, text);
  }
}

/** A task's listing as its receipt states it; keys in their UTF-8 byte order. */
export function countObjects(
  objects: readonly StoredObject[],
): Pick<ReceiptTask, "objects" | "bytes" | "listingSha256"> {
  const sorted = [...objects].sort((a, b) => Buffer.compare(Buffer.from(a.key, "utf8"), Buffer.from(b.key, "utf8")));
  const hash = createHash("sha256");
  for (const { key, size } of sorted) hash.update(`${key}\t${size}\n`, "utf8");
  return { objects: sorted.length, bytes: sum(sorted.map(({ size }) => size)), listingSha256: hash.digest("hex") };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
