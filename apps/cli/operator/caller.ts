import type { Configuration } from "../../../constructs/configuration";
import type { RetrySource } from "../../../handlers/clients/retries";
import { callerAccount } from "../../../handlers/clients/role-session";
import { UsageError } from "../errors";

/**
 * Asks whose the environment's credentials are: of another account than the log archive account every answer would be about
 * something else, or a refusal that does not say why.
 * @throws {UsageError} when they are another account's
 */
export async function requireLogArchiveAccount(
  { logArchiveAccount, homeRegion }: Pick<Configuration, "logArchiveAccount" | "homeRegion">,
  source: RetrySource,
): Promise<void> {
  const account = await callerAccount(homeRegion, source);
  if (account === logArchiveAccount) return;
  const profile = process.env.AWS_PROFILE;
  const signIn = profile
    ? `Sign in to that, or correct AWS_PROFILE, which is ${profile}`
    : "Sign in to that, or set AWS_PROFILE";
  throw new UsageError(
    `The credentials are of account ${account}, and the log archive account is ${logArchiveAccount}. ${signIn}; or correct logArchiveAccount in the configuration.`,
  );
}
