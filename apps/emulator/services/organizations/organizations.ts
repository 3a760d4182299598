import type {
  Account as AccountAnswer,
  DescribeOrganizationResponse,
  ListAccountsResponse,
  ListAWSServiceAccessForOrganizationResponse,
  ListDelegatedAdministratorsResponse,
} from "@aws-sdk/client-organizations";
import { z } from "zod";
import { awsJson } from "../../protocols/aws-json";
import type { Caller } from "../../service/calls";
import { organizationsErrors } from "../../service/errors";
import { page } from "../../service/pages";
import { operation, type Service } from "../../service/service";
import type { Account, AccountState, World } from "../../world/world";

/** `Status` has fewer values than `State`, which replaces it. */
const statusOf: Readonly<Record<AccountState, "ACTIVE" | "SUSPENDED" | "PENDING_CLOSURE">> = {
  PENDING_ACTIVATION: "SUSPENDED",
  ACTIVE: "ACTIVE",
  SUSPENDED: "SUSPENDED",
  PENDING_CLOSURE: "PENDING_CLOSURE",
  CLOSED: "SUSPENDED",
};

/** Rates: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html */
export function organizations(world: World, delegatedAdministrator: string): Service {
  const { id, managementAccount, rootId } = world.organization;
  const accounts = world.accounts.map((account) => answer(account));

  function requireReader(caller: Caller): void {
    if (caller.account === managementAccount || caller.account === delegatedAdministrator) return;
    throw organizationsErrors.denied("You don't have permissions to access this resource.");
  }

  function arn(account: string): string {
    return `arn:aws:organizations::${managementAccount}:account/${id}/${account}`;
  }

  function path(account: Account): string {
    const units = [account.parent];
    for (let unit = units[0]; unit !== rootId; unit = units[0]) {
      const parent = world.organizationalUnits.find((candidate) => candidate.id === unit)?.parent;
      if (parent === undefined)
        throw new Error(`Account ${account.id} is in ${unit}, which is not in the organisation`);
      units.unshift(parent);
    }
    return `${[id, ...units, account.id].join("/")}/`;
  }

  function answer(account: Account): AccountAnswer {
    return {
      Id: account.id,
      Arn: arn(account.id),
      Name: account.name,
      Email: account.email,
      State: account.state,
      Status: statusOf[account.state],
      Paths: [path(account)],
      JoinedMethod: "CREATED",
      JoinedTimestamp: new Date(account.joinedAt),
    };
  }

  return {
    protocol: awsJson,
    errors: organizationsErrors,
    operations: {
      DescribeOrganization: operation({
        input: z.object({}),
        access: () => ({ action: "organizations:DescribeOrganization", resource: "*" }),
        limits: [{ perSecond: 1, burst: 2, scope: "account" }],
        // Every member account may call it.
        run: (): DescribeOrganizationResponse => ({
          Organization: {
            Id: id,
            Arn: `arn:aws:organizations::${managementAccount}:organization/${id}`,
            FeatureSet: "ALL",
            MasterAccountId: managementAccount,
            MasterAccountArn: arn(managementAccount),
          },
        }),
      }),
      ListDelegatedAdministrators: operation({
        input: z.object({ ServicePrincipal: z.string().optional() }),
        access: () => ({ action: "organizations:ListDelegatedAdministrators", resource: "*" }),
        limits: [{ perSecond: 5, burst: 8, scope: "account" }],
        run: ({ caller }): ListDelegatedAdministratorsResponse => {
          requireReader(caller);
          return { DelegatedAdministrators: [{ Id: delegatedAdministrator, Arn: arn(delegatedAdministrator) }] };
        },
      }),
      ListAWSServiceAccessForOrganization: operation({
        input: z.object({}),
        access: () => ({ action: "organizations:ListAWSServiceAccessForOrganization", resource: "*" }),
        run: ({ caller }): ListAWSServiceAccessForOrganizationResponse => {
          requireReader(caller);
          return {
            EnabledServicePrincipals: [{ ServicePrincipal: "member.org.stacksets.cloudformation.amazonaws.com" }],
          };
        },
      }),
      ListAccounts: operation({
        input: z.object({ MaxResults: z.number().int().min(1).max(20).default(20), NextToken: z.string().optional() }),
        access: () => ({ action: "organizations:ListAccounts", resource: "*" }),
        limits: [
          { perSecond: 8, burst: 12, scope: "account" },
          { perSecond: 9, burst: 15, scope: "organization" },
        ],
        run: ({ input, caller }): ListAccountsResponse => {
          requireReader(caller);
          const key = (account: AccountAnswer): string => account.Id ?? "";
          const { items, nextToken } = page({ items: accounts, key, limit: input.MaxResults, token: input.NextToken });
          return { Accounts: [...items], NextToken: nextToken };
        },
      }),
    },
  };
}
