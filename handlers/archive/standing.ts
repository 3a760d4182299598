import pMap, { pMapSkip } from "p-map";
import { logGroupHash, parseReceiptKey } from "./layout";
import { AccountList, CoverageLine, Receipt } from "./records";
import { parseLines, parseRecord, UnreadableRecord } from "./serialization";

/** An object of an archive. */
export interface ArchiveObject {
  readonly key: string;
  /** Bytes as stored. */
  readonly size: number;
}

/** What lies directly below a prefix. */
export interface Entries {
  /** Names, without slashes. */
  readonly folders: readonly string[];
  /** Of objects, whole. */
  readonly keys: readonly string[];
}

/** One Region's archive bucket, wherever it lies. */
export interface ArchiveBucket {
  readonly bucket: string;
  /** Every object below a prefix, in no particular order. */
  list(prefix: string): AsyncIterable<ArchiveObject> | Iterable<ArchiveObject>;
  /** What comes next below a prefix that ends with a slash, or at the top. */
  entries(prefix: string): Promise<Entries>;
  /** An object's bytes. */
  read(key: string): Promise<Buffer>;
  /** How many versions of each key there are below a prefix; absent where there are no versions. */
  versions?(prefix: string): Promise<Map<string, number>>;
}

/** Part of an archive: nothing set means all of it. Days are `YYYY-MM-DD`, both ends included. */
export interface Range {
  readonly accounts?: readonly string[];
  readonly from?: string;
  readonly to?: string;
}

export function isInRange({ account, day }: { account: string; day: string }, range: Range): boolean {
  if (range.accounts && !range.accounts.includes(account)) return false;
  return (!range.from || day >= range.from) && (!range.to || day <= range.to);
}

/** The keys below `receipts/` or `coverage/` that lie in a range. Only its days and accounts are listed. */
async function* partitioned(bucket: ArchiveBucket, root: "receipts/" | "coverage/", range: Range) {
  for (const dayFolder of (await bucket.entries(root)).folders) {
    const day = dayFolder.replace("day=", "");
    if ((range.from && day < range.from) || (range.to && day > range.to)) continue;
    const accounts = range.accounts ?? [undefined];
    for (const wanted of accounts) {
      const prefix = wanted === undefined ? `${root}${dayFolder}/` : `${root}${dayFolder}/account=${wanted}/`;
      for await (const object of bucket.list(prefix)) {
        const [, account, name] = /\/account=(\d{12})\/(.+)$/.exec(object.key) ?? [];
        if (account && name) yield { ...object, day, account, name };
      }
    }
  }
}

/** The keys of the standing receipts, by `<day> <account> <hash of the log group>`. */
export async function standingReceiptKeys(bucket: ArchiveBucket, range: Range): Promise<Map<string, string>> {
  const items = new Map<string, string>();
  for await (const { key, day, account, name } of partitioned(bucket, "receipts/", range))
    items.set(key, `${day} ${account} ${name.split(".", 1)[0]}`);
  return new Map(standing(items.keys(), (key) => key).map((key) => [items.get(key) ?? "", key]));
}

/** Of every item's receipts the one with the highest number. */
export function standing<T>(receipts: Iterable<T>, keyOf: (receipt: T) => string): T[] {
  const highest = new Map<string, { readonly receipt: T; readonly n: number }>();
  for (const receipt of receipts) {
    const { item, n } = parseReceiptKey(keyOf(receipt)) ?? { item: "", n: 0 };
    if (n > (highest.get(item)?.n ?? 0)) highest.set(item, { receipt, n });
  }
  return [...highest.values()].map(({ receipt }) => receipt);
}

/**
 * The standing coverage of a range, a day at a time: of every item the line with the latest `at`, and where a receipt stands,
 * what it says. What coverage calls exported without a receipt, or a record that cannot be read, is a failure of that item or
 * account. Receipts that coverage agrees with are not read: that is for verifying.
 */
export async function* standingCoverage(bucket: ArchiveBucket, range: Range = {}): AsyncGenerator<CoverageLine[]> {
  const roots = await Promise.all(["coverage/", "receipts/"].map((root) => bucket.entries(root)));
  const days = [...new Set(roots.flatMap(({ folders }) => folders).map((folder) => folder.replace("day=", "")))].sort();
  for (const day of days)
    if ((!range.from || day >= range.from) && (!range.to || day <= range.to))
      yield await coverageOfDay(bucket, { ...range, from: day, to: day });
}

