import type { ArchiveReader } from "../../handlers/archive/store";

/**
 * The keys that were written more than once or deleted, with the number of their versions and delete markers. CloudWatch Logs'
 * write test is written for every export task.
 */
export async function versionsOf(bucket: ArchiveReader, prefix: string): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  const deleted = new Set<string>();
  for await (const { key, isDeleteMarker } of bucket.versions?.(prefix) ?? []) {
    counts.set(key, (counts.get(key) ?? 0) + 1);
    if (isDeleteMarker) deleted.add(key);
  }
  return new Map([...counts].filter(([key, count]) => (count > 1 || deleted.has(key)) && !isWriteTest(key)));
}

export function isWriteTest(key: string): boolean {
  return key.endsWith("/aws-logs-write-test");
}
