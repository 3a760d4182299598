import type { Configuration } from "../../../constructs/configuration";
import { partitionOf } from "../../../constructs/configuration/regions";
import { operatorRoleName } from "../../../constructs/names";
import { memberRoleName } from "../../../handlers/archive/layout";
import { Logs, sharedByAccounts } from "../../../handlers/clients/logs";
import { MemberSessions } from "../../../handlers/clients/member-sessions";
import type { RetrySource } from "../../../handlers/clients/retries";
import { assumeRole } from "../../../handlers/clients/role-session";

/** The CloudWatch Logs of a member account in a Region. @throws {AccountUnreachable} */
export type OpenLogs = (account: string) => Promise<Logs>;

/**
 * Opens the operators' way into member accounts in a Region: their role, as which the member role may look. It lasts an hour.
 * @param command who looks, as CloudTrail shows it
 * @throws {RoleRefused}
 */
export async function openMembers(
  configuration: Pick<Configuration, "logArchiveAccount" | "externalId">,
  region: string,
  command: string,
  source: RetrySource,
): Promise<OpenLogs> {
  const sessions = await memberSessions(configuration, region, command, source);
  const shared = sharedByAccounts(region);
  return async (account) => new Logs(region, await sessions.assume(account, "look"), source, shared);
}

/**
 * The operators' sessions of member roles in a Region, for an hour.
 * @param command who enters, as CloudTrail shows it
 * @throws {RoleRefused}
 */
export async function memberSessions(
  { logArchiveAccount, externalId }: Pick<Configuration, "logArchiveAccount" | "externalId">,
  region: string,
  command: string,
  source: RetrySource,
): Promise<MemberSessions> {
  const partition = partitionOf(region);
  const operator = `arn:${partition}:iam::${logArchiveAccount}:role/${operatorRoleName}`;
  const credentials = await assumeRole(region, operator, command, source);
  return new MemberSessions(region, { partition, roleName: memberRoleName, externalId }, command, source, credentials);
}
