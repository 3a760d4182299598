import {
  accountOfFolder,
  dayOfFolder,
  digestsRoot,
  parseDigestKey,
  parseSealKey,
  sealsRoot,
} from "../../../handlers/archive/layout";
import { isDayInRange, isInRange, type Range } from "../../../handlers/archive/range";
import type { ArchiveReader } from "../../../handlers/archive/store";

export interface SignedRecord {
  readonly key: string;
  readonly bytes: Buffer;
}

/**
 * All digests with their signatures and leaves, and the seals of a range. The whole chain, because any digest may name a seal of
 * any day: a run also seals what was left of older days. Objects that are neither are findings of `verify`, and are left out.
 */
export async function* signedRecords(bucket: ArchiveReader, range: Range): AsyncGenerator<SignedRecord> {
  for await (const { key } of bucket.list(digestsRoot)) {
    if (parseDigestKey(key)) yield* recordOf(bucket, key);
  }
  for (const dayFolder of (await bucket.entries(sealsRoot)).folders) {
    const day = dayOfFolder(dayFolder);
    if (day === undefined || !isDayInRange(day, range)) continue;
    for (const accountFolder of (await bucket.entries(`${sealsRoot}${dayFolder}/`)).folders) {
      const account = accountOfFolder(accountFolder);
      if (account === undefined || !isInRange({ account, day }, range)) continue;
      for await (const { key } of bucket.list(`${sealsRoot}${dayFolder}/${accountFolder}/`))
        if (parseSealKey(key)) yield* recordOf(bucket, key);
    }
  }
}

async function* recordOf(bucket: ArchiveReader, key: string): AsyncGenerator<SignedRecord> {
  const bytes = await bucket.read(key);
  if (bytes) yield { key, bytes };
}
