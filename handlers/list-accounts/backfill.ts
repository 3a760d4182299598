import pMap from "p-map";
import type { ZodType, z } from "zod";
import { digestSequences, readDigest } from "../archive/digest-chain";
import { daysBetween } from "../archive/expectations";
import { accountListKey, reportKey } from "../archive/layout";
import { AccountList, type Backfill, Report } from "../archive/records";
import { parseRecord, UnreadableRecord } from "../archive/serialization";
import { type ArchiveReader, readText } from "../archive/store";
import { mostDaysOfRun, type RunRequest } from "../contract/messages";
import { isForNextRun } from "../contract/reasons";
import type { DayRange } from "../contract/values";
import { completeAccounts } from "./backlog";

/** A backfill, before it is decided which days of it a run covers. */
export type StandingBackfill = Omit<Backfill, "days">;

/**
 * So many runs are looked at: one that was under way beside another, or that died and was signed by a later one, has left its
 * digest before or behind that of a run which knew nothing of it.
 */
const watchedRuns = 20;

/**
 * The backfill that runs have on record, as the newest of them left it; undefined where none was asked for. It is carried from
 * list to list, so that every run's digest binds it.
 */
export async function readBackfill(archive: ArchiveReader): Promise<StandingBackfill | undefined> {
  const runs = await newestRuns(archive);
  const [standing] = runs.filter(({ backfill }) => backfill).sort(byStanding);
  return standing && whatIsLeft(standing, archive);
}

/**
 * Decides which days of a backfill a run covers: the oldest that are left, as many as fit beside its own. A run for some days,
 * accounts or log groups only hands it on.
 * @param own the days that the run covers anyway
 */
export function decideBackfill(
  request: RunRequest,
  before: StandingBackfill | undefined,
  startedAt: string,
  own: readonly string[],
): Backfill | undefined {
  const { backfill: asked, days, accounts, logGroups } = request;
  const standing = asked === undefined ? before : askedFor(asked, startedAt);
  if (!standing) return undefined;
  const isForSome = days !== undefined || accounts !== undefined || logGroups !== undefined;
  if (isForSome) return { ...standing, days: [] };
  const rest = standing.rest.filter((day) => !own.includes(day));
  // A run for an earlier moment leaves days to others that have not ended for it.
  const newest = [...own].sort().at(-1) ?? "";
  return { ...standing, rest, days: rest.filter((day) => day < newest).slice(0, daysBeside(own.length)) };
}

function askedFor(range: DayRange | null, askedAt: string): StandingBackfill {
  return { askedAt, rest: range ? daysBetween(range.from, range.to) : [], again: [], left: 0 };
}

/** How many days of a backfill a run covers beside its own. */
export function daysBeside(own: number): number {
  return Math.max(1, mostDaysOfRun - own);
}

/** What a list says of a backfill: the accounts of twenty lists would not all have room. */
const BackfillOfRun = AccountList.pick({ runId: true, startedAt: true, backfill: true });
type BackfillOfRun = z.infer<typeof BackfillOfRun>;

/** What the newest runs that have a digest say. */
async function newestRuns(archive: ArchiveReader): Promise<BackfillOfRun[]> {
  const sequences = [...(await digestSequences(archive)).digests].sort((a, b) => b - a).slice(0, watchedRuns);
  const runs = await pMap(
    sequences,
    async (sequence) => {
      const digest = await readable(readDigest(archive, sequence));
      return digest && readable(read(BackfillOfRun, accountListKey(digest.digest.runId), archive));
    },
    { concurrency: 4 },
  );
  return runs.filter((run) => run !== undefined);
}

/** The backfill that was asked for last; of runs that have the same, the one that worked on it, and of these the latest. */
function byStanding(one: BackfillOfRun, other: BackfillOfRun): number {
  const rank = ({ backfill, startedAt }: BackfillOfRun) =>
    [backfill?.askedAt ?? "", backfill && backfill.days.length > 0 ? 1 : 0, startedAt].join(" ");
  const [a, b] = [rank(one), rank(other)];
  return a < b ? 1 : a > b ? -1 : 0;
}

/** What a run left of a backfill. */
async function whatIsLeft(
  { runId, backfill }: BackfillOfRun,
  archive: ArchiveReader,
): Promise<StandingBackfill | undefined> {
  if (!backfill) return undefined;
  const { days, ...standing } = backfill;
  const open = days.length > 0 ? await readable(openOn(days, runId, archive)) : undefined;
  // A run that has not reported, or of which something is damaged, tells nothing: its days come again.
  if (!open) return standing;
  const { askedAt, leftBefore = Number.POSITIVE_INFINITY } = standing;
  const rest = standing.rest.filter((day) => !days.includes(day));
  const again = [...standing.again, ...open.days];
  const left = standing.left + open.count;
  if (rest.length > 0) return { ...standing, rest, again, left };
  const isGettingOn = left < leftBefore;
  return { askedAt, rest: isGettingOn ? again : [], again: [], left: 0, ...(left > 0 ? { leftBefore: left } : {}) };
}

/**
 * On which days a run did not get to everything, and to how much it did not: items, and accounts to seal.
 * @throws {UnreadableRecord} if it does not say.
 */
async function openOn(
  days: readonly string[],
  runId: string,
  archive: ArchiveReader,
): Promise<{ readonly days: readonly string[]; readonly count: number }> {
  const report = await read(Report, reportKey(runId), archive);
  const causes = report.causes.filter(({ reason }) => isForNextRun(reason));
  const itemsOn = (day: string) => causes.reduce((sum, cause) => sum + (cause.days[day] ?? 0), 0);
  const items = days.reduce((sum, day) => sum + itemsOn(day), 0);
  const { accounts } = await read(AccountList, accountListKey(runId), archive);
  const sealed = await completeAccounts(archive, runId);
  const unsealed = accounts.filter(({ id, skipped }) => !skipped && !sealed.has(id)).length;
  return { days: unsealed > 0 ? days : days.filter((day) => itemsOn(day) > 0), count: items + unsealed };
}

async function read<T>(schema: ZodType<T>, key: string, archive: ArchiveReader): Promise<T> {
  return parseRecord(schema, key, await readText(archive, key));
}

/** A record; undefined where it cannot be read, which is for `verify` to say. */
async function readable<T>(record: Promise<T>): Promise<T | undefined> {
  try {
    return await record;
  } catch (error) {
    if (error instanceof UnreadableRecord) return undefined;
    throw error;
  }
}
