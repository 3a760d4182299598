import { type OrganizationAccount, Organizations } from "../../../handlers/clients/organizations";
import { closeAll, type Emulated, emulate } from "../support/emulated";
import { region } from "../support/examples";
import { on, times } from "../support/faults";
import { management, member, start, world } from "../support/organisation";

afterEach(closeAll);

async function accountsOf(emulated: Emulated): Promise<OrganizationAccount[]> {
  const accounts = [];
  for await (const account of new Organizations(region, emulated.source).accounts()) accounts.push(account);
  return accounts;
}

it("lists every account, though a page holds 20, and one is empty and goes on", async () => {
  const ids = Array.from({ length: 65 }, (_, index) => String(400_000_000_000 + index));
  const emulated = await emulate({
    world: world(
      [],
      ids.map((id) => member(id)),
    ),
  });
  const accounts = await accountsOf(emulated);
  expect(accounts.map(({ id }) => id)).toEqual(expect.arrayContaining(ids));
  expect(accounts).toHaveLength(67);
  expect(emulated.calls("ListAccounts").length).toBeGreaterThan(4);
});

it("reads an account's state from State, not from the retired Status", async () => {
  const states = ["PENDING_ACTIVATION", "ACTIVE", "SUSPENDED", "PENDING_CLOSURE", "CLOSED"] as const;
  const members = states.map((state, index) => member(String(400_000_000_000 + index), { state }));
  const accounts = await accountsOf(await emulate({ world: world([], members) }));
  expect(accounts.slice(2).map(({ state }) => state)).toEqual(states);
});

it("knows the management account, and the organisational units above every account", async () => {
  const accounts = await accountsOf(await emulate({ world: world([], [member("400000000000")]) }));
  expect(accounts.filter(({ isManagementAccount }) => isManagementAccount).map(({ id }) => id)).toEqual([management]);
  expect(accounts.at(-1)?.paths).toEqual(["o-a1b2c3d4e5/r-a1b2/ou-a1b2-workload/400000000000/"]);
});

it("waits on the injected clock when AWS Organizations has had too many requests", async () => {
  const emulated = await emulate({ world: world([]) });
  emulated.rules.push(times(3, on("ListAccounts", { kind: "error", name: "TooManyRequestsException" })));
  expect(await accountsOf(emulated)).toHaveLength(3);
  expect(emulated.clock.now()).toBeGreaterThan(start);
});

it("never takes an error for the end of the list", async () => {
  const ids = Array.from({ length: 25 }, (_, index) => String(400_000_000_000 + index));
  const emulated = await emulate({
    world: world(
      [],
      ids.map((id) => member(id)),
    ),
  });
  emulated.rules.push(
    on("ListAccounts", { kind: "error", name: "AccessDeniedException" }, ({ input }) => input.NextToken !== undefined),
  );
  await expect(accountsOf(emulated)).rejects.toMatchObject({ name: "AccessDeniedException" });
});
