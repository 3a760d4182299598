import pMap from "p-map";
import { accountListKey, coverageOfDay, parseCoverageKey } from "../archive/layout";
import { AccountList, type ListedAccount } from "../archive/records";
import { parseRecord, UnreadableRecord } from "../archive/serialization";
import { type ArchiveReader, readText } from "../archive/store";
import type { Run } from "../contract/messages";

/** Runs read at a time. */
const concurrency = 16;

/**
 * Which left-out accounts are on record as left out, so that their days are not written again in every run of the look-back: of
 * 5,000 accounts of which one unit is archived, that would be tens of thousands of objects a day. It is read from the keys of
 * the coverage and from the lists of the runs that wrote it: an account whose coverage of a day was written only by runs that
 * left it out for the same reason has it on record.
 */
export class SkippedBefore {
  private constructor(
    /** By day and account, the runs that wrote coverage. */
    private readonly writers: ReadonlyMap<string, ReadonlySet<string>>,
    /** By run and account, why the account was left out. */
    private readonly reasons: ReadonlyMap<string, ReadonlyMap<string, string>>,
  ) {}

  static async read(archive: ArchiveReader, run: Run): Promise<SkippedBefore> {
    const writers = new Map<string, Set<string>>();
    for (const { day } of run.days)
      for await (const { key } of archive.list(coverageOfDay(day))) {
        const parsed = parseCoverageKey(key);
        if (!parsed) continue;
        const id = `${day} ${parsed.account}`;
        const ofDay = writers.get(id) ?? new Set<string>();
        writers.set(id, ofDay.add(parsed.runId));
      }
    const runs = new Set([...writers.values()].flatMap((ofDay) => [...ofDay]));
    const reasons = new Map<string, ReadonlyMap<string, string>>();
    await pMap(runs, async (runId) => reasons.set(runId, await reasonsOf(archive, runId)), { concurrency });
    return new SkippedBefore(writers, reasons);
  }

  has({ id, skipped }: ListedAccount, day: string): boolean {
    const writers = this.writers.get(`${day} ${id}`);
    if (!writers || skipped === undefined) return false;
    return [...writers].every((runId) => this.reasons.get(runId)?.get(id) === skipped);
  }
}

/** Why a run left accounts out; of a run whose list is gone or damaged nothing is known, and the days are written again. */
async function reasonsOf(archive: ArchiveReader, runId: string): Promise<ReadonlyMap<string, string>> {
  const key = accountListKey(runId);
  const text = await readText(archive, key);
  try {
    if (text === undefined) return new Map();
    const { accounts } = parseRecord(AccountList, key, text);
    return new Map(accounts.flatMap(({ id, skipped }) => (skipped ? [[id, skipped]] : [])));
  } catch (error) {
    if (error instanceof UnreadableRecord) return new Map();
    throw error;
  }
}
