import type { ListedAccount } from "../archive/records";
import type { OrganizationAccount } from "../clients/organizations";
import { reason } from "../contract/reasons";
import type { Targets } from "../contract/settings";

/** Accounts in these states can be read; PENDING_CLOSURE is the last chance. https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_accounts_account_state.html */
const readable: readonly string[] = ["ACTIVE", "PENDING_CLOSURE"];

/** Whether an account is archived, and if not, why. */
export function listAccount(account: OrganizationAccount, targets: Targets): ListedAccount {
  const skipped = reasonToSkip(account, targets);
  return { id: account.id, name: account.name, state: account.state, ...(skipped ? { skipped } : {}) };
}

function reasonToSkip(account: OrganizationAccount, targets: Targets): string | undefined {
  if (targets.excludeAccounts.includes(account.id))
    return reason("excluded-by-configuration", "targets.excludeAccounts");
  if (targets.includeAccounts.length > 0 && !targets.includeAccounts.includes(account.id))
    return reason("excluded-by-configuration", "targets.includeAccounts");
  const isReadable = readable.includes(account.state);
  if (account.isManagementAccount) {
    if (targets.managementAccount !== account.id) return reason("management-account");
  } else {
    if (account.paths.length === 0 && isReadable)
      throw new Error(
        `AWS Organizations gave no Paths for account ${account.id}: whether it is archived cannot be told`,
      );
    if (account.paths.length > 0 && !isBelow(account, targets.organizationalUnits)) return reason("outside-targets");
  }
  return isReadable ? undefined : inactive(account.state);
}

/** A path reads `o-…/r-…/ou-…/ou-…/<account>/`: whatever stands in it is above the account. */
export function isBelow(account: OrganizationAccount, units: readonly string[]): boolean {
  return account.paths.some((path) => path.split("/").some((part) => units.includes(part)));
}

function inactive(state: string): string {
  switch (state) {
    case "SUSPENDED":
      return reason("account-suspended");
    case "CLOSED":
      return reason("account-closed");
    case "PENDING_ACTIVATION":
      return reason("account-pending-activation");
    default:
      return reason("account-inactive", `state ${state}`);
  }
}
