import type { ReasonCode } from "./reasons";

/**
 * Errors whose names the state machine knows. Lambda hands an error's name to Step Functions and drops its other fields,
 * so that each outcome which is treated differently has a class, and the name says it all.
 */

/** The event or the environment is not what the handler takes: no retry can help. */
export class InvalidInput extends Error {
  override readonly name = "InvalidInput";
}

/** The account as a whole cannot be archived now; each subclass names one reason. */
export abstract class AccountUnreachable extends Error {}

/** STS refused the member role. */
export class RoleNotAssumable extends AccountUnreachable {
  override readonly name = "RoleNotAssumable";
}

/** STS is not active for the account in this Region. */
export class RegionNotEnabled extends AccountUnreachable {
  override readonly name = "RegionNotEnabled";
}

/** The member role may not list the log groups. */
export class AccountAccessDenied extends AccountUnreachable {
  override readonly name = "AccountAccessDenied";
}

/** Errors that say nothing new when the same call is made again: retriers leave them out, catchers take them. */
export const permanentErrors: Readonly<Record<string, ReasonCode>> = {
  RoleNotAssumable: "role-not-assumable",
  RegionNotEnabled: "region-not-enabled",
  AccountAccessDenied: "access-denied",
};

/** The error that stands for an account's execution which left no summary. */
export const executionDied = "ExecutionDied";

/** Names that a Retry must not match. */
export const notRetried: readonly string[] = ["InvalidInput", ...Object.keys(permanentErrors)];

/** The run's and the account's own failures, as Fail states name them. */
export const failures = {
  accountHasFailures: "AccountHasFailures",
  runIsIncomplete: "RunIsIncomplete",
  runIsNotReported: "RunIsNotReported",
  digestsAreLost: "DigestsAreLost",
} as const;
