import type { Authorizer } from "../service/calls";

/**
 * What is allowed until policies are evaluated: fullAccess in the caller's own account; to CloudWatch Logs, and to other
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
  if (action.startsWith("s3:PutObject") && key.startsWith(ownPrefix)) return "allow";
  return { deny: `no policy of ${principal.account} or ${resourceAccount} allows the ${action} action` };
};
