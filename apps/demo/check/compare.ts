import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import type { FolderStore } from "../../../handlers/archive/folder-store";
import { countObjects } from "../../../handlers/archive/receipts";
import type { CoverageLine, Receipt } from "../../../handlers/archive/records";
import { reasonCode } from "../../../handlers/contract/reasons";
import type { SourceEvent } from "./source";

const dayMs = 86_400_000;

/** What is wrong with an item's objects: their receipt, and the lines of the source that they should hold. */
export function compareItem(
  receipt: Receipt,
  coverage: CoverageLine | undefined,
  folder: FolderStore,
  events: readonly SourceEvent[],
): string[] {
  const problems: string[] = [];
  const expiredBefore = expiry(receipt, coverage);
  const lines = new Map<string, number>();
  const mayBeMissing = new Map<string, number>();
  for (const event of events) addLines(event.timestamp < expiredBefore ? mayBeMissing : lines, exportedText(event), 1);
  for (const task of receipt.tasks) {
    const objects = [...folder.files(task.prefix)];
    if (countObjects(objects).listingSha256 !== task.listingSha256)
      problems.push(`${task.prefix} does not hold what its receipt states`);
    for (const { key, path } of objects) {
      const text = decompressed(path);
      if (text instanceof Error) problems.push(`${key} cannot be read: ${text.message}`);
      else addLines(lines, text, -1);
    }
  }
  const counts = [...lines];
  const missing = counts.filter(([, count]) => count > 0).length;
  const added = counts.filter(([line, count]) => count < 0 && -count > (mayBeMissing.get(line) ?? 0)).length;
  if (missing > 0) problems.push(`${missing} lines of the source are not in the archive`);
  if (added > 0) problems.push(`${added} lines of the archive are not in the source`);
  return problems;
}

/** An error where the object is damaged: what else it holds is still compared. */
function decompressed(path: string): string | Error {
  const stored = readFileSync(path);
  try {
    return gunzipSync(stored).toString("utf8");
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** As CloudWatch Logs writes an event into an object. */
export function exportedText({ timestamp, message }: SourceEvent): string {
  return `${new Date(timestamp).toISOString()} ${message}\n`;
}

/** What is older had been deleted by its group's retention when the export ran, if coverage says that it had. */
function expiry(receipt: Receipt, coverage: CoverageLine | undefined): number {
  const { reason = "", retentionInDays } = coverage ?? {};
  if (reasonCode(reason) !== "partly-expired" || !retentionInDays) return Number.NEGATIVE_INFINITY;
  const completed = receipt.tasks.map(({ completedAt }) => Date.parse(completedAt));
  return Math.max(...completed) - retentionInDays * dayMs;
}

function addLines(counts: Map<string, number>, text: string, by: number): void {
  if (text === "") return;
  for (const line of text.replace(/\n$/, "").split("\n")) counts.set(line, (counts.get(line) ?? 0) + by);
}
