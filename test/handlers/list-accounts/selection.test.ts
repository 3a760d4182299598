import fc from "fast-check";
import type { OrganizationAccount } from "../../../handlers/clients/organizations";
import { Targets } from "../../../handlers/contract/settings";
import { listAccount } from "../../../handlers/list-accounts/selection";
import { holds } from "../support/property";

const id = "300000000000";
const root = "r-a1b2";
const workloads = "ou-a1b2-workload";
const products = "ou-a1b2-products";

function account(change: Partial<OrganizationAccount> = {}): OrganizationAccount {
  return {
    id,
    name: "web",
    state: "ACTIVE",
    isManagementAccount: false,
    paths: [`o-a1b2c3d4e5/${root}/${workloads}/${products}/${id}/`],
    ...change,
  };
}

function skipped(target: unknown, change: Partial<OrganizationAccount> = {}): string | undefined {
  return listAccount(account(change), Targets.parse(target)).skipped;
}

it.each([root, workloads, products])("takes an account at any depth below %s", (unit) => {
  expect(skipped({ organizationalUnits: [unit] })).toBeUndefined();
});

it("leaves out an account that is below none of the targets", () => {
  expect(skipped({ organizationalUnits: ["ou-a1b2-sandboxes"] })).toBe("outside-targets");
});

it("matches whole ids: a longer one that begins alike is another organisational unit", () => {
  const paths = [`o-a1b2c3d4e5/${root}/${products}2/${id}/`];
  expect(skipped({ organizationalUnits: [products] }, { paths })).toBe("outside-targets");
});

it("takes an account that any of its paths puts below a target", () => {
  const paths = [`o-a1b2c3d4e5/${root}/ou-a1b2-sandboxes/${id}/`, `o-a1b2c3d4e5/${root}/${products}/${id}/`];
  expect(skipped({ organizationalUnits: [products] }, { paths })).toBeUndefined();
});

it("refuses to guess when AWS Organizations gives no paths: unreadable is not outside", () => {
  expect(() => skipped({ organizationalUnits: [root] }, { paths: [] })).toThrow(id);
});

it("restricts to the accounts to include, if there are any", () => {
  expect(skipped({ organizationalUnits: [root], includeAccounts: [id] })).toBeUndefined();
  expect(skipped({ organizationalUnits: [root], includeAccounts: ["400000000000"] })).toMatch(
    /^excluded-by-configuration: targets.includeAccounts/,
  );
});

it("includes no account that is outside the organisational units", () => {
  expect(skipped({ organizationalUnits: ["ou-a1b2-sandboxes"], includeAccounts: [id] })).toBe("outside-targets");
});

it("lets exclusion win over inclusion", () => {
  expect(skipped({ organizationalUnits: [root], includeAccounts: [id], excludeAccounts: [id] })).toMatch(
    /^excluded-by-configuration: targets.excludeAccounts/,
  );
});

it.each([
  ["ACTIVE", undefined],
  ["PENDING_CLOSURE", undefined],
  ["SUSPENDED", "account-suspended"],
  ["CLOSED", "account-closed"],
  ["PENDING_ACTIVATION", "account-pending-activation"],
  ["HIBERNATING", "account-inactive: state HIBERNATING"],
])("knows whether an account in the state %s can be read", (state, expected) => {
  expect(skipped({ organizationalUnits: [root] }, { state })).toBe(expected);
});

describe("the management account", () => {
  const management = { isManagementAccount: true, paths: [`o-a1b2c3d4e5/${root}/${id}/`] };

  it("is left out even below the root, because StackSets do not reach it", () => {
    expect(skipped({ organizationalUnits: [root] }, management)).toBe("management-account");
  });

  it("is archived when the configuration names it, wherever it is", () => {
    expect(skipped({ organizationalUnits: [products], managementAccount: id }, management)).toBeUndefined();
  });

  it("is no other account that the configuration names", () => {
    expect(skipped({ organizationalUnits: [root], managementAccount: "400000000000" }, management)).toBe(
      "management-account",
    );
  });
});

it("lists every account, archived or not, with its own name and state", () => {
  const state = fc.constantFrom("ACTIVE", "SUSPENDED", "CLOSED", "PENDING_CLOSURE", "NEW");
  holds(
    fc.property(fc.string(), state, fc.constantFrom(root, products, "ou-a1b2-sandboxes"), (name, state, unit) => {
      const targets = Targets.parse({ organizationalUnits: [unit] });
      expect(listAccount(account({ name, state }), targets)).toMatchObject({ id, name, state });
    }),
    50,
  );
});
