import { hash } from "node:crypto";

/** The archive's key layout. One bucket per Region; every key that the project writes is made here. */

/** The name by which StackSets bring the role to every account and by which policies know it. */
export const memberRoleName = "OrgLogArchiveMember";

/** S3 refuses longer keys, counted in UTF-8 bytes. https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html */
export const maxKeyBytes = 1024;

export function archiveBucketName(logArchiveAccount: string, region: string): string {
  return `org-log-archive-${logArchiveAccount}-${region}`;
}

/** The Region that an archive bucket's name ends with; undefined for any other name, as a copied folder may have. */
export function regionOfBucket(bucket: string): string | undefined {
  return /^org-log-archive-\d{12}-([a-z]{2}(?:-[a-z]+)+-\d)$/.exec(bucket)?.[1];
}

/** Whether a folder at the top of a bucket is one that only archives have. */
export function isArchiveFolder(name: string): boolean {
  return ["receipts", "coverage", "runs", "seals", "events", "digests"].includes(name);
}

/** `destinationPrefix` of an export task: CloudWatch Logs appends the task id and the stream. */
export function destinationPrefix(account: string, day: string): string {
  return `${account}/${day}`;
}

/** Where an export task's objects lie. */
export function taskPrefix(account: string, day: string, taskId: string): string {
  return `${destinationPrefix(account, day)}/${taskId}/`;
}

/** What the key of an object that CloudWatch Logs exported says of it. */
export interface ExportKey {
  readonly account: string;
  readonly day: string;
  readonly taskId: string;
  /** With `-` for every `/`. */
  readonly logStream: string;
}

export function parseExportKey(key: string): ExportKey | undefined {
  const [, account, day, taskId, logStream] =
    /^(\d{12})\/(\d{4}-\d{2}-\d{2})\/([^/]+)\/([^/]+)(?:\/.*)?$/s.exec(key) ?? [];
  if (account === undefined || day === undefined || taskId === undefined || logStream === undefined) return undefined;
  return { account, day, taskId, logStream };
}

/** Length in bytes of the key to which CloudWatch Logs writes a stream; a task id is a UUID of 36 characters. */
export function exportKeyBytes(account: string, day: string, stream: string): number {
  const key = `${taskPrefix(account, day, "0".repeat(36))}${stream.replaceAll("/", "-")}/000000.gz`;
  return Buffer.byteLength(key, "utf8");
}

export function logGroupHash(logGroup: string): string {
  return hash("sha256", logGroup);
}

/** Below it every day that has receipts is a folder. */
export const receiptsRoot = "receipts/";

export function receiptsOfDay(day: string): string {
  return `${receiptsRoot}day=${day}/`;
}

/** The day that a folder below `receipts/`, `coverage/` and their like is named after. */
export function dayOfFolder(name: string): string | undefined {
  return /^day=(\d{4}-\d{2}-\d{2})$/.exec(name)?.[1];
}

/** The account that a folder below a day is named after. */
export function accountOfFolder(name: string): string | undefined {
  return /^account=(\d{12})$/.exec(name)?.[1];
}

export function receiptsPrefix(day: string, account: string): string {
  return `${receiptsOfDay(day)}account=${account}/`;
}

/** `n` counts the receipts of an item from 1; the highest stands. */
export function receiptKey(day: string, account: string, logGroup: string, n: number): string {
  return `${receiptsPrefix(day, account)}${logGroupHash(logGroup)}.${n}.json`;
}

/** What a receipt's key says of it. */
export interface ReceiptKey {
  readonly day: string;
  readonly account: string;
  readonly logGroupHash: string;
  readonly n: number;
}

export function parseReceiptKey(key: string): ReceiptKey | undefined {
  const [, day, account, hash, n] =
    /^receipts\/day=(\d{4}-\d{2}-\d{2})\/account=(\d{12})\/([0-9a-f]{64})\.([1-9]\d*)\.json$/.exec(key) ?? [];
  if (day === undefined || account === undefined || hash === undefined) return undefined;
  return { day, account, logGroupHash: hash, n: Number(n) };
}

/** Below it every day that has coverage is a folder. */
export const coverageRoot = "coverage/";

export function coverageOfDay(day: string): string {
  return `${coverageRoot}day=${day}/`;
}

