import { marginMs } from "../archive/due";
import { accountListKey, archivedAccountsKey, formerAccountsKey } from "../archive/layout";
import { AccountList, type Backlog, type ListedAccount } from "../archive/records";
import { parseRecord } from "../archive/serialization";
import { type ArchiveReader, type ArchiveStore, readText } from "../archive/store";
import { dayOf, daysToCover, requestedDays } from "../calendar/days";
import { nextOccurrence } from "../calendar/schedule";
import type { OrganizationAccount, Organizations } from "../clients/organizations";
import { InvalidInput } from "../contract/errors";
import type { ListAccountsInput, ListAccountsOutput, Run, RunRequest } from "../contract/messages";
import type { Schedule } from "../contract/settings";
import { checkZoneOfReceipts } from "./archived-zone";
import { decideBackfill, readBackfill, type StandingBackfill } from "./backfill";
import { keepBacklog, readBacklog } from "./backlog";
import { listAccount } from "./selection";
import { unmatchedTargets } from "./unmatched-targets";

/** A run started by hand shortly before the next scheduled one gets that one's time too: overlapping runs converge. */
const shortestRunMs = 60 * 60 * 1000;

/**
 * Opens a run: the days that it covers, the moment at which it stops, and the accounts to archive. All accounts, also those
 * left out, are written to `runs/<run id>/accounts.json`, and beside it the ids of those to archive and of those to seal only; a list that an earlier
 * attempt wrote stands.
 */
export async function listAccounts(
  input: ListAccountsInput,
  organizations: Organizations,
  archive: ArchiveStore,
): Promise<ListAccountsOutput> {
  const accounts = await gatherAccounts(input, organizations, archive);
  const list = decideAccounts(input, accounts, await readBackfill(archive));
  return writeAccountList({ ...list, backlog: await gatherBacklog(input, list, archive) }, archive);
}

/**
 * Reads what a run starts from: the organisation's accounts, and that the archive's days are those of the configured zone.
 * @throws {InvalidInput} when the archive's days are another zone's.
 */
export async function gatherAccounts(
  { settings }: ListAccountsInput,
  organizations: Organizations,
  archive: ArchiveReader,
): Promise<OrganizationAccount[]> {
  await checkZoneOfReceipts(settings.dayTimeZone, archive);
  const accounts: OrganizationAccount[] = [];
  for await (const account of organizations.accounts()) accounts.push(account);
  return accounts;
}

/** Reads what there is to seal of days before the run's own. A run for some days, accounts or log groups only leaves it to the next. */
export async function gatherBacklog(
  { request, settings: { dayTimeZone, lifecycle } }: ListAccountsInput,
  { startedAt, days, backfill }: AccountList,
  archive: ArchiveReader,
): Promise<Backlog> {
  const ofBackfill = backfill?.days ?? [];
  const [oldest] = days
    .map(({ day }) => day)
    .filter((day) => !ofBackfill.includes(day))
    .sort();
  if (request.days || request.accounts || request.logGroups || oldest === undefined) return keepBacklog(archive);
  const { expireAfterDays } = lifecycle ?? {};
  const keptFrom =
    expireAfterDays === undefined
      ? undefined
      : dayOf(Date.parse(startedAt) - expireAfterDays * 86_400_000, dayTimeZone);
  return readBacklog(archive, oldest, keptFrom, ofBackfill);
}

/** When the run after this one starts, and when this one has to stop before it; epoch milliseconds, as all that is given. */
export function endOfRun(
  schedule: Schedule,
  startedAt: number,
  scheduledAt: number,
): { readonly nextRunAt: number; readonly deadline: number } {
  const nextRunAt = nextOccurrence(schedule, startedAt + shortestRunMs, scheduledAt);
  return { nextRunAt, deadline: nextRunAt - marginMs };
}

/**
 * Decides a run's days, deadline and accounts.
 * @param before the backfill that scheduled runs go on with.
 * @throws {InvalidInput} when an account that was asked for is not in the organisation.
 */
