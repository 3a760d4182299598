import type { World } from "../world/world";
import { accountOf } from "./arn";
import type { Caller, Context, Principal } from "./calls";

/** The condition keys that every request of a caller has. */
export function callerContext(world: World, caller: Caller): Context {
  const isMember = world.accounts.some(({ id }) => id === caller.account);
  return {
    "aws:PrincipalArn": caller.kind === "session" ? caller.roleArn : caller.arn,
    "aws:PrincipalAccount": caller.account,
    "aws:PrincipalType": caller.kind === "session" ? "AssumedRole" : "Account",
    ...(isMember && { "aws:PrincipalOrgID": world.organization.id }),
  };
}

/** The condition keys of a service's call to S3 for an account's log group. */
export function sourceContext(world: World, account: string, sourceArn: string): Context {
  return {
    "aws:PrincipalIsAWSService": "true",
    "aws:SourceAccount": account,
    "aws:SourceArn": sourceArn,
    "aws:SourceOrgID": world.organization.id,
  };
}

/** The words of IAM's denials. */
export function denialMessage(principal: Principal, action: string, resource: string, reason: string): string {
  return `User: ${principal.arn} is not authorized to perform: ${action} on resource: ${resource} because ${reason}`;
}

/** The account that owns a resource, as far as its ARN says so. */
export function resourceAccountOf(resource: string, caller: Caller): string {
  return accountOf(resource) ?? caller.account;
}
