import type { Call, Caller, Context, Principal } from "../../../apps/emulator";
import {
  accountOf,
  callerContext,
  type Policies,
  policyAuthorizer,
  roleArn,
  rootArn,
  sessionArn,
  sourceContext,
} from "../../../apps/emulator";
import { functionRoleName } from "../../../constructs/names";
import { bucket, logArchiveAccount, member, region, world } from "./world";

/** A principal with the condition keys that its requests have. */
export interface Who {
  readonly principal: Principal;
  readonly context: Context;
}

export function session(arn: string, sessionPolicy?: unknown): Who {
  const account = accountOf(arn) ?? "";
  return caller({
    kind: "session",
    arn: sessionArn(account, arn.slice(arn.indexOf("/") + 1), "test"),
    account,
    roleArn: arn,
    ...(sessionPolicy !== undefined && { sessionPolicy: JSON.stringify(sessionPolicy) }),
  });
}

export function root(account: string): Who {
  return caller({ kind: "root", arn: rootArn(account), account });
}

function caller(principal: Caller): Who {
  return { principal, context: callerContext(world, principal) };
}

export function handler(name: Parameters<typeof functionRoleName>[0], of = region): Who {
  return session(roleArn(logArchiveAccount, functionRoleName(name, of)));
}

export function memberRole(account: string = member): Who {
  return session(roleArn(account, "OrgLogArchiveMember"));
}

/** CloudWatch Logs on behalf of an account's log group; `context` is what differs from what IAM knows about the account. */
export function cloudWatchLogs(account: string, context: Context = {}, of = region): Who {
  const arn = `arn:aws:logs:${of}:${account}:log-group:/app/web`;
  const { "aws:SourceOrgID": organization = "", ...source } = sourceContext(world, account, arn);
  const isMember = world.accounts.some(({ id }) => id === account);
  return {
    principal: { kind: "service", arn: `logs.${of}.amazonaws.com` },
    context: { ...source, "aws:SourceOrgID": isMember ? organization : "o-anotherorg1", ...context },
  };
}

export function without({ principal, context }: Who, ...keys: string[]): Who {
  return { principal, context: Object.fromEntries(Object.entries(context).filter(([key]) => !keys.includes(key))) };
}

export type Ask = (
  who: Who,
  action: string,
  resource: string,
  context?: Context,
) => Promise<"allow" | "deny" | "explicit deny">;

/**
 * Asks IAM: allowed, denied because nothing allows it, or denied whatever allows it.
 * @param unsaid condition keys that no request has.
 */
export function asking(policies: Policies, unsaid: readonly string[] = []): Ask {
  const authorize = policyAuthorizer(policies);
  return async (who, action, resource, context = {}) => {
    const resourceAccount =
      accountOf(resource) ?? (resource.startsWith("arn:aws:s3:::") ? ownerOf(policies, resource) : callerAccount(who));
    const isMember = world.accounts.some(({ id }) => id === resourceAccount);
    const said: Context = {
      "aws:RequestedRegion": region,
      "aws:SecureTransport": "true",
      "aws:ResourceAccount": resourceAccount,
      ...(isMember && { "aws:ResourceOrgID": world.organization.id }),
      ...who.context,
      ...context,
    };
    const answer = await authorize({
      call,
      principal: who.principal,
      action,
      resource,
      resourceAccount,
      context: Object.fromEntries(Object.entries(said).filter(([key]) => !unsaid.includes(key))),
    });
    if (answer === "allow") return answer;
    return answer.deny.includes("explicit deny") ? "explicit deny" : "deny";
  };
}

/** Of a bucket; one that is not there is taken for the archive's. */
function ownerOf(policies: Policies, resource: string): string {
  const [name = ""] = resource.slice("arn:aws:s3:::".length).split("/");
  return policies.bucket(name)?.account ?? logArchiveAccount;
}

function callerAccount({ principal }: Who): string {
  return principal.kind === "service" ? logArchiveAccount : principal.account;
}

/** Nothing of the request itself decides. */
const call: Call = {
  number: 1,
  service: "s3",
  operation: "Test",
  principal: { kind: "root", arn: rootArn(logArchiveAccount), account: logArchiveAccount },
  region,
  input: {},
  at: 0,
};

export function keyed(key: string, of = bucket): string {
  return `arn:aws:s3:::${of}/${key}`;
}

/** The policies with roles besides those that were deployed. */
export function withRoles(policies: Policies, roles: Readonly<Record<string, readonly unknown[]>>): Policies {
  return {
    role: (arn) => {
      const added = roles[arn];
      return added === undefined ? policies.role(arn) : { trustPolicy: undefined, policies: added };
    },
    bucket: (name) => policies.bucket(name),
    key: (arn) => policies.key(arn),
  };
}

/** The policies where a service control policy is attached to an account. */
export function withServiceControlPolicy(policies: Policies, account: string, policy: unknown): Policies {
  return {
    role: (arn) => policies.role(arn),
    bucket: (name) => policies.bucket(name),
    key: (arn) => policies.key(arn),
    controls: (of) => (of === account ? [policy] : []),
  };
}

/** Who has it may do everything that others let the account do. */
export const administrator = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] };
