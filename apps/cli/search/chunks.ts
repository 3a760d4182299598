import type { FolderStore } from "../../../handlers/archive/folder-store";
import { dayOfFolder, receiptsRoot } from "../../../handlers/archive/layout";
import { isDayInRange } from "../../../handlers/archive/range";
import type { Span } from "../basis/spans";

/** Days that are asked for together, the newest first: few at the beginning, so that what is new is there soon. */
export function chunksOf(days: readonly string[]): Span[] {
  const left = [...new Set(days)].sort();
  const chunks: Span[] = [];
  for (let most = 1; left.length > 0; most *= 2) {
    const chunk = left.splice(-most);
    chunks.push({ from: chunk[0] ?? "", to: chunk.at(-1) ?? "" });
  }
  return chunks;
}

/** The days that have receipts in any of the buckets. */
export function archivedDays(buckets: readonly FolderStore[], range: Partial<Span>): string[] {
  const days = buckets.flatMap((bucket) => bucket.folderNames(receiptsRoot).flatMap((name) => dayOfFolder(name) ?? []));
  return days.filter((day) => isDayInRange(day, range));
}
