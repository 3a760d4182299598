import { auditorPolicyName, operatorPolicyName } from "../../constructs/names";
import { aboutDeployments, type NextCommand } from "../terminal/next-command";
import { shellWord } from "../terminal/shell-word";

/** Whose access it is that AWS refuses, and how the tool is called there. */
export interface Access {
  /** What AWS_PROFILE names: it goes before all other credentials. */
  readonly profile: string | undefined;
  readonly next: NextCommand;
  /** The command that asks. */
  readonly command: string;
}

type Advice = (access: Access) => string;

const expired: Advice = ({ profile }) =>
  `The AWS credentials${of(profile)} have expired. Sign in again${profile ? ` (\`${signIn(profile)}\`)` : ""}.`;
const unknown: Advice = ({ profile }) =>
  `AWS does not know ${whose(profile)}. Sign in again, or ${profile ? "correct" : "set"} AWS_PROFILE.`;
const throttled: Advice = () => "AWS throttled the calls for longer than retries last. Try again later.";
const mayNotRead: Advice = ({ profile }) =>
  `${capital(whose(profile))} may not read the archive. The stack's auditor policy allows it.`;
const elsewhere: Advice = () => "The bucket is in another Region. Set AWS_REGION to it.";
const noConnection: Advice = () => "There is no connection to AWS. Check the network.";
const noAddress: Advice = () => "There is no connection to AWS. Check the network, the proxy and AWS_REGION.";

/** What AWS and the SDK for JavaScript call the ways in which AWS cannot be asked, and what a person does about each. */
const advices: Readonly<Record<string, Advice>> = {
  CredentialsProviderError: ({ profile }) =>
    profile
      ? `There are no AWS credentials in the profile ${profile}, which AWS_PROFILE names. Sign in (\`${signIn(profile)}\`), or correct AWS_PROFILE.`
      : "There are no AWS credentials. Sign in (`aws sso login`), or set AWS_PROFILE or AWS_ACCESS_KEY_ID.",
  ExpiredToken: expired,
  ExpiredTokenException: expired,
  InvalidAccessKeyId: unknown,
  InvalidClientTokenId: unknown,
  InvalidToken: unknown,
  UnrecognizedClientException: unknown,
  SignatureDoesNotMatch: ({ profile }) =>
    `AWS does not accept ${whose(profile)}. Check the secret key, and this machine's clock.`,
  RequestTimeTooSkewed: () => "This machine's clock is wrong. Set it, and try again.",
  RoleRefused: ({ profile }) =>
    `${capital(whose(profile))} may not use the operators' role. Grant them sts:AssumeRole on it; the home Region's stack brings it.`,
  ThrottlingException: throttled,
  TooManyRequestsException: throttled,
  SlowDown: throttled,
  AccessDenied: mayNotRead,
  Forbidden: mayNotRead,
  AccessDeniedException: ({ profile, command }) =>
    command === "public-key"
      ? `${capital(whose(profile))} may not read the public key. The stack's auditor policy allows it, or the key's owner.`
      : `${capital(whose(profile))} may not do what the command needs: ${operatorPolicyName} and ${auditorPolicyName} allow it.`,
  RoleNotAssumable: ({ next }) =>
    `The account does not let the member role be assumed. \`${next("check")}\` says more.`,
  RegionNotEnabled: ({ next }) =>
    `The account, or the log archive account, has not enabled the Region. \`${next("check")}\` says more.`,
  AccountAccessDenied: ({ next }) =>
    `The member role may not look at the account's log groups. \`${next("check")}\` says more.`,
  StateMachineDoesNotExist: () =>
    "There is no such state machine. Deploy the Region's stack, or sign in to the log archive account.",
  NotFoundException: () => "KMS has no such key, or it is another account's. Correct --key.",
  NoSuchBucket: ({ command }) =>
    aboutDeployments.test(command)
      ? "There is no bucket of this name. Deploy the Region's stack, or correct the configuration."
      : "There is no bucket of this name. Correct --bucket, or the account that you are signed in to.",
  PermanentRedirect: elsewhere,
  AuthorizationHeaderMalformed: elsewhere,
  InvalidBucketName: () => "That is no bucket's name. Correct --bucket.",
  TimeoutError: () => "AWS did not answer. Check the network, and try again.",
  ENOTFOUND: noAddress,
  EAI_AGAIN: noAddress,
  ECONNREFUSED: () => "There is no connection to the endpoint. Check the network and AWS_ENDPOINT_URL.",
  ECONNRESET: () => "The connection broke. Try again.",
  EHOSTUNREACH: noConnection,
  ENETUNREACH: noConnection,
};

/** What to do about an error of AWS or of the SDK, by its name; undefined where nothing is known of it. */
export function accessAdvice(name: string, access: Access): string | undefined {
  return advices[name]?.(access);
}

function whose(profile: string | undefined): string {
  return profile ? `the credentials of the profile ${profile} (AWS_PROFILE)` : "these credentials";
}

function of(profile: string | undefined): string {
  return profile ? ` of the profile ${profile} (AWS_PROFILE)` : "";
}

function signIn(profile: string): string {
  return `aws sso login --profile ${shellWord(profile)}`;
}

function capital(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}
