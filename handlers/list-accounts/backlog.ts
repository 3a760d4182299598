import pMap from "p-map";
import { newestDigest } from "../archive/digest-chain";
import { addDays } from "../archive/expectations";
import {
  accountListKey,
  accountOfFolder,
  dayOfFolder,
  parseRunKey,
  receiptsOfDay,
  receiptsRoot,
  sealingsPrefix,
} from "../archive/layout";
import { AccountList, type Backlog, SealingSummary } from "../archive/records";
import { parseRecord, UnreadableRecord } from "../archive/serialization";
import { type ArchiveReader, readText } from "../archive/store";

/** Days before the look-back that a run seals at most: an archive of a year catches up in some five weeks of daily runs. */
export const mostDays = 10;

/** Objects read at a time. */
const concurrency = 16;

/**
 * The oldest days before the look-back that may have something to seal: those of before there were seals, those that a run did
 * not reach, and each day once more when it leaves the look-back.
 * @param before the oldest day of the look-back.
 * @param except days that the run seals anyway.
 * @param keptFrom the oldest day whose data no lifecycle rule has deleted.
 */
export async function readBacklog(
  archive: ArchiveReader,
  before: string,
  keptFrom: string | undefined,
  except: readonly string[],
): Promise<Backlog> {
  const from = await sealedUpTo(archive);
  const oldest =
    [from, keptFrom]
      .filter((day) => day !== undefined && day !== null)
      .sort()
      .at(-1) ?? "";
  const { folders } = await archive.entries(receiptsRoot);
  const open = folders.flatMap((folder) => dayOfFolder(folder) ?? []).filter((day) => day >= oldest && day < before);
  const days = open
    .filter((day) => !except.includes(day))
    .sort()
    .slice(0, mostDays);
  const accounts = await pMap(days, async (day) => (await archive.entries(receiptsOfDay(day))).folders, {
    concurrency,
  });
  return {
    from,
    days,
    accounts: [...new Set(accounts.flat().flatMap((folder) => accountOfFolder(folder) ?? []))].sort(),
  };
}

/** A backlog that a run leaves as it is, because it is not about all accounts and days. */
export async function keepBacklog(archive: ArchiveReader): Promise<Backlog> {
  return { from: await sealedUpTo(archive), days: [], accounts: [] };
}

/** The day before which everything is sealed, as far as the newest run says that has a digest; null if none says so. */
async function sealedUpTo(archive: ArchiveReader): Promise<string | null> {
  try {
    const runId = (await newestDigest(archive))?.digest.runId;
    if (runId === undefined) return null;
    const key = accountListKey(runId);
    const { backlog } = parseRecord(AccountList, key, await readText(archive, key));
    if (!backlog) return null;
    const last = backlog.days.at(-1);
    if (last === undefined) return backlog.from;
    const complete = await completeAccounts(archive, runId);
    return backlog.accounts.every((account) => complete.has(account)) ? addDays(last, 1) : backlog.from;
  } catch (error) {
    // What the signed records do not tell is looked at from the beginning; that they are damaged is for `verify` to say.
    if (error instanceof UnreadableRecord) return null;
    throw error;
  }
}

/** The accounts of which a run reached every day, whatever it could not seal. */
export async function completeAccounts(archive: ArchiveReader, runId: string): Promise<Set<string>> {
  const { keys } = await archive.entries(sealingsPrefix(runId));
  const summaries = keys.filter((key) => parseRunKey(key)?.kind === "sealing");
  const read = async (key: string) => parseRecord(SealingSummary, key, await readText(archive, key));
  const complete = (await pMap(summaries, read, { concurrency })).filter((summary) => summary.complete);
  return new Set(complete.map(({ account }) => account));
}