export function coveragePrefix(day: string, account: string): string {
  return `${coverageOfDay(day)}account=${account}/`;
}

export function coverageKey(day: string, account: string, runId: string, attempt: number): string {
  return `${coveragePrefix(day, account)}${runId}-${attempt}.jsonl`;
}

/** What a coverage object's key says of it. */
export interface CoverageKey {
  readonly day: string;
  readonly account: string;
  readonly runId: string;
  readonly attempt: number;
}

export function parseCoverageKey(key: string): CoverageKey | undefined {
  const [, day, account, runId, attempt] =
    /^coverage\/day=(\d{4}-\d{2}-\d{2})\/account=(\d{12})\/([0-9A-Za-z_-]+)-([1-9]\d*)\.jsonl$/.exec(key) ?? [];
  if (day === undefined || account === undefined || runId === undefined) return undefined;
  return { day, account, runId, attempt: Number(attempt) };
}

/** Below it every day that has seals is a folder. */
export const sealsRoot = "seals/";

export function sealsOfDay(day: string): string {
  return `${sealsRoot}day=${day}/`;
}

export function sealsPrefix(day: string, account: string): string {
  return `${sealsOfDay(day)}account=${account}/`;
}

/** `n` counts the seals of an account's day from 1; all stand together. */
export function sealKey(day: string, account: string, n: number): string {
  return `${sealsPrefix(day, account)}${n}.json`;
}

/** What a seal's key says of it. */
export interface SealKey {
  readonly day: string;
  readonly account: string;
  readonly n: number;
}

export function parseSealKey(key: string): SealKey | undefined {
  const [, day, account, n] = /^seals\/day=(\d{4}-\d{2}-\d{2})\/account=(\d{12})\/([1-9]\d*)\.json$/.exec(key) ?? [];
  return day === undefined || account === undefined ? undefined : { day, account, n: Number(n) };
}

/** Below it every day that has event files is a folder. */
export const eventsRoot = "events/";

export function eventsPrefix(day: string, account: string): string {
  return `${eventsRoot}day=${day}/account=${account}/`;
}

/**
 * Named after what it holds, so that who makes it again writes the same object.
 * @param kind `events`: of objects of export tasks; `ends`: what of the millisecond at which their windows end is theirs.
 * @param sha256 Of the file, in hex.
 */
export function eventFileKey(day: string, account: string, kind: EventFileKey["kind"], sha256: string): string {
  return `${eventsPrefix(day, account)}${kind}-${sha256}.parquet`;
}

/** What an event file's key says of it. */
export interface EventFileKey {
  readonly day: string;
  readonly account: string;
  readonly kind: "events" | "ends";
  readonly sha256: string;
}

export function parseEventFileKey(key: string): EventFileKey | undefined {
  const [, day, account, kind, sha256] =
    /^events\/day=(\d{4}-\d{2}-\d{2})\/account=(\d{12})\/(events|ends)-([0-9a-f]{64})\.parquet$/.exec(key) ?? [];
  if (day === undefined || account === undefined || sha256 === undefined) return undefined;
  return { day, account, kind: kind === "ends" ? "ends" : "events", sha256 };
}

/** Below it lie the digests, by their sequence. */
export const digestsRoot = "digests/";

export function digestKey(sequence: number): string {
  return `${digestsRoot}${String(sequence).padStart(10, "0")}.json`;
}

/** A digest's signature: the bytes that KMS returned. */
export function signatureKey(sequence: number): string {
  return `${digestKey(sequence)}.sig`;
}

/** What a digest names, where that is too much for the digest itself. */
export function leavesKey(sequence: number): string {
  return digestKey(sequence).replace(/json$/, "leaves.jsonl");
}

/** What the key of an object below `digests/` says of it. */
export interface DigestKey {
  readonly sequence: number;
  readonly kind: "digest" | "signature" | "leaves";
}

const digestKinds = { ".json": "digest", ".json.sig": "signature", ".leaves.jsonl": "leaves" } as const;

export function parseDigestKey(key: string): DigestKey | undefined {
  const [, sequence, ending] = /^digests\/(\d{10})(\.json|\.json\.sig|\.leaves\.jsonl)$/.exec(key) ?? [];
  if (Number(sequence ?? 0) === 0) return undefined;
  return { sequence: Number(sequence), kind: digestKinds[ending as keyof typeof digestKinds] };
}

