import pMap from "p-map";
import { accountListKey, headKey, runsRoot } from "../archive/layout";
import { AccountList } from "../archive/records";
import { parseRecord, UnreadableRecord } from "../archive/serialization";
import { type ArchiveReader, readText } from "../archive/store";

/** Objects read at a time. */
const concurrency = 32;

/**
 * Runs that ended without a digest, the oldest first: those that were stopped or died, and those of before there were digests.
 * A run that may still be at work is left to itself.
 * @param now epoch milliseconds
 */
export async function runsWithoutDigest(archive: ArchiveReader, now: number): Promise<AccountList[]> {
  const { folders } = await archive.entries(runsRoot);
  const open = await pMap(folders, (runId) => openRun(archive, runId), { concurrency });
  return open
    .filter((list) => list !== undefined)
    .filter(({ deadline }) => Date.parse(deadline) < now)
    .sort((a, b) => (a.startedAt < b.startedAt ? -1 : a.startedAt > b.startedAt ? 1 : 0));
}

async function openRun(archive: ArchiveReader, runId: string): Promise<AccountList | undefined> {
  if ((await archive.read(headKey(runId))) !== undefined) return undefined;
  const key = accountListKey(runId);
  const text = await readText(archive, key);
  if (text === undefined) return undefined;
  try {
    return parseRecord(AccountList, key, text);
  } catch (error) {
    // It cannot be said what this run expected: `verify` names the record, and no signature covers it up.
    if (error instanceof UnreadableRecord) return undefined;
    throw error;
  }
}
