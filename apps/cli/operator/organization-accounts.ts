import { AccountNames } from "../../../handlers/archive/account-names";
import { Organizations } from "../../../handlers/clients/organizations";
import type { RetrySource } from "../../../handlers/clients/retries";
import type { RunRequest } from "../../../handlers/contract/messages";
import { accountIds, refuseMistyped } from "../account-option";
import { UsageError } from "../errors";
import { offered } from "../known-account";

/**
 * The ids of accounts that are given as ids or as names, by what they are called in the organisation now.
 * @throws {UsageError} when there is no account of an id or a name, or several are called so.
 */
export async function organizationAccountIds(
  given: readonly string[],
  region: string,
  source: RetrySource,
): Promise<string[]> {
  refuseMistyped(given);
  if (given.length === 0) return [];
  const accounts = [];
  for await (const account of new Organizations(region, source).accounts()) accounts.push(account);
  const names = new AccountNames();
  names.add({ accounts, startedAt: new Date(source.clock.now()).toISOString() });
  const ids = accountIds(given, names);
  const unknown = ids.find((id) => names.of(id) === undefined);
  if (unknown !== undefined)
    throw new UsageError(`Account ${unknown} is not in the organisation. Correct the id. ${offered(unknown, names)}`);
  return ids;
}

/** A request for a run, in which accounts may stand by their names, as the run takes it. @throws {UsageError} as above. */
export async function withAccountIds(request: RunRequest, region: string, source: RetrySource): Promise<RunRequest> {
  const { accounts } = request;
  return accounts ? { ...request, accounts: await organizationAccountIds(accounts, region, source) } : request;
}
