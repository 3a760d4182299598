import { UnreadableRecord } from "../../handlers/archive/serialization";
import { InvalidInput } from "../../handlers/contract/errors";
import { InvalidQuery } from "../query/invalid-query";
import { UnreadableObject } from "../query/reading";
import { printableLines } from "../terminal/printable";
import { exitCodes } from "./exit-codes";
import { NotWritten } from "./written";

/** Something that a person has to change in what they asked for. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

export interface Explanation {
  /** For a person, without control characters. */
  readonly text: string;
  readonly exitCode: number;
}

/** What AWS and the SDK for JavaScript call the ways in which a bucket cannot be asked, and what a person does about each. */
const accessAdvice: Readonly<Record<string, string>> = {
  CredentialsProviderError:
    "There are no AWS credentials. Sign in (`aws sso login`), or set AWS_PROFILE or AWS_ACCESS_KEY_ID.",
  ExpiredToken: "The AWS credentials have expired. Sign in again.",
  ExpiredTokenException: "The AWS credentials have expired. Sign in again.",
  InvalidAccessKeyId: "AWS does not know these credentials. Sign in again, or correct AWS_PROFILE.",
  InvalidClientTokenId: "AWS does not know these credentials. Sign in again, or correct AWS_PROFILE.",
  InvalidToken: "AWS does not know these credentials. Sign in again, or correct AWS_PROFILE.",
  SignatureDoesNotMatch: "AWS does not accept these credentials. Check the secret key, and this machine's clock.",
  RequestTimeTooSkewed: "This machine's clock is wrong. Set it, and try again.",
  RoleRefused:
    "These credentials may not use the operators' role. Grant them sts:AssumeRole on it; the home Region's stack brings it.",
  UnrecognizedClientException: "AWS does not know these credentials. Sign in again, or correct AWS_PROFILE.",
  ThrottlingException: "AWS throttled the calls for longer than retries last. Try again later.",
  TooManyRequestsException: "AWS throttled the calls for longer than retries last. Try again later.",
  AccessDenied: "These credentials may not read the archive. The stack's auditor policy allows it.",
  AccessDeniedException:
    "These credentials may not do what the command needs (--help says what), or may not read the public key, which the stack's auditor policy allows, or the key's owner.",
  RoleNotAssumable: "The account does not let the member role be assumed. `org-log-archive check` says more.",
  RegionNotEnabled:
    "The account, or the log archive account, has not enabled the Region. `org-log-archive check` says more.",
  AccountAccessDenied: "The member role may not look at the account's log groups. `org-log-archive check` says more.",
  StateMachineDoesNotExist:
    "There is no such state machine. Deploy the Region's stack, or sign in to the log archive account.",
  NotFoundException: "KMS has no such key, or it is another account's. Correct --key.",
  Forbidden: "These credentials may not read the archive. The stack's auditor policy allows it.",
  NoSuchBucket: "There is no bucket of this name. Correct --bucket, or the account that you are signed in to.",
  PermanentRedirect: "The bucket is in another Region. Set AWS_REGION to it.",
  AuthorizationHeaderMalformed: "The bucket is in another Region. Set AWS_REGION to it.",
  InvalidBucketName: "That is no bucket's name. Correct --bucket.",
  TimeoutError: "AWS did not answer. Check the network, and try again.",
  ENOTFOUND: "There is no connection to AWS. Check the network, the proxy and AWS_REGION.",
  EAI_AGAIN: "There is no connection to AWS. Check the network, the proxy and AWS_REGION.",
  ECONNREFUSED: "There is no connection to the endpoint. Check the network and AWS_ENDPOINT_URL.",
  ECONNRESET: "The connection broke. Try again.",
  EHOSTUNREACH: "There is no connection to AWS. Check the network.",
  ENETUNREACH: "There is no connection to AWS. Check the network.",
};

const fileAdvice: Readonly<Record<string, string>> = {
  ENOENT: "does not exist. Correct the path.",
  ENOTDIR: "is not a folder. Correct the path.",
  EISDIR: "is a folder. Correct the path.",
  EACCES: "may not be opened. Correct the path, or its permissions.",
  EPERM: "may not be opened. Correct the path, or its permissions.",
  EROFS: "is on a read-only file system. Correct the path.",
  ENOSPC: "could not be written: no space left on device.",
};

/** Says what is wrong in one sentence where a person can cure it; an error of the program itself shows where it arose. */
export function explain(error: unknown): Explanation {
  if (!(error instanceof Error)) return { text: printableLines(String(error)), exitCode: exitCodes.wrongUse };
  return { text: printableLines(sentence(error)), exitCode: isDamage(error) ? exitCodes.altered : exitCodes.wrongUse };
}

function isDamage(error: Error): boolean {
  return error instanceof UnreadableRecord || error instanceof UnreadableObject;
}

function sentence(error: Error): string {
  const isTold = [UsageError, NotWritten, InvalidInput, InvalidQuery].some((kind) => error instanceof kind);
  if (isDamage(error) || isTold) return error.message;
  const path = textOf(error, "path");
  const file = fileAdvice[textOf(error, "code")];
  if (path && file) return `${path} ${file}`;
  if (textOf(error, "syscall") === "write") return new NotWritten("A file", error).message;
  if (/^Region is missing/.test(error.message))
    return "The bucket's Region is not known. Correct its name, which ends with it, as org-log-archive-444455556666-eu-central-1 does, or set AWS_REGION.";
  for (const name of [error.name, textOf(error, "code"), textOf(error, "Code")]) {
    const advice = accessAdvice[name];
    if (advice) return `${advice} (${[name, textOf(error, "BucketName")].filter(Boolean).join(" ")}: ${error.message})`;
  }
  // An answer of AWS that nothing here foresees arose there, not here.
  return "$fault" in error ? `AWS answered ${error.name}: ${error.message}` : (error.stack ?? error.message);
}

function textOf(error: Error, field: "code" | "Code" | "path" | "syscall" | "BucketName"): string {
  const value: unknown = Reflect.get(error, field);
  return typeof value === "string" ? value : "";
}
