import type { World } from "../world";
import { accountOf } from "./arn";
import type { Authorizer, Caller, Context, Principal } from "./calls";

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

/**
 * What is allowed until policies are evaluated: everything in the caller's own account; to CloudWatch Logs, and to other
 * accounts below `<own account>/`, writing to a bucket; assuming roles, which trust policies decide. Objects are deleted
 * by the root of the bucket's account only.
 */
export const withinOwnAccount: Authorizer = ({ action, resource, resourceAccount, principal, context }) => {
  if (action === "s3:DeleteObject" || action === "s3:DeleteObjectVersion") {
    const owner = principal.kind === "root" && principal.account === resourceAccount;
    return owner ? "allow" : { deny: `only the root of ${resourceAccount} may delete objects` };
  }
  if (principal.kind === "service" || action === "sts:AssumeRole") return "allow";
  if (principal.account === resourceAccount) return "allow";
  const ownPrefix = `/${context["aws:PrincipalAccount"]}/`;
  const key = resource.slice(resource.indexOf("/"));
  if (action === "s3:PutObject" && key.startsWith(ownPrefix)) return "allow";
  return { deny: `no policy of ${principal.account} or ${resourceAccount} allows the ${action} action` };
};

/** The words of IAM's denials. */
export function denialMessage(principal: Principal, action: string, resource: string, reason: string): string {
  return `User: ${principal.arn} is not authorized to perform: ${action} on resource: ${resource} because ${reason}`;
}

/** The account that owns a resource, as far as its ARN says so. */
export function resourceAccountOf(resource: string, caller: Caller): string {
  return accountOf(resource) ?? caller.account;
}
