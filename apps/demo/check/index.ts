import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { z } from "zod";
import { CoverageLine, Receipt, type ReceiptTask } from "../../handlers/contract/records";
import { parseLines, parseRecord } from "../../handlers/contract/serialization";
import { countObjects } from "../../handlers/ledger/receipts";
import { type BucketFolder, bucketFolders } from "../archive/folder";

/** What comparing the archive with what was put into the emulator found. */
export interface ArchiveCheck {
  /** (account, Region, log group, day) that hold data within the days that the runs covered. */
  readonly itemsWithData: number;
  readonly eventsWithData: number;
  readonly receipts: number;
  /** Items with data that coverage skips, with their reasons. */
  readonly skipped: readonly string[];
  /** What is wrong; nothing, if the archive holds what it should. */
  readonly problems: readonly string[];
}

const SourceEvent = z.object({
  logGroup: z.string(),
  logStream: z.string(),
  timestamp: z.number(),
  ingestionTime: z.number(),
  message: z.string(),
});

const ExportTaskLine = z.object({
  account: z.string(),
  region: z.string(),
  id: z.string(),
  created: z.number(),
  finished: z.number().nullish(),
});

const dayMs = 86_400_000;

/**
 * Compares `.emulator/` with itself: every item that holds data has one receipt, the receipted objects hold the source's lines
 * and no others, receipts state what lies there, and no two export tasks of an account and Region overlapped.
 * @param covered the days that were run, by account and Region: `<account> <region>` to days.
 */
export function checkArchive(directory: string, covered: ReadonlyMap<string, ReadonlySet<string>>): ArchiveCheck {
  const problems: string[] = [];
  const receipts = new Map<string, Receipt>();
  const skipped = new Map<string, string>();
  const folders = new Map<string, BucketFolder>();
  for (const folder of bucketFolders(join(directory, "s3"))) {
    for (const { key, path } of folder.list("receipts/")) {
      const receipt = parseRecord(Receipt, key, readFileSync(path, "utf8"));
      const item = itemName(receipt);
      if (receipts.has(item)) problems.push(`${item}: more than one receipt`);
      receipts.set(item, receipt);
      folders.set(receipt.region, folder);
    }
    for (const { key, path } of folder.list("coverage/"))
      for (const line of parseLines(CoverageLine, key, readFileSync(path, "utf8")))
        if (line.outcome === "skipped" && line.logGroup !== null)
          skipped.set(itemName({ ...line, logGroup: line.logGroup }), line.reason ?? "");
  }
  let eventsWithData = 0;
  const skippedItems: string[] = [];
  const withData = new Map<string, Map<string, number>>();
  for (const { account, region, events } of sources(directory)) {
    const days = covered.get(`${account} ${region}`);
    if (!days) continue;
    for (const event of events) {
      for (const day of daysOf(event.timestamp)) {
        if (!days.has(day)) continue;
        const item = itemName({ account, region, logGroup: event.logGroup, day });
        const lines = withData.get(item) ?? new Map<string, number>();
        addLines(lines, `${new Date(event.timestamp).toISOString()} ${event.message}\n`, 1);
        withData.set(item, lines);
        eventsWithData += 1;
      }
    }
  }
  for (const [item, lines] of withData) {
    const receipt = receipts.get(item);
    const folder = receipt && folders.get(receipt.region);
    if (receipt && folder) problems.push(...compare(item, receipt, folder, lines));
    else if (skipped.has(item)) skippedItems.push(`${item}: ${skipped.get(item)}`);
    else problems.push(`${item}: holds data, and has no receipt`);
  }
  for (const [item, receipt] of receipts)
    if (!withData.has(item) && receipt.objects > 0) problems.push(`${item}: archived, but the source holds nothing`);
  problems.push(...overlaps(directory));
  return { itemsWithData: withData.size, eventsWithData, receipts: receipts.size, skipped: skippedItems, problems };
}

function itemName(item: { account: string; region: string; logGroup: string; day: string }): string {
  return `${item.account} ${item.region} ${item.logGroup} ${item.day}`;
}

/** A day's window ends with the next day's first millisecond, which belongs to both. */
function daysOf(timestamp: number): string[] {
  const day = (at: number) => new Date(at).toISOString().slice(0, 10);
  return timestamp % dayMs === 0 ? [day(timestamp), day(timestamp - 1)] : [day(timestamp)];
}

function compare(item: string, receipt: Receipt, folder: BucketFolder, source: Map<string, number>): string[] {
  const problems: string[] = [];
  const lines = new Map(source);
  for (const task of receipt.tasks) {
    const { problem, text } = readTask(task, folder);
    if (problem) problems.push(`${item}: ${problem}`);
    addLines(lines, text, -1);
  }
  const missing = [...lines.values()].filter((count) => count > 0).length;
  const added = [...lines.values()].filter((count) => count < 0).length;
  if (missing > 0) problems.push(`${item}: ${missing} lines of the source are not in the archive`);
  if (added > 0) problems.push(`${item}: ${added} lines of the archive are not in the source`);
  return problems;
}

function readTask(task: ReceiptTask, folder: BucketFolder): { problem?: string; text: string } {
  const objects = [...folder.list(task.prefix)];
  const text = objects.map(({ path }) => gunzipSync(readFileSync(path)).toString("utf8")).join("");
  const { listingSha256 } = countObjects(objects);
  return listingSha256 === task.listingSha256
    ? { text }
    : { problem: `${task.prefix} does not hold what its receipt states`, text };
}

function addLines(counts: Map<string, number>, text: string, by: number): void {
  if (text === "") return;
  for (const line of text.replace(/\n$/, "").split("\n")) counts.set(line, (counts.get(line) ?? 0) + by);
}

function* sources(directory: string) {
  const root = join(directory, "source");
  if (!existsSync(root)) return;
  for (const account of readdirSync(root))
    for (const file of readdirSync(join(root, account))) {
      const path = join(root, account, file);
      yield {
        account,
        region: file.replace(/\.jsonl$/, ""),
        events: parseLines(SourceEvent, path, readFileSync(path, "utf8")),
      };
    }
}

function overlaps(directory: string): string[] {
  const path = join(directory, "export-tasks.jsonl");
  const tasks = existsSync(path) ? parseLines(ExportTaskLine, path, readFileSync(path, "utf8")) : [];
  const bySlot = new Map<string, z.infer<typeof ExportTaskLine>[]>();
  for (const task of tasks) {
    const slot = `${task.account} ${task.region}`;
    bySlot.set(slot, [...(bySlot.get(slot) ?? []), task]);
  }
  return [...bySlot].flatMap(([slot, ofSlot]) => {
    const ordered = ofSlot.sort((a, b) => a.created - b.created);
    return ordered.flatMap((task, index) => {
      const next = ordered[index + 1];
      const overlap = next && next.created < (task.finished ?? Number.POSITIVE_INFINITY);
      return overlap ? [`${slot}: export tasks ${task.id} and ${next.id} overlap`] : [];
    });
  });
}
