import { Readable, Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { parseCoverage } from "../../handlers/archive/coverage";
import type { Owed } from "../../handlers/archive/expectations";
import { sha256Hex } from "../../handlers/archive/hashing";
import {
  coveragePrefix,
  destinationPrefix,
  eventsPrefix,
  parseCoverageKey,
  receiptsPrefix,
  sealsPrefix,
  taskPrefix,
} from "../../handlers/archive/layout";
import { parseReceipt } from "../../handlers/archive/receipts";
import type { CoverageLine, Receipt } from "../../handlers/archive/records";
import { parseSeal, type SealedObject, type StoredSeal } from "../../handlers/archive/seals";
import { UnreadableRecord } from "../../handlers/archive/serialization";
import { StandingLines } from "../../handlers/archive/standing";
import {
  type ArchiveReader,
  type CurrentObject,
  currentObjects,
  type StoredObject,
} from "../../handlers/archive/store";
import type { Binding, Present } from "./binding";
import { contradictions } from "./contradictions";
import type { Finding, FindingKind } from "./findings";
import type { Hasher } from "./hashing";
import { compareListing } from "./listings";
import { sealedContent, verifySeals } from "./verify-seals";
import { isWriteTest, versionsOf } from "./versions";

export interface DayToVerify {
  readonly account: string;
  readonly day: string;
  /** The log groups that a run planned to export on this day. */
  readonly planned: ReadonlySet<string>;
  /** Why the account owes a record of this day; absent: it owes none. */
  readonly owed?: Owed;
  /** Runs whose records do not tell that the day is complete. */
  readonly partialRuns: ReadonlySet<string>;
}

export interface DayOptions {
  /** Reads every object through. */
  readonly deep: boolean;
  /** Data of days before this one may have been deleted by lifecycle rules. */
  readonly expiredBefore?: string;
  /**
   * Only this log group: its data, its receipts, and the records that it shares with the others of its account. Absent: all of
   * them, and what belongs to none.
   */
  readonly logGroup?: string;
}

export interface DayVerified {
  /** False where only one log group is asked about, and nothing here speaks of it. */
  readonly isKnown: boolean;
  readonly findings: readonly Finding[];
  readonly objects: number;
  readonly bytes: number;
  /** Runs that left records here and no digest. */
  readonly unsignedRuns: ReadonlySet<string>;
}

type Report = (kind: FindingKind, detail: string, logGroup?: string) => void;

/** Checks everything that one account's day holds against its receipts, its seals, and what digests bind. */
export async function verifyDay(
  bucket: ArchiveReader,
  due: DayToVerify,
  { deep, expiredBefore, logGroup: asked }: DayOptions,
  binding: Binding,
  hasher: Hasher,
): Promise<DayVerified> {
  const { account, day } = due;
  const mayBeExpired = expiredBefore !== undefined && day < expiredBefore;
  const findings: Finding[] = [];
  const told = new Set<string>();
  const isAsked = (logGroup: string) => asked === undefined || logGroup === asked;
  const found: Report = (kind, detail, logGroup) => {
    if (logGroup !== undefined && !isAsked(logGroup)) return;
    // A digest and a seal may both show it.
    const id = JSON.stringify([kind, detail, logGroup]);
    if (told.has(id)) return;
    told.add(id);
    const where = logGroup === undefined ? { account, day } : { account, day, logGroup };
    findings.push({ kind, bucket: bucket.bucket, ...where, detail });
  };
  const present = new Map<string, Present>();
  const receipts = await readAll<StoredReceipt>(bucket, receiptsPrefix(day, account), found, (key, bytes) => [
    { key, sha256: sha256Hex(bytes), receipt: parseReceipt(key, bytes.toString("utf8")) },
  ]);
  const lines = await readAll<CoverageLine>(bucket, coveragePrefix(day, account), found, (key, bytes) => {
    const runId = parseCoverageKey(key)?.runId;
    present.set(key, { sha256: sha256Hex(bytes), ...(runId === undefined ? {} : { runId }) });
    return parseCoverage(key, bytes.toString("utf8"));
  });
  const seals = await readAll<StoredSeal>(bucket, sealsPrefix(day, account), found, (key, bytes) => {
    present.set(key, { sha256: sha256Hex(bytes) });
    const stored = parseSeal(key, bytes);
    present.set(key, { sha256: stored.sha256, runId: stored.seal.runId });
    return [stored];
  });
  for (const [key, record] of present) binding.check(key, record, found);
  binding.checkPresent(present, found);
  const data = dataPrefixes(due, receipts, asked);
  const tasks = await objectsByTask(bucket, account, day, data, (key) => found("stray-object", key));
  const sealed = sealedContent(seals);
  verifySeals(bucket.bucket, seals, { receipts, coverage: present, binding, mayBeExpired }, found);
  const receipted = new Map<string, string>();
  for (const { receipt } of receipts) {
    const { logGroup } = receipt;
    for (const detail of contradictions(receipt, bucket.bucket)) found("wrong-receipt", detail, logGroup);
    for (const task of receipt.tasks) {
      const other = receipted.get(task.taskId) ?? logGroup;
      if (other !== logGroup)
        found("wrong-receipt", `export task ${task.taskId}, which is log group ${other}'s`, logGroup);
      receipted.set(task.taskId, other);
      if (!isAsked(logGroup)) continue;
      const objects = tasks.get(task.taskId) ?? [];
      if (mayBeExpired && objects.length === 0 && task.objects > 0) found("expired", task.prefix, logGroup);
      else compareListing(task, objects, sealed.objects, (kind, detail) => found(kind, detail, logGroup));
    }
  }
  const listed = [...tasks.values()].flat();
  for (const taskId of tasks.keys())
    if (!receipted.has(taskId)) found("orphan-folder", `${destinationPrefix(account, day)}/${taskId}/`);
  /** An object is its export task's log group's. */
  const ofObject = (key: string) => receipted.get(key.split("/")[2] ?? "");
  const differing = new Set<string>();
  for (const object of listed) {
    const expected = sealed.objects.get(object.key);
    if (!expected || !differs(object, expected)) continue;
    differing.add(object.key);
    found("changed-object", `${object.key}: its size, ETag or version`, ofObject(object.key));
  }
  if (asked === undefined)
    await checkEventFiles(bucket, day, account, sealed.eventFiles, deep ? hasher : undefined, found);
  if (deep)
    await readThrough(bucket, listed, sealed.objects, hasher, (kind, key, detail) => {
      if (kind !== "changed-object" || !differing.has(key)) found(kind, detail, ofObject(key));
    });
  // An expired object's delete marker is a version, too.
  for (const prefix of [
    ...(mayBeExpired ? [] : data),
    ...[receiptsPrefix, coveragePrefix, sealsPrefix].map((of) => of(day, account)),
  ])
    for (const [key, count] of await versionsOf(bucket, prefix)) found("several-versions", `${key}: ${count}`);
  const missing = findings.flatMap(({ kind, logGroup }) => (kind === "missing-receipt" && logGroup ? [logGroup] : []));
  checkRecorded(due, receipts, lines, new Set(missing), found);
  const isAskedOf = ({ logGroup }: { readonly logGroup: string | null }) => logGroup === asked;
  return {
    isKnown:
      asked === undefined ||
      due.planned.has(asked) ||
      lines.some(isAskedOf) ||
      receipts.some(({ receipt }) => isAskedOf(receipt)) ||
      seals.some(({ seal }) => seal.items.some(isAskedOf)),
    findings,
    objects: listed.length,
    bytes: listed.reduce((total, { size }) => total + size, 0),
    unsignedRuns: binding.unsignedRuns,
  };
}

export interface StoredReceipt {
  readonly key: string;
  readonly sha256: string;
  readonly receipt: Receipt;
}

/**
 * What coverage and plans say must be there.
 * @param missing log groups of which a seal has shown that their receipt is not there
 */
function checkRecorded(
  due: DayToVerify,
  receipts: readonly StoredReceipt[],
  lines: readonly CoverageLine[],
  missing: ReadonlySet<string>,
  found: Report,
): void {
  const committed = new Set(receipts.map(({ receipt }) => receipt.logGroup));
  const recorded = new Set<string | null>([...committed, ...lines.map(({ logGroup }) => logGroup)]);
  const isTold = [...receipts.map(({ receipt }) => receipt), ...lines].some(({ runId }) => !due.partialRuns.has(runId));
  for (const { logGroup, taskIds } of lines)
    if (logGroup !== null && taskIds && !committed.has(logGroup)) {
      committed.add(logGroup);
      if (!missing.has(logGroup)) found("missing-receipt", `export task ${taskIds.join(", ")}`, logGroup);
    }
  const standing = new StandingLines();
  for (const line of lines) standing.add(line);
  for (const { logGroup, outcome, reason = "" } of standing.values())
    if (outcome === "failed" && (logGroup === null ? committed.size === 0 : !committed.has(logGroup)))
      found("not-archived", reason, logGroup ?? undefined);
  for (const logGroup of due.planned) if (!recorded.has(logGroup)) found("no-record", "planned by a run", logGroup);
  if (due.owed && !isTold) found(due.owed, "the whole account");
}

async function readAll<T>(
  bucket: ArchiveReader,
  prefix: string,
  found: Report,
  parse: (key: string, bytes: Buffer) => T[],
): Promise<T[]> {
  const records: T[] = [];
  for await (const { key } of bucket.list(prefix)) {
    try {
      const bytes = await bucket.read(key);
      if (bytes) records.push(...parse(key, bytes));
    } catch (error) {
      if (!(error instanceof UnreadableRecord)) throw error;
      found("unreadable-record", error.message);
    }
  }
  return records;
}

/** Where an account's day has its data: all of it, or that of one log group. */
function dataPrefixes(
  { account, day }: DayToVerify,
  receipts: readonly StoredReceipt[],
  asked: string | undefined,
): string[] {
  if (asked === undefined) return [`${destinationPrefix(account, day)}/`];
  const own = receipts.filter(({ receipt }) => receipt.logGroup === asked);
  return [
    ...new Set(own.flatMap(({ receipt }) => receipt.tasks.map(({ taskId }) => taskPrefix(account, day, taskId)))),
  ];
}

/** What CloudWatch Logs wrote for a day, by task id; its write test belongs to none. */
async function objectsByTask(
  bucket: ArchiveReader,
  account: string,
  day: string,
  prefixes: readonly string[],
  stray: (key: string) => void,
): Promise<Map<string, CurrentObject[]>> {
  const folder = `${destinationPrefix(account, day)}/`;
  const tasks = new Map<string, CurrentObject[]>();
  for (const prefix of prefixes)
    for (const object of await currentObjects(bucket, prefix)) {
      const [taskId = "", ...rest] = object.key.slice(folder.length).split("/");
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

/** A copy of the archive has no ETags and versions: there only sizes and, when it is read, hashes can differ. */
function differs(object: CurrentObject, sealed: SealedObject): boolean {
  if (object.size !== sealed.size || (object.etag !== undefined && object.etag !== sealed.etag)) return true;
  return object.versionId !== undefined && sealed.versionId !== undefined && object.versionId !== sealed.versionId;
}

/** Hashes what is sealed, and decompresses what is not: nothing else tells whether that is whole. */
async function readThrough(
  bucket: ArchiveReader,
  objects: readonly StoredObject[],
  sealed: ReadonlyMap<string, { readonly sha256: string }>,
  hasher: Hasher,
  found: (kind: FindingKind, key: string, detail: string) => void,
): Promise<void> {
  await checkHashes(
    bucket,
    objects.flatMap(({ key }) => {
      const expected = sealed.get(key);
      return expected ? [{ key, sha256: expected.sha256 }] : [];
    }),
    hasher,
    (key, problem) =>
      found(problem ? "unreadable-object" : "changed-object", key, problem ? `${key}: ${problem}` : key),
  );
  for (const { key } of objects)
    if (!sealed.has(key)) await decompress(bucket, key, (detail) => found("unreadable-object", key, detail));
}

async function checkHashes(
  bucket: ArchiveReader,
  expected: readonly { readonly key: string; readonly sha256: string }[],
  hasher: Hasher,
  wrong: (key: string, problem: string | undefined) => void,
): Promise<void> {
  const hashed = await hasher.hash(
    bucket,
    expected.map(({ key }) => key),
  );
  for (const [index, { key, sha256 }] of expected.entries()) {
    const { sha256: actual, error } = hashed[index] ?? {};
    if (actual !== sha256) wrong(key, error);
  }
}

async function checkEventFiles(
  bucket: ArchiveReader,
  day: string,
  account: string,
  sealed: ReadonlyMap<string, { readonly size: number; readonly sha256: string }>,
  hasher: Hasher | undefined,
  found: Report,
): Promise<void> {
  const toHash: { key: string; sha256: string }[] = [];
  const missing = new Set(sealed.keys());
  for await (const { key, size } of bucket.list(eventsPrefix(day, account))) {
    const expected = sealed.get(key);
    missing.delete(key);
    if (!expected) found("orphan-event-file", key);
    else if (expected.size !== size) found("changed-object", `${key}: its size`);
    else toHash.push({ key, sha256: expected.sha256 });
  }
  for (const key of missing) found("missing-event-file", key);
  if (hasher)
    await checkHashes(bucket, toHash, hasher, (key, problem) =>
      found("changed-object", problem ? `${key}: ${problem}` : key),
    );
}

/** Piece by piece: a small object may become a very large one. */
async function decompress(bucket: ArchiveReader, key: string, found: (detail: string) => void): Promise<void> {
  const stored = await bucket.stream(key);
  if (!stored) return found(`${key}: it was listed, and is not there`);
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  try {
    await pipeline(Readable.from(stored.bytes), createGunzip(), nowhere);
  } catch (error) {
    found(`${key}: ${typeof error === "object" && error && "message" in error ? error.message : error}`);
  }
}
