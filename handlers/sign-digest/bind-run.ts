import pMap from "p-map";
import type { Leaves } from "../archive/digests";
import { addDays } from "../archive/expectations";
import { type BoundObject, sha256OfStream } from "../archive/hashing";
import {
  accountListKey,
  coverageOfDay,
  headKey,
  parseCoverageKey,
  parseRunKey,
  reportKey,
  runPrefix,
  sealKey,
  sealsPrefix,
} from "../archive/layout";
import { AccountList, SealingSummary } from "../archive/records";
import { parseSeal } from "../archive/seals";
import { parseRecord, UnreadableRecord } from "../archive/serialization";
import { type ArchiveReader, readText } from "../archive/store";

/** Objects read at a time. */
const concurrency = 32;

/** All that a run leaves in the archive, by its hashes. */
export interface BoundRun extends Leaves {
  readonly list: AccountList;
  readonly accounts: BoundObject;
  readonly report: BoundObject | null;
}

/**
 * Reads all that a run wrote, once, to bind it.
 * @throws {UnreadableRecord} if there is no list of accounts, without which nothing was expected.
 */
export async function bindRun(archive: ArchiveReader, runId: string): Promise<BoundRun> {
  const listKey = accountListKey(runId);
  const list = parseRecord(AccountList, listKey, await readText(archive, listKey));
  const keys: string[] = [];
  for await (const { key } of archive.list(runPrefix(runId))) if (key !== headKey(runId)) keys.push(key);
  const own = [listKey, reportKey(runId)];
  const bound = new Map((await bindAll(archive, keys)).map((object) => [object.key, object]));
  const [accounts, report] = own.map((key) => bound.get(key));
  if (!accounts) throw new UnreadableRecord(`${listKey} is not in the archive`);
  return {
    list,
    accounts,
    report: report ?? null,
    seals: await bindAll(archive, await sealsOf(archive, list, keys)),
    coverage: await bindAll(archive, await coverageOf(archive, list)),
    records: [...bound.values()].filter(({ key }) => !own.includes(key)),
  };
}

function bindAll(archive: ArchiveReader, keys: readonly string[]): Promise<BoundObject[]> {
  const bind = async (key: string): Promise<BoundObject> => {
    const stream = await archive.stream(key);
    if (!stream) throw new UnreadableRecord(`${key} was listed, and is not in the archive`);
    return { key, sha256: await sha256OfStream(stream.bytes) };
  };
  return pMap(keys, bind, { concurrency });
}

/** Keys of the coverage that the run wrote. */
async function coverageOf(archive: ArchiveReader, { runId, days }: AccountList): Promise<string[]> {
  const keys: string[] = [];
  for (const { day } of days)
    for await (const { key } of archive.list(coverageOfDay(day)))
      if (parseCoverageKey(key)?.runId === runId) keys.push(key);
  return keys;
}

/** Keys of the seals that the run wrote: its summaries name them, and where an account has none, the seals say whose they are. */
async function sealsOf(archive: ArchiveReader, list: AccountList, keys: readonly string[]): Promise<string[]> {
  const { runId, days, backlog } = list;
  const summaries = keys.filter((key) => parseRunKey(key)?.kind === "sealing");
  const named = new Set<string>();
  const told = new Set<string>();
  await pMap(
    summaries,
    async (key) => {
      const { account, seals } = parseRecord(SealingSummary, key, await readText(archive, key));
      told.add(account);
      for (const { day, first, last } of seals)
        for (let n = first; n <= last; n += 1) named.add(sealKey(day, account, n));
    },
    { concurrency },
  );
  const accounts = new Set([
    ...list.accounts.filter(({ skipped }) => !skipped).map(({ id }) => id),
    ...(backlog?.accounts ?? []),
  ]);
  const due = [...days.map(({ day }) => day), ...(backlog?.days ?? [])];
  // With a day the end of the one before it is settled.
  const sealed = new Set([...due, ...due.map((day) => addDays(day, -1))]);
  for (const account of accounts)
    if (!told.has(account))
      for (const day of sealed)
        for await (const { key } of archive.list(sealsPrefix(day, account)))
          if (parseSeal(key, await archive.read(key)).seal.runId === runId) named.add(key);
  return [...named].sort();
}
