import { receiptsPrefix } from "../../../handlers/archive/layout";
import { parseReceipt } from "../../../handlers/archive/receipts";
import { UnreadableRecord } from "../../../handlers/archive/serialization";
import { type ArchiveReader, readText } from "../../../handlers/archive/store";

/** What earlier exports of an account took and brought, by some of its receipts. */
export interface Experience {
  /** From the creation of an item's export tasks to their ends. */
  readonly seconds: readonly number[];
  /** Of an item, as stored. */
  readonly bytes: readonly number[];
}

/** Receipts that are read of each of so many accounts: more say little more, and of thousands of accounts each is a request. */
export function receiptsToRead(accounts: number): number {
  return accounts > 500 ? 1 : 3;
}

/**
 * Reads what some of an account's newest receipts say.
 * @param days with receipts, newest first
 */
export async function readExperience(
  archive: ArchiveReader,
  account: string,
  days: readonly string[],
  receipts: number,
): Promise<Experience> {
  const seconds: number[] = [];
  const bytes: number[] = [];
  for (const day of days) {
    for await (const { key } of archive.list(receiptsPrefix(day, account))) {
      if (seconds.length >= receipts) return { seconds, bytes };
      const receipt = await readable(archive, key);
      if (!receipt) continue;
      const spans = receipt.tasks.map(({ createdAt, completedAt }) => Date.parse(completedAt) - Date.parse(createdAt));
      seconds.push(spans.reduce((sum, span) => sum + span, 0) / 1000);
      bytes.push(receipt.bytes);
    }
  }
  return { seconds, bytes };
}

async function readable(archive: ArchiveReader, key: string) {
  try {
    return parseReceipt(key, await readText(archive, key));
  } catch (error) {
    // A damaged receipt tells nothing of the next export: `verify` names it.
    if (error instanceof UnreadableRecord) return undefined;
    throw error;
  }
}

/** The middle one of some numbers; undefined of none. */
export function median(numbers: readonly number[]): number | undefined {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
}
