import { createHash } from "node:crypto";

/** The archive's key layout. One bucket per Region; every key that the project writes is made here. */

/** The name by which StackSets bring the role to every account and by which policies know it. */
export const memberRoleName = "OrgLogArchiveMember";

/** S3 refuses longer keys, counted in UTF-8 bytes. https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html */
export const maxKeyBytes = 1024;

export function archiveBucketName(logArchiveAccount: string, region: string): string {
  return `org-log-archive-${logArchiveAccount}-${region}`;
}

/** `destinationPrefix` of an export task: CloudWatch Logs appends the task id and the stream. */
export function destinationPrefix(account: string, day: string): string {
  return `${account}/${day}`;
}

/** Where an export task's objects lie. */
export function taskPrefix(account: string, day: string, taskId: string): string {
  return `${destinationPrefix(account, day)}/${taskId}/`;
}

/** Length in bytes of the key to which CloudWatch Logs writes a stream; a task id is a UUID of 36 characters. */
export function exportKeyBytes(account: string, day: string, stream: string): number {
  const key = `${taskPrefix(account, day, "0".repeat(36))}${stream.replaceAll("/", "-")}/000000.gz`;
  return Buffer.byteLength(key, "utf8");
}

export function logGroupHash(logGroup: string): string {
  return createHash("sha256").update(logGroup, "utf8").digest("hex");
}

/** Below it every day that has receipts is a folder. */
export const receiptsRoot = "receipts/";

export function receiptsOfDay(day: string): string {
  return `${receiptsRoot}day=${day}/`;
}

/** The day whose receipts a folder holds. */
export function receiptDay(folder: string): string | undefined {
  return /^receipts\/day=(\d{4}-\d{2}-\d{2})\/$/.exec(folder)?.[1];
}

export function receiptsPrefix(day: string, account: string): string {
  return `${receiptsOfDay(day)}account=${account}/`;
}

/** `n` counts the receipts of an item from 1; the highest stands. */
export function receiptKey(day: string, account: string, logGroup: string, n: number): string {
  return `${receiptsPrefix(day, account)}${logGroupHash(logGroup)}.${n}.json`;
}

/** What a receipt's key says: the item, as the key without its number, and the number. */
export function parseReceiptKey(key: string): { readonly item: string; readonly n: number } | undefined {
  const [, item, n] = /^(receipts\/.*)\.(\d+)\.json$/.exec(key) ?? [];
  return item === undefined ? undefined : { item, n: Number(n) };
}

export function coveragePrefix(day: string, account: string): string {
  return `coverage/day=${day}/account=${account}/`;
}

export function coverageKey(day: string, account: string, runId: string, attempt: number): string {
  return `${coveragePrefix(day, account)}${runId}-${attempt}.jsonl`;
}

export function runPrefix(runId: string): string {
  return `runs/${runId}/`;
}

export function accountListKey(runId: string): string {
  return `${runPrefix(runId)}accounts.json`;
}

export function planKey(runId: string, account: string): string {
  return `${runPrefix(runId)}plans/${account}.json`;
}

export function outcomesPrefix(runId: string, account: string): string {
  return `${runPrefix(runId)}outcomes/${account}/`;
}

/** A step that is run again writes a second object, because the first may not have held all of it: hence the request id. */
export function outcomesKey(runId: string, account: string, step: number, requestId: string): string {
  return `${outcomesPrefix(runId, account)}${String(step).padStart(6, "0")}-${requestId}.jsonl`;
}

export function summariesPrefix(runId: string): string {
  return `${runPrefix(runId)}summaries/`;
}

export function summaryKey(runId: string, account: string, attempt: number): string {
  return `${summariesPrefix(runId)}${account}.${attempt}.json`;
}

export function reportKey(runId: string): string {
  return `${runPrefix(runId)}report.json`;
}
