import type { Archive } from "../clients/archive";
import type { Organizations } from "../clients/organizations";
import { InvalidInput } from "../contract/errors";
import { accountListKey } from "../contract/layout";
import type { ListAccountsInput, ListAccountsOutput } from "../contract/messages";
import { AccountList, type ListedAccount } from "../contract/records";
import { parseRecord } from "../contract/serialization";
import { daysToCover, requestedDays } from "./days";
import { nextOccurrence } from "./schedule";
import { listAccount } from "./selection";

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
  const nextRunAt = nextOccurrence(settings.schedule, startedAt + shortestRunMs, scheduledAt);
  const organization: ListedAccount[] = [];
  for await (const account of organizations.accounts()) organization.push(listAccount(account, settings.targets));
  const list: AccountList = {
    version: 1,
    runId: execution.name,
    startedAt: new Date(startedAt).toISOString(),
    deadline: new Date(nextRunAt - marginMs).toISOString(),
    days: request.days
      ? requestedDays(request.days, scheduledAt, settings.dayTimeZone)
      : daysToCover(scheduledAt, settings.dayTimeZone, settings.lookbackDays),
    accounts: request.accounts ? requested(request.accounts, organization) : organization,
  };
  const key = accountListKey(list.runId);
  const written = await archive.putOnce(key, JSON.stringify(list), "application/json");
  const standing = written === "written" ? list : parseRecord(AccountList, key, await archive.get(key));
  const { runId, deadline, days } = standing;
  return {
    runId,
    startedAt: standing.startedAt,
    deadline,
    days,
    accounts: standing.accounts.filter(({ skipped }) => !skipped).map(({ id }) => id),
  };
}

/** @throws {InvalidInput} when an account that was asked for is not in the organisation. */
function requested(ids: readonly string[], organization: readonly ListedAccount[]): ListedAccount[] {
  const unknown = ids.filter((id) => !organization.some((account) => account.id === id));
  if (unknown.length > 0) throw new InvalidInput(`accounts: ${unknown.join(", ")} is not in the organisation`);
  return organization.filter((account) => ids.includes(account.id));
}
