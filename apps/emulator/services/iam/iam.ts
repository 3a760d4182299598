import { awsQuery } from "../../protocols/aws-query";
import { accountOf, roleArn, rootArn, sessionArn } from "../../service/arn";
import type { Caller, SessionPrincipal } from "../../service/calls";
import { type CommonErrors, stsErrors } from "../../service/errors";
import type { Service } from "../../service/service";
import { seededKeyId, seededUuid } from "../../world/seeded";
import { createRoles } from "./roles";
import { TrustPolicy } from "./trust-policy";

export interface RoleDefinition {
  /** 12 digits. */
  readonly account: string;
  readonly name: string;
  /** What may replace it: the stack that created it. */
  readonly owner?: string;
  /** JSON of a trust policy. */
  readonly trustPolicy: unknown;
  /** The identity policies, inline and managed alike: JSON of policy documents. */
  readonly policies?: readonly unknown[];
}

export interface Role {
  readonly arn: string;
  readonly account: string;
  readonly name: string;
  readonly owner?: string;
  readonly trustPolicy: TrustPolicy;
  readonly policies: readonly unknown[];
}

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

export interface SignedIdentity {
  readonly accessKeyId: string;
  readonly sessionToken?: string;
}

interface Issued {
  readonly caller: Caller;
  readonly sessionToken: string;
  /** Epoch milliseconds; never, if absent. */
  readonly expiresAt: number | undefined;
}

/** The roles of all accounts and the credentials that were issued for them. */
export class Iam {
  private readonly roles = new Map<string, Role>();
  private readonly issued = new Map<string, Issued>();
  /** Roles come with stacks, or are made through this object: the wire has no operation for them. */
  readonly service: Service = {
    protocol: awsQuery,
    operations: {},
    errors: stsErrors,
    deploy: (stack) => createRoles(stack, this),
  };

  constructor(
    private readonly seed: number,
    private readonly accounts: ReadonlySet<string>,
  ) {}

  /** Creates a role, or replaces the one of that name. */
  createRole({ trustPolicy, policies = [], ...definition }: RoleDefinition): Role {
    const arn = roleArn(definition.account, definition.name);
    const role = { ...definition, arn, trustPolicy: TrustPolicy.parse(trustPolicy), policies };
    this.roles.set(role.arn, role);
    return role;
  }

  deleteRole(arn: string): void {
    this.roles.delete(arn);
  }

  role(arn: string): Role | undefined {
    return this.roles.get(arn);
  }

  /**
   * Credentials for a session of a role (as Lambda has them), or for an account's root (`arn:aws:iam::<account>:root`).
   * They do not expire. Sessions with the same name get the same credentials.
   */
  issueCredentials(principalArn: string, sessionName: string): Credentials {
    const role = this.roles.get(principalArn);
    if (role !== undefined) return this.issue(sessionOf(role, sessionName), undefined);
    const account = accountOf(principalArn);
    if (account !== undefined && principalArn === rootArn(account)) return this.issue(root(account), undefined);
    throw new Error(`There is no role ${principalArn}: create it before asking for its credentials`);
  }

  /** Credentials for any caller, until `expiresAt` in epoch milliseconds. */
  issue(caller: Caller, expiresAt: number | undefined): Credentials {
    const parts = [caller.arn, caller.kind === "session" ? (caller.sessionPolicy ?? "") : "", expiresAt ?? "never"];
    const accessKeyId = seededKeyId("ASIA", this.seed, "key", ...parts);
    const sessionToken = seededUuid(this.seed, "token", ...parts);
    this.issued.set(accessKeyId, { caller, sessionToken, expiresAt });
    return { accessKeyId, secretAccessKey: seededUuid(this.seed, "secret", ...parts), sessionToken };
  }

  /** Who signed. A 12-digit account id of the organisation, used as an access key id, is that account's root. */
  authenticate(identity: SignedIdentity, now: number, errors: CommonErrors): Caller {
    const { accessKeyId, sessionToken } = identity;
    if (this.accounts.has(accessKeyId)) return root(accessKeyId);
    const issued = this.issued.get(accessKeyId);
    if (issued === undefined || issued.sessionToken !== sessionToken) throw errors.unknownKey();
    if (issued.expiresAt !== undefined && issued.expiresAt <= now) throw errors.expired();
    return issued.caller;
  }
}

function root(account: string): Caller {
  return { kind: "root", arn: rootArn(account), account };
}

export function sessionOf(role: Role, sessionName: string, sessionPolicy?: string): SessionPrincipal {
  return {
    kind: "session",
    arn: sessionArn(role.account, role.name, sessionName),
    account: role.account,
    roleArn: role.arn,
    ...(sessionPolicy !== undefined && { sessionPolicy }),
  };
}
