import type { Account, Organization, OrganizationalUnit } from "../../emulator";
import { DAY, type Days } from "./days";
import { randomFor } from "./random";

export class InvalidOrganizationalUnit extends Error {
  override readonly name = "InvalidOrganizationalUnit";
}

/** The accounts by the part they play. */
const roster = [
  { name: "management", unit: "root" },
  { name: "log-archive", unit: "security" },
  { name: "security-tooling", unit: "security" },
  { name: "network-hub", unit: "top" },
  { name: "sandbox-maria", unit: "top" },
  { name: "prod-payments", unit: "workloads" },
  { name: "prod-web", unit: "workloads" },
  { name: "prod-data", unit: "workloads" },
  { name: "prod-kubernetes", unit: "workloads" },
  { name: "staging-payments", unit: "workloads" },
  { name: "staging-web", unit: "workloads" },
  { name: "legacy-intranet", unit: "workloads", state: "SUSPENDED" },
  { name: "acquired-acme", unit: "workloads", state: "PENDING_CLOSURE" },
] as const;

export type AccountName = (typeof roster)[number]["name"];

export interface Accounts {
  readonly organization: Organization;
  readonly organizationalUnits: readonly OrganizationalUnit[];
  readonly accounts: readonly (Account & { readonly name: AccountName })[];
}

/**
 * The management account at the root, and 12 accounts in three organisational units: the given one, and `Security` and
 * `Workloads` inside it.
 *
 * @throws InvalidOrganizationalUnit
 */
export function accountsOf(
  options: {
    readonly seed: number;
    readonly organizationId: string;
    readonly logArchiveAccount: string;
    readonly organizationalUnit: string;
  },
  days: Days,
): Accounts {
  const root = /^ou-([0-9a-z]{4,32})-[0-9a-z]{8,32}$/.exec(options.organizationalUnit)?.[1];
  if (root === undefined) {
    throw new InvalidOrganizationalUnit(
      `organizationalUnit is "${options.organizationalUnit}": give an id such as ou-ab12-cdef3456 (ou-, 4 to 32 lower-case letters or digits, a hyphen, 8 to 32 of them).`,
    );
  }
  const random = randomFor(options.seed, "accounts");
  const units = {
    root: `r-${root}`,
    top: options.organizationalUnit,
    security: `ou-${root}-${random.hex(8)}`,
    workloads: `ou-${root}-${random.hex(8)}`,
  };
  const taken = new Set([options.logArchiveAccount]);
  const newId = (): string => {
    const id = `${random.int(1, 9)}${random.digits(11)}`;
    if (taken.has(id)) return newId();
    taken.add(id);
    return id;
  };
  const managementAccount = newId();
  const ids: Partial<Record<AccountName, string>> = {
    management: managementAccount,
    "log-archive": options.logArchiveAccount,
  };
  const accounts = roster.map(({ name, unit, ...rest }) => ({
    id: ids[name] ?? newId(),
    name,
    email: `aws+${name}@example.com`,
    parent: units[unit],
    state: "state" in rest ? rest.state : ("ACTIVE" as const),
    joinedAt: days.start(random.int(1_000, 2_500)) + random.int(0, DAY - 1),
  }));
  return {
    organization: { id: options.organizationId, rootId: units.root, managementAccount },
    organizationalUnits: [
      { id: units.top, name: "Company", parent: units.root },
      { id: units.security, name: "Security", parent: units.top },
      { id: units.workloads, name: "Workloads", parent: units.top },
    ],
    accounts,
  };
}
