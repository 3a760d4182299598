import { RegionNotEnabled } from "../contract/errors";
import { isThrottled } from "./retries";

/** The log group that was asked for is not there. */
export class LogGroupNotFound extends Error {
  override readonly name = "LogGroupNotFound";
}

/** The account refuses a call about this log group, though it allows it for others. */
export class LogGroupDenied extends Error {
  override readonly name = "LogGroupDenied";
}

/** A call about one log group failed in a way that nothing here foresees: the message has the error's name and words. */
export class LogGroupRefused extends Error {
  override readonly name = "LogGroupRefused";
}

/**
 * How a Region shows that an account has not enabled it: by its name, or by refusing a token that is good elsewhere.
 * https://github.com/aws/aws-cli/issues/8413
 */
const notEnabled = [
  "RegionDisabledException",
  "OptInRequired",
  "UnrecognizedClientException",
  "InvalidClientTokenId",
  "InvalidToken",
];

/** Something is wrong with the credentials or the signature, whatever was asked for. */
const credentials = [
  "ExpiredToken",
  "ExpiredTokenException",
  "RequestExpired",
  "InvalidSignatureException",
  "SignatureDoesNotMatch",
  "IncompleteSignature",
  "IncompleteSignatureException",
  "MissingAuthenticationToken",
  "MissingAuthenticationTokenException",
];

/** The error to throw if it is the account's as a whole, throttling included, and not that of what was asked for. */
export function faultOfAccount(error: unknown): Error | undefined {
  if (!(error instanceof Error)) return undefined;
  if (notEnabled.includes(error.name)) return new RegionNotEnabled(nameAndWords(error), { cause: error });
  return isThrottled(error) || credentials.includes(error.name) ? error : undefined;
}

/** The error to throw for a call about one log group: whatever is not the account's stops this log group only. */
export function faultOfLogGroup(error: unknown, logGroup: string): Error {
  const options = { cause: error };
  const ofAccount = faultOfAccount(error);
  if (ofAccount) return ofAccount;
  if (!(error instanceof Error)) return new LogGroupRefused(String(error), options);
  if (error.name === "ResourceNotFoundException")
    return new LogGroupNotFound(`Log group ${logGroup} does not exist`, options);
  if (error.name === "AccessDeniedException") return new LogGroupDenied(error.message, options);
  return new LogGroupRefused(nameAndWords(error), options);
}

/** For a caller that treats a refusal as an answer. @throws every other error */
export function refusal(error: unknown): LogGroupRefused {
  if (error instanceof LogGroupRefused) return error;
  throw error;
}

function nameAndWords({ name, message }: Error): string {
  return message ? `${name}: ${message}` : name;
}
