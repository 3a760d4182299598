import { AssumeRoleCommand, type Credentials, GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { clientConfiguration, type SessionCredentials } from "./configuration";
import { type RetrySource, withRetries } from "./retries";

/** STS refused a role of our own account. */
export class RoleRefused extends Error {
  override readonly name = "RoleRefused";
}

/** A session as STS answers it; undefined if it lacks a part. */
export function sessionCredentials(session: Credentials | undefined): SessionCredentials | undefined {
  if (!session?.AccessKeyId || !session.SecretAccessKey || !session.SessionToken) return undefined;
  return {
    accessKeyId: session.AccessKeyId,
    secretAccessKey: session.SecretAccessKey,
    sessionToken: session.SessionToken,
  };
}

/**
 * A session of a role, by the environment's credentials, for an hour.
 * @param sessionName as CloudTrail shows it: at most 64 characters
 * @throws {RoleRefused}
 */
export async function assumeRole(
  region: string,
  roleArn: string,
  sessionName: string,
  source: RetrySource,
): Promise<SessionCredentials> {
  const client = new STSClient(clientConfiguration(region));
  const command = new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: sessionName });
  try {
    const { Credentials: session } = await withRetries(source, () => client.send(command));
    const credentials = sessionCredentials(session);
    if (!credentials) throw new RoleRefused(`STS answered without credentials for ${roleArn}`);
    return credentials;
  } catch (error) {
    if (error instanceof Error && ["AccessDenied", "AccessDeniedException"].includes(error.name))
      throw new RoleRefused(`${roleArn}: ${error.message}`, { cause: error });
    throw error;
  }
}

/** The account that the environment's credentials are of. */
export async function callerAccount(region: string, source: RetrySource): Promise<string> {
  const client = new STSClient(clientConfiguration(region));
  const { Account = "" } = await withRetries(source, () => client.send(new GetCallerIdentityCommand({})));
  return Account;
}
