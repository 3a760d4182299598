import { Readable, Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { parseCoverage } from "../../../handlers/archive/coverage";
import { coveragePrefix, destinationPrefix, receiptsPrefix } from "../../../handlers/archive/layout";
import { countObjects, parseReceipt } from "../../../handlers/archive/receipts";
import type { ReceiptTask } from "../../../handlers/archive/records";
import { UnreadableRecord } from "../../../handlers/archive/serialization";
import { StandingLines } from "../../../handlers/archive/standing";
import { type ArchiveReader, readText, type StoredObject } from "../../../handlers/archive/store";
import { contradictions } from "./contradictions";
import type { Finding, FindingKind } from "./findings";

export interface DayToVerify {
  readonly account: string;
  readonly day: string;
  /** The log groups that a run planned to export on this day. */
  readonly planned: ReadonlySet<string>;
  /** A run was to archive the account on this day. */
  readonly isDue: boolean;
}

export interface DayOptions {
  /** Reads every object through. */
  readonly deep: boolean;
  /** Data of days before this one may have been deleted by lifecycle rules. */
  readonly expiredBefore?: string;
}

export interface DayVerified {
  readonly findings: readonly Finding[];
  readonly objects: number;
  readonly bytes: number;
}

/** Recounts one account's day against its receipts. */
export async function verifyDay(bucket: ArchiveReader, due: DayToVerify, options: DayOptions): Promise<DayVerified> {
  const { account, day } = due;
  const mayBeExpired = options.expiredBefore !== undefined && day < options.expiredBefore;
  const findings: Finding[] = [];
  const found = (kind: FindingKind, detail: string, logGroup?: string) =>
    findings.push({
      kind,
      bucket: bucket.bucket,
      account,
      day,
      detail,
      ...(logGroup === undefined ? {} : { logGroup }),
    });
  const receipts = await readAll(bucket, receiptsPrefix(day, account), found, (key, text) => [parseReceipt(key, text)]);
  const lines = await readAll(bucket, coveragePrefix(day, account), found, parseCoverage);
  const tasks = await objectsByTask(bucket, account, day, (key) => found("stray-object", key));
  const receipted = new Map<string, string>();
  for (const receipt of receipts) {
    const { logGroup } = receipt;
    for (const detail of contradictions(receipt, bucket.bucket)) found("wrong-receipt", detail, logGroup);
    for (const task of receipt.tasks) {
      const other = receipted.get(task.taskId) ?? logGroup;
      if (other !== logGroup)
        found("wrong-receipt", `export task ${task.taskId}, which is log group ${other}'s`, logGroup);
      receipted.set(task.taskId, other);
      const objects = tasks.get(task.taskId) ?? [];
      if (mayBeExpired && objects.length === 0 && task.objects > 0) found("expired", task.prefix, logGroup);
      else compare(task, objects, (kind, detail) => found(kind, detail, logGroup));
    }
  }
  let objects = 0;
  let bytes = 0;
  for (const [taskId, ofTask] of tasks) {
    objects += ofTask.length;
    for (const { size } of ofTask) bytes += size;
    if (!receipted.has(taskId)) found("orphan-folder", `${destinationPrefix(account, day)}/${taskId}/`);
    if (options.deep)
      for (const { key } of ofTask) await readThrough(bucket, key, (detail) => found("unreadable-object", detail));
  }
  const data = `${destinationPrefix(account, day)}/`;
  // An expired object's delete marker is a version, too.
  for (const prefix of [...(mayBeExpired ? [] : [data]), receiptsPrefix(day, account), coveragePrefix(day, account)])
    for (const [key, count] of await versionsOf(bucket, prefix))
      if (count > 1 && !isWriteTest(key)) found("several-versions", `${key}: ${count}`);
  const committed = new Set(receipts.map(({ logGroup }) => logGroup));
  for (const { logGroup, taskIds } of lines)
    if (logGroup !== null && taskIds && !committed.has(logGroup)) {
      committed.add(logGroup);
      found("missing-receipt", `export task ${taskIds.join(", ")}`, logGroup);
    }
  const standing = new StandingLines();
  for (const line of lines) standing.add(line);
  for (const { logGroup, outcome, reason = "" } of standing.values())
    if (outcome === "failed" && (logGroup === null ? committed.size === 0 : !committed.has(logGroup)))
      found("not-archived", reason, logGroup ?? undefined);
  const recorded = new Set([...receipts.map(({ logGroup }) => logGroup), ...lines.map(({ logGroup }) => logGroup)]);
  for (const logGroup of due.planned) if (!recorded.has(logGroup)) found("no-record", "planned by a run", logGroup);
  if (due.isDue && recorded.size === 0) found("no-record", "the whole account");
  return { findings, objects, bytes };
}

async function versionsOf(bucket: ArchiveReader, prefix: string): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for await (const { key } of bucket.versions?.(prefix) ?? []) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

function isWriteTest(key: string): boolean {
  return key.endsWith("/aws-logs-write-test");
}

type Report = (kind: FindingKind, detail: string) => void;

async function readAll<T>(
  bucket: ArchiveReader,
  prefix: string,
  found: Report,
  parse: (key: string, text: string) => T[],
): Promise<T[]> {
  const records: T[] = [];
  for await (const { key } of bucket.list(prefix)) {
    try {
      records.push(...parse(key, (await readText(bucket, key)) ?? ""));
    } catch (error) {
      if (!(error instanceof UnreadableRecord)) throw error;
      found("unreadable-record", error.message);
    }
  }
  return records;
}

/** What CloudWatch Logs wrote for a day, by task id; its write test belongs to none. */
async function objectsByTask(
  bucket: ArchiveReader,
  account: string,
  day: string,
  stray: (key: string) => void,
): Promise<Map<string, StoredObject[]>> {
  const prefix = `${destinationPrefix(account, day)}/`;
  const tasks = new Map<string, StoredObject[]>();
  for await (const object of bucket.list(prefix)) {
    const [taskId = "", ...rest] = object.key.slice(prefix.length).split("/");
    if (rest.length === 0) {
      if (!isWriteTest(object.key)) stray(object.key);
      continue;
    }
    const ofTask = tasks.get(taskId);
    if (ofTask) ofTask.push(object);
    else tasks.set(taskId, [object]);
  }
  return tasks;
}

function compare(task: ReceiptTask, objects: readonly StoredObject[], found: Report): void {
  const counted = countObjects(objects);
  const isAsHashed = counted.listingSha256 === task.listingSha256;
  if (isAsHashed && counted.objects === task.objects && counted.bytes === task.bytes) return;
  const detail = `${task.prefix}: ${counted.objects} objects and ${counted.bytes} bytes, the receipt says ${task.objects} and ${task.bytes}`;
  if (isAsHashed) found("wrong-receipt", detail);
  else if (counted.objects === 0) found("receipt-without-data", detail);
  else if (counted.objects < task.objects) found("missing-objects", detail);
  else if (counted.objects > task.objects) found("added-keys", detail);
  else found("changed-listing", detail);
}

/** Piece by piece: a small object may become a very large one. */
async function readThrough(bucket: ArchiveReader, key: string, found: (detail: string) => void): Promise<void> {
  const stored = await bucket.read(key);
  if (!stored) return found(`${key}: it was listed, and is not there`);
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  try {
    await pipeline(Readable.from([stored]), createGunzip(), nowhere);
  } catch (error) {
    found(`${key}: ${typeof error === "object" && error && "message" in error ? error.message : error}`);
  }
}
