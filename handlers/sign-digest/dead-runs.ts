import pMap from "p-map";
import { accountListKey, runsRoot } from "../archive/layout";
import { type RunHead, readRunHead } from "../archive/lost-digests";
import { AccountList } from "../archive/records";
import { parseRecord, UnreadableRecord } from "../archive/serialization";
import { type ArchiveReader, readText } from "../archive/store";

/** Objects read at a time. */
const concurrency = 32;

/** The runs that have left anything in the archive. */
export interface KnownRuns {
  /** Of the runs that a digest binds. */
  readonly heads: readonly RunHead[];
  /**
   * Runs that ended without a digest, the oldest first: those that were stopped or died, and those of before there were digests.
   * A run that may still be at work, because its time is not over, is left to itself.
   */
  readonly withoutDigest: readonly AccountList[];
}

/** @param now epoch milliseconds */
export async function knownRuns(archive: ArchiveReader, now: number): Promise<KnownRuns> {
  const { folders } = await archive.entries(runsRoot);
  const heads: RunHead[] = [];
  const open: AccountList[] = [];
  const look = async (runId: string): Promise<void> => {
    const head = await readRunHead(archive, runId);
    if (head === "unreadable") return;
    if (head) heads.push(head);
    else {
      const list = await listOf(archive, runId);
      if (list && Date.parse(list.deadline) < now) open.push(list);
    }
  };
  await pMap(folders, look, { concurrency });
  return {
    heads,
    withoutDigest: open.sort((a, b) => (a.startedAt < b.startedAt ? -1 : a.startedAt > b.startedAt ? 1 : 0)),
  };
}

async function listOf(archive: ArchiveReader, runId: string): Promise<AccountList | undefined> {
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
