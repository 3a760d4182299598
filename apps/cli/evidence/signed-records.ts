import { parseDigest } from "../../../handlers/archive/digests";
import { accountOfFolder, dayOfFolder, digestsRoot, parseDigestKey, sealsRoot } from "../../../handlers/archive/layout";
import { isDayInRange, isInRange, type Range } from "../../../handlers/archive/range";
import { UnreadableRecord } from "../../../handlers/archive/serialization";
import type { ArchiveReader } from "../../../handlers/archive/store";

export interface SignedRecord {
  readonly key: string;
  readonly bytes: Buffer;
}

/**
 * The seals of a range, and the digests from the first that covers a day of it to the newest: a chain without a gap shows that
 * none was removed.
 */
export async function* signedRecords(bucket: ArchiveReader, range: Range): AsyncGenerator<SignedRecord> {
  let isIn = false;
  for await (const { key } of bucket.list(digestsRoot)) {
    const bytes = await bucket.read(key);
    if (!bytes) continue;
    // A digest is listed before its signature and after its leaves: all three have its sequence.
    const sequence = parseDigestKey(key)?.sequence ?? 0;
    isIn ||= await covers(bucket, sequence, range);
    if (isIn) yield { key, bytes };
  }
  for (const dayFolder of (await bucket.entries(sealsRoot)).folders) {
    const day = dayOfFolder(dayFolder);
    if (day === undefined || !isDayInRange(day, range)) continue;
    for (const accountFolder of (await bucket.entries(`${sealsRoot}${dayFolder}/`)).folders) {
      const account = accountOfFolder(accountFolder);
      if (account === undefined || !isInRange({ account, day }, range)) continue;
      for await (const { key } of bucket.list(`${sealsRoot}${dayFolder}/${accountFolder}/`)) {
        const bytes = await bucket.read(key);
        if (bytes) yield { key, bytes };
      }
    }
  }
}

async function covers(bucket: ArchiveReader, sequence: number, range: Range): Promise<boolean> {
  const key = `${digestsRoot}${String(sequence).padStart(10, "0")}.json`;
  try {
    const { digest } = parseDigest(key, await bucket.read(key));
    return digest.days.length === 0 || digest.days.some((day) => isDayInRange(day, range));
  } catch (error) {
    // What cannot be read belongs to the evidence: verification names it.
    if (error instanceof UnreadableRecord) return true;
    throw error;
  }
}
