import { readNewestHead } from "../../../handlers/archive/digest-chain";
import { headText } from "../../../handlers/archive/digests";
import type { ArchiveReader } from "../../../handlers/archive/store";
import { toolVersion } from "../version";
import type { PageFacts } from "./page";

/** What a page says of itself, but for what was found unreadable. @param archive where it lies */
export async function pageFacts(
  buckets: readonly ArchiveReader[],
  archive: string,
  now: number,
): Promise<Omit<PageFacts, "unreadable">> {
  const heads: PageFacts["heads"][number][] = [];
  for (const bucket of buckets) {
    const head = await readNewestHead(bucket);
    heads.push({ bucket: bucket.bucket, head: head ? headText(head) : null });
  }
  return { generatedAt: new Date(now).toISOString(), archive, toolVersion, heads };
}