async function coverageOfDay(bucket: ArchiveBucket, day: Range): Promise<CoverageLine[]> {
  const latest = new Map<string, CoverageLine>();
  const broken: CoverageLine[] = [];
  const unreadable = (key: string, error: UnreadableRecord) => broken.push(unreadableLine(bucket, key, error));
  const keys: string[] = [];
  for await (const { key } of partitioned(bucket, "coverage/", day)) keys.push(key);
  for (const lines of await readAll(bucket, keys, (key, text) => parseLines(CoverageLine, key, text), unreadable))
    for (const line of lines) {
      const item = `${line.day} ${line.account} ${line.logGroup === null ? "" : logGroupHash(line.logGroup)}`;
      const standing = latest.get(item);
      if (!standing || standing.at <= line.at) latest.set(item, line);
    }
  const receipts = await standingReceiptKeys(bucket, day);
  for (const [item, line] of latest)
    if (line.taskIds && !receipts.has(item)) latest.set(item, uncommitted(line, line.taskIds));
  const unknown = [...receipts].filter(([item]) => !latest.get(item)?.taskIds).map(([, key]) => key);
  for (const receipt of await readAll(bucket, unknown, (key, text) => parseRecord(Receipt, key, text), unreadable))
    latest.set(`${receipt.day} ${receipt.account} ${logGroupHash(receipt.logGroup)}`, coverageOfReceipt(receipt));
  return [...latest.values(), ...broken];
}

/** No query reads the data: nothing says that it is whole. */
function uncommitted(line: CoverageLine, taskIds: readonly string[]): CoverageLine {
  return {
    ...line,
    outcome: "failed",
    reason: `missing-receipt: no receipt commits export task ${taskIds.join(", ")}`,
  };
}

/** Which log group a record that cannot be read is about is not known: the account's day is not complete. */
function unreadableLine({ bucket }: ArchiveBucket, key: string, { message }: UnreadableRecord): CoverageLine {
  const [, day = "", account = ""] = /\/day=([^/]+)\/account=([^/]+)\//.exec(key) ?? [];
  return {
    account,
    region: regionOf(bucket) ?? bucket,
    logGroup: null,
    day,
    outcome: "failed",
    reason: `unreadable-record: ${message}`,
    runId: "unknown",
    at: new Date(0).toISOString(),
  };
}

/** Objects read at a time. */
const concurrency = 32;

function readAll<T>(
  bucket: ArchiveBucket,
  keys: readonly string[],
  parse: (key: string, text: string) => T,
  unreadable: (key: string, error: UnreadableRecord) => void,
): Promise<T[]> {
  const read = async (key: string) => {
    const text = (await bucket.read(key)).toString("utf8");
    try {
      return parse(key, text);
    } catch (error) {
      if (!(error instanceof UnreadableRecord)) throw error;
      unreadable(key, error);
      return pMapSkip;
    }
  };
  return pMap(keys, read, { concurrency });
}

function coverageOfReceipt({
  account,
  region,
  logGroup,
  day,
  objects,
  bytes,
  tasks,
  runId,
  at,
}: Receipt): CoverageLine {
  const outcome = objects > 0 ? "exported" : "empty";
  return {
    account,
    region,
    logGroup,
    day,
    outcome,
    taskIds: tasks.map(({ taskId }) => taskId),
    objects,
    bytes,
    runId,
    at,
  };
}

/** The names of the accounts that the runs have seen. */
export async function accountNames(bucket: ArchiveBucket): Promise<Map<string, string>> {
  const names = new Map<string, string>();
  for await (const { key } of bucket.list("runs/")) {
    if (!/^runs\/[^/]+\/accounts\.json$/.test(key)) continue;
    const { accounts } = parseRecord(AccountList, key, (await bucket.read(key)).toString("utf8"));
    for (const { id, name } of accounts) names.set(id, name);
  }
  return names;
}

/** The Region that an archive bucket's name ends with; undefined for any other name, as a copied folder may have. */
export function regionOf(bucket: string): string | undefined {
  return /^org-log-archive-\d{12}-([a-z]{2}(?:-[a-z]+)+-\d)$/.exec(bucket)?.[1];
}
