import { accountListKey } from "../archive/layout";
import { AccountList, type ListedAccount } from "../archive/records";
import type { Archive } from "../archive/s3-store";
import { parseRecord } from "../archive/serialization";
import { daysToCover, requestedDays } from "../calendar/days";
import { nextOccurrence } from "../calendar/schedule";
import type { OrganizationAccount, Organizations } from "../clients/organizations";
import { InvalidInput } from "../contract/errors";
import type { ListAccountsInput, ListAccountsOutput } from "../contract/messages";
import { checkZoneOfReceipts } from "./archived-zone";
import { listAccount } from "./selection";
import { unmatchedTargets } from "./unmatched-targets";

/** Before the next run starts, this one has to stop creating export tasks, report, and end. */
const marginMs = 10 * 60 * 1000;

/** A run started by hand shortly before the next scheduled one gets that one's time too: overlapping runs converge. */
const shortestRunMs = 60 * 60 * 1000;

/**
 * Opens a run: the days that it covers, the moment at which it stops, and the accounts to archive. All accounts, also those
 * left out, are written to `runs/<run id>/accounts.json`; a list that an earlier attempt wrote stands.
 */
export async function listAccounts(
  input: ListAccountsInput,
  organizations: Organizations,
  archive: Archive,
): Promise<ListAccountsOutput> {
  const { execution, request, settings } = input;
  const startedAt = Date.parse(execution.startTime);
  const scheduledAt = request.scheduledTime ? Date.parse(request.scheduledTime) : startedAt;
  const { dayTimeZone, lookbackDays, schedule, targets } = settings;
  const nextRunAt = nextOccurrence(schedule, startedAt + shortestRunMs, scheduledAt);
  const days = request.days
    ? requestedDays(request.days, scheduledAt, dayTimeZone)
    : daysToCover(scheduledAt, dayTimeZone, lookbackDays);
  const oldestOfNextRun = daysToCover(nextRunAt, dayTimeZone, lookbackDays).at(-1);
  await checkZoneOfReceipts(dayTimeZone, archive);
  const found: OrganizationAccount[] = [];
  for await (const account of organizations.accounts()) found.push(account);
  const organization = found.map((account) => listAccount(account, targets));
  const list: AccountList = {
    version: 1,
    runId: execution.name,
    startedAt: new Date(startedAt).toISOString(),
    deadline: new Date(nextRunAt - marginMs).toISOString(),
    days,
    dayTimeZone,
    lastChanceDays: days.map(({ day }) => day).filter((day) => oldestOfNextRun && day < oldestOfNextRun.day),
    accounts: request.accounts ? requested(request.accounts, organization) : organization,
    notices: unmatchedTargets(found, targets),
  };
  const key = accountListKey(list.runId);
  const written = await archive.putOnce(key, JSON.stringify(list), "application/json");
  const standing = written === "written" ? list : parseRecord(AccountList, key, await archive.get(key));
  return {
    runId: standing.runId,
    startedAt: standing.startedAt,
    deadline: standing.deadline,
    days: standing.days,
    accounts: standing.accounts.filter(({ skipped }) => !skipped).map(({ id }) => id),
  };
}

/** @throws {InvalidInput} when an account that was asked for is not in the organisation. */
function requested(ids: readonly string[], organization: readonly ListedAccount[]): ListedAccount[] {
  const unknown = ids.filter((id) => !organization.some((account) => account.id === id));
  if (unknown.length > 0) throw new InvalidInput(`accounts: ${unknown.join(", ")} is not in the organisation`);
  return organization.filter((account) => ids.includes(account.id));
}