/** Below it every run is a folder. */
export const runsRoot = "runs/";

/** The parts of a run's records that are found by their keys. */
export type RunKey =
  | { readonly runId: string; readonly kind: "account-list" | "report" | "head" | "other" }
  | { readonly runId: string; readonly kind: "plan" | "summary" | "outcomes" | "sealing"; readonly account: string };

export function parseRunKey(key: string): RunKey | undefined {
  const [, runId, rest] = /^runs\/([0-9A-Za-z_-]+)\/(.+)$/.exec(key) ?? [];
  if (runId === undefined || rest === undefined) return undefined;
  if (rest === "accounts.json") return { runId, kind: "account-list" };
  if (rest === "report.json") return { runId, kind: "report" };
  if (rest === "head.json") return { runId, kind: "head" };
  const plan = /^plans\/(\d{12})\.json$/.exec(rest)?.[1];
  if (plan !== undefined) return { runId, kind: "plan", account: plan };
  const summary = /^summaries\/(\d{12})\.\d+\.json$/.exec(rest)?.[1];
  if (summary !== undefined) return { runId, kind: "summary", account: summary };
  const outcomes = /^outcomes\/(\d{12})\/[^/]+\.jsonl$/.exec(rest)?.[1];
  if (outcomes !== undefined) return { runId, kind: "outcomes", account: outcomes };
  const sealing = /^sealing\/(\d{12})\.\d+\.json$/.exec(rest)?.[1];
  if (sealing !== undefined) return { runId, kind: "sealing", account: sealing };
  return { runId, kind: "other" };
}

export function runPrefix(runId: string): string {
  return `${runsRoot}${runId}/`;
}

export function accountListKey(runId: string): string {
  return `${runPrefix(runId)}accounts.json`;
}

export function plansPrefix(runId: string): string {
  return `${runPrefix(runId)}plans/`;
}

/** The ids of the accounts that a run archives, as a JSON array: what the state machine starts an execution for each of. */
export function archivedAccountsKey(runId: string): string {
  return `${runPrefix(runId)}archived-accounts.json`;
}

/** The ids of accounts that a run only seals, because they are not archived any more; like those of the archived accounts. */
export function formerAccountsKey(runId: string): string {
  return `${runPrefix(runId)}former-accounts.json`;
}

export function planKey(runId: string, account: string): string {
  return `${plansPrefix(runId)}${account}.json`;
}

export function outcomesPrefix(runId: string, account: string): string {
  return `${runPrefix(runId)}outcomes/${account}/`;
}

/** What every attempt at a step has written begins with this. */
export function outcomesOfStep(runId: string, account: string, step: number): string {
  return `${outcomesPrefix(runId, account)}${String(step).padStart(6, "0")}-`;
}

/** A step that is run again writes a second object, because the first may not have held all of it: hence the request id. */
export function outcomesKey(runId: string, account: string, step: number, requestId: string): string {
  return `${outcomesOfStep(runId, account, step)}${requestId}.jsonl`;
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

/** What a run found out about accounts while it sealed them. */
export function sealingsPrefix(runId: string): string {
  return `${runPrefix(runId)}sealing/`;
}

export function sealingSummaryKey(runId: string, account: string, attempt: number): string {
  return `${sealingsPrefix(runId)}${account}.${attempt}.json`;
}

export function sealingStepsPrefix(runId: string, account: string): string {
  return `${sealingsPrefix(runId)}${account}/`;
}

/** What a step could not seal. Like the loop's steps, one that is run again writes a second object. */
export function notSealedKey(runId: string, account: string, step: number, requestId: string): string {
  return `${sealingStepsPrefix(runId, account)}${String(step).padStart(6, "0")}-${requestId}.jsonl`;
}

/** What steps have read of an item that one could not read to the end, as it will be in the seal. */
export function sealedPartKey(runId: string, account: string, step: number, requestId: string): string {
  return `${sealingStepsPrefix(runId, account)}${String(step).padStart(6, "0")}-${requestId}.part.json`;
}

/** The run's digest by its sequence and hash; written after the digest, which therefore does not name it. */
export function headKey(runId: string): string {
  return `${runPrefix(runId)}head.json`;
}