export function decideAccounts(
  { execution, request, settings }: ListAccountsInput,
  found: readonly OrganizationAccount[],
  before?: StandingBackfill,
): AccountList {
  const startedAt = Date.parse(execution.startTime);
  const scheduledAt = request.scheduledTime ? Date.parse(request.scheduledTime) : startedAt;
  const { dayTimeZone, lookbackDays, schedule, targets } = settings;
  const { nextRunAt, deadline } = endOfRun(schedule, startedAt, scheduledAt);
  const own = request.days
    ? requestedDays(request.days, scheduledAt, dayTimeZone)
    : daysToCover(scheduledAt, dayTimeZone, lookbackDays);
  if (request.backfill) requestedDays([request.backfill.to], scheduledAt, dayTimeZone, "backfill");
  const ownDays = own.map(({ day }) => day);
  const backfill = decideBackfill(request, before, new Date(startedAt).toISOString(), ownDays);
  const days = [...own, ...requestedDays(backfill?.days ?? [], scheduledAt, dayTimeZone)];
  const oldestOfNextRun = daysToCover(nextRunAt, dayTimeZone, lookbackDays).at(-1);
  const organization = found.map((account) => listAccount(account, targets));
  return {
    version: 1,
    runId: execution.name,
    startedAt: new Date(startedAt).toISOString(),
    deadline: new Date(deadline).toISOString(),
    days,
    dayTimeZone,
    lastChanceDays: days.map(({ day }) => day).filter((day) => oldestOfNextRun && day < oldestOfNextRun.day),
    accounts: request.accounts ? requested(request.accounts, organization) : organization,
    ...(request.accounts ? { onlyAccounts: true } : {}),
    ...(request.logGroups ? { logGroups: [...new Set(request.logGroups)] } : {}),
    ...(backfill ? { backfill } : {}),
    notices: unmatchedTargets(found, targets),
  };
}

/** How old the oldest day is that a run finds unsealed before its look-back; undefined for a run that does not look. */
export function sealingLagDays(request: RunRequest, { startedAt, backlog }: Run): number | undefined {
  if (request.days || request.accounts || request.logGroups) return undefined;
  const [oldest] = backlog;
  return oldest === undefined ? 0 : (Date.parse(startedAt.slice(0, 10)) - Date.parse(oldest)) / 86_400_000;
}

async function writeAccountList(list: AccountList, archive: ArchiveStore): Promise<ListAccountsOutput> {
  const key = accountListKey(list.runId);
  const written = await archive.putOnce(key, JSON.stringify(list), "application/json");
  const standing = written === "written" ? list : parseRecord(AccountList, key, await readText(archive, key));
  const { runId, startedAt, deadline, days, logGroups = null, backlog } = standing;
  const ids = standing.accounts.filter(({ skipped }) => !skipped).map(({ id }) => id);
  const archived = new Set(ids);
  const former = (backlog?.accounts ?? []).filter((id) => !archived.has(id));
  return {
    runId,
    startedAt,
    deadline,
    days,
    logGroups,
    backlog: backlog?.days ?? [],
    backfill: standing.backfill?.days ?? [],
    accounts: await writeIds(archivedAccountsKey(runId), ids, archive),
    formerAccounts: await writeIds(formerAccountsKey(runId), former, archive),
  };
}

/** What an earlier attempt wrote of the same list is the same. */
async function writeIds(key: string, ids: readonly string[], archive: ArchiveStore) {
  await archive.putOnce(key, JSON.stringify(ids), "application/json");
  return { key, count: ids.length };
}

function requested(ids: readonly string[], organization: readonly ListedAccount[]): ListedAccount[] {
  const unknown = ids.filter((id) => !organization.some((account) => account.id === id));
  if (unknown.length > 0) throw new InvalidInput(`accounts: ${unknown.join(", ")} is not in the organisation`);
  return organization.filter((account) => ids.includes(account.id));
}
