import { readFileSync } from "node:fs";
import {
  accountOfFolder,
  coverageRoot,
  dayOfFolder,
  eventsPrefix,
  receiptsRoot,
  sealsPrefix,
} from "../../../handlers/archive/layout";
import { parseSeal } from "../../../handlers/archive/seals";
import { UnreadableRecord } from "../../../handlers/archive/serialization";
import type { StoredObject } from "../../../handlers/archive/store";
import type { Selections } from "../../query/pruning";
import { nothingRead } from "../../query/reading";
import { regionOfFolder, selectedReceipts } from "../../query/receipts";
import { type Selection, selects } from "../../query/selection";
import type { CachedFolder } from "./cached-folder";
import type { CachedBucket } from "./fetching";

/** What of a bucket a question needs and is not here. */
export interface Needs {
  /** Of which everything is needed. */
  readonly prefixes: string[];
  readonly files: StoredObject[];
  objects: number;
  /** As stored. */
  bytes: number;
}

/**
 * Fetches the records that a question reads, which are small, and says what else it needs: of what event files hold those, of
 * everything else what CloudWatch Logs exported.
 */
export async function needsOf(
  bucket: CachedBucket,
  wanted: Selections,
  { evidence = false }: { readonly evidence?: boolean } = {},
): Promise<Needs> {
  const { folder } = bucket;
  const needs: Needs = { prefixes: [], files: [], objects: 0, bytes: 0 };
  const region = regionOfFolder(folder);
  if (wanted.coverage) await fetchRecords(bucket, coverageRoot, wanted.coverage, region);
  if (wanted.receipts) await fetchRecords(bucket, receiptsRoot, wanted.receipts, region);
  if (wanted.events) await eventNeeds(bucket, wanted.events, region, evidence, needs);
  if (wanted.raw_lines) await rawNeeds(bucket, wanted.raw_lines, region, needs);
  return needs;
}

/** The account days of a root that a selection can want; their records are here afterwards. */
async function fetchRecords(
  bucket: CachedBucket,
  root: string,
  selection: Selection,
  region: string,
): Promise<{ readonly account: string; readonly day: string }[]> {
  if (!selects(selection, { region })) return [];
  const found: { readonly account: string; readonly day: string }[] = [];
  const prefixes: string[] = [];
  for (const dayFolder of await bucket.folders(root)) {
    const day = dayOfFolder(dayFolder);
    if (day === undefined || !selects(selection, { region, day })) continue;
    const accounts = await bucket.folders(`${root}${dayFolder}/`);
    const chosen = accounts.filter((name) => selects(selection, { region, day, account: accountOfFolder(name) ?? "" }));
    // One listing for all of a day.
    if (chosen.length === accounts.length) prefixes.push(`${root}${dayFolder}/`);
    else prefixes.push(...chosen.map((name) => `${root}${dayFolder}/${name}/`));
    found.push(...chosen.map((name) => ({ account: accountOfFolder(name) ?? "", day })));
  }
  await bucket.fetchAll(prefixes);
  return found;
}

async function eventNeeds(
  bucket: CachedBucket,
  selection: Selection,
  region: string,
  isEvidence: boolean,
  needs: Needs,
): Promise<void> {
  const { folder } = bucket;
  const accountDays = await fetchRecords(bucket, receiptsRoot, selection, region);
  await bucket.fetchAll(accountDays.map(({ account, day }) => sealsPrefix(day, account)));
  for (const { account, day } of accountDays) {
    const files = isEvidence ? [] : eventFilesOf(folder, day, account);
    const inFiles = new Set(files.flatMap(({ taskIds }) => taskIds));
    const exact: Selection = selection.map((conditions) => [
      ...conditions,
      { column: "day", anyOf: [[{ values: [day] }]] },
      { column: "account", anyOf: [[{ values: [account] }]] },
    ]);
    const receipts = [...selectedReceipts(folder, exact, nothingRead())];
    const tasks = receipts.flatMap((receipt) => receipt.tasks);
    const taskIds = new Set(tasks.map(({ taskId }) => taskId));
    for (const { key, size, taskIds: of } of files)
      if (of.some((taskId) => taskIds.has(taskId)) && !folder.has({ key, size })) add(needs, { key, size });
    // Those that are not needed are as good as not there.
    folder.setWhole(eventsPrefix(day, account));
    for (const { taskId, prefix, objects, bytes } of tasks)
      if (objects > 0 && !inFiles.has(taskId)) addPrefix(needs, folder, prefix, objects, bytes);
  }
}

function eventFilesOf(folder: CachedFolder, day: string, account: string) {
  return folder.here(sealsPrefix(day, account)).flatMap(({ key, path }) => {
    try {
      return parseSeal(key, readFileSync(path)).seal.eventFiles;
    } catch (error) {
      // What is damaged says nothing: the evidence is fetched.
      if (error instanceof UnreadableRecord) return [];
      throw error;
    }
  });
}

async function rawNeeds(bucket: CachedBucket, selection: Selection, region: string, needs: Needs): Promise<void> {
  for (const account of await bucket.folders("")) {
    if (!/^\d{12}$/.test(account) || !selects(selection, { region, account })) continue;
    for (const day of await bucket.folders(`${account}/`)) {
      if (!selects(selection, { region, account, day })) continue;
      let [objects, bytes] = [0, 0];
      for await (const { size } of bucket.list(`${account}/${day}/`)) [objects, bytes] = [objects + 1, bytes + size];
      addPrefix(needs, bucket.folder, `${account}/${day}/`, objects, bytes);
    }
  }
}

function add(needs: Needs, file: StoredObject): void {
  needs.files.push(file);
  needs.objects += 1;
  needs.bytes += file.size;
}

function addPrefix(needs: Needs, folder: CachedFolder, prefix: string, objects: number, bytes: number): void {
  const here = folder.here(prefix);
  const hereBytes = here.reduce((sum, { size }) => sum + size, 0);
  if (here.length === objects && hereBytes === bytes) {
    folder.setWhole(prefix);
    return;
  }
  needs.prefixes.push(prefix);
  needs.objects += Math.max(1, objects - here.length);
  needs.bytes += Math.max(0, bytes - hereBytes);
}
