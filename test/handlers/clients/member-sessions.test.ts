import fc from "fast-check";
import { Logs } from "../../../handlers/clients/logs";
import { MemberSessions, sessionName } from "../../../handlers/clients/member-sessions";
import { RunId } from "../../../handlers/contract/values";
import { closeAll, type Emulated, emulate } from "../support/emulated";
import { account, region } from "../support/examples";
import { on, times } from "../support/faults";
import { externalId, logGroup, world } from "../support/organisation";
import { holds } from "../support/property";

afterEach(closeAll);

const role = { partition: "aws", roleName: "OrgLogArchiveMember", externalId };
const sessionsOf = (emulated: Emulated, change = {}) =>
  new MemberSessions(region, { ...role, ...change }, "run-1", emulated.source);

it("gives a session of the account's member role, named after the run", async () => {
  const emulated = await emulate({ world: world([logGroup("/a")]) });
  const credentials = await sessionsOf(emulated).assume(account, "look");
  for await (const group of new Logs(region, credentials, emulated.source).logGroups()) expect(group.name).toBe("/a");
  expect(emulated.calls("DescribeLogGroups")[0]?.principal.arn).toBe(
    `arn:aws:sts::${account}:assumed-role/OrgLogArchiveMember/run-1`,
  );
});

it("asks for an hour, because a chained session of more is refused", async () => {
  const emulated = await emulate();
  await sessionsOf(emulated).assume(account, "export");
  expect(emulated.calls("AssumeRole")).toMatchObject([{ input: { DurationSeconds: "3600", ExternalId: externalId } }]);
});

it("keeps S3 from a session that only looks, and not from one that exports", async () => {
  const emulated = await emulate();
  await sessionsOf(emulated).assume(account, "look");
  await sessionsOf(emulated).assume(account, "export");
  const [look, toExport] = emulated.calls("AssumeRole").map(({ input }) => input.Policy);
  const actions = JSON.parse(String(look)).Statement.flatMap(({ Action }: { Action: string[] }) => Action);
  expect(actions.every((action: string) => /^logs:(Describe|List)/.test(action))).toBe(true);
  expect(toExport).toBeUndefined();
});

it.each([
  ["there is no such role", { roleName: "Nobody" }],
  ["it does not trust us", { externalId: "another-id" }],
])("says that the role cannot be assumed, by its ARN, when %s", async (_, change) => {
  const emulated = await emulate();
  const assumed = sessionsOf(emulated, change).assume(account, "look");
  await expect(assumed).rejects.toMatchObject({ name: "RoleNotAssumable", message: expect.stringContaining(account) });
  expect(emulated.calls("AssumeRole")).toHaveLength(1);
});

it("says that the Region is not enabled in the account", async () => {
  const emulated = await emulate();
  emulated.rules.push(on("AssumeRole", { kind: "error", name: "RegionDisabledException", status: 403 }));
  await expect(sessionsOf(emulated).assume(account, "look")).rejects.toMatchObject({ name: "RegionNotEnabled" });
});

it.each([
  ["throttled", { kind: "error", name: "Throttling" }],
  ["cut off", { kind: "drop-after" }],
] as const)("tries again when STS has %s the call", async (_, fault) => {
  const emulated = await emulate();
  emulated.rules.push(times(2, on("AssumeRole", fault)));
  expect(await sessionsOf(emulated).assume(account, "look")).toMatchObject({ accessKeyId: expect.any(String) });
});

it("takes no other error of STS for a missing role", async () => {
  const emulated = await emulate();
  emulated.rules.push(on("AssumeRole", { kind: "error", name: "ExpiredToken", status: 403 }));
  await expect(sessionsOf(emulated).assume(account, "look")).rejects.toMatchObject({ name: "ExpiredToken" });
});

it("names sessions as STS allows, and different runs differently", () => {
  const runId = fc.stringMatching(/^[0-9A-Za-z_-]{1,80}$/).filter((id) => RunId.safeParse(id).success);
  holds(
    fc.property(runId, runId, (a, b) => {
      expect(sessionName(a)).toMatch(/^[\w+=,.@-]{2,64}$/);
      if (a.length > 1 && b.length > 1) expect(sessionName(a) === sessionName(b)).toBe(a === b);
    }),
  );
  const long = ["1", "2"].map((last) => sessionName(`${"x".repeat(79)}${last}`));
  expect(new Set(long).size).toBe(2);
  for (const name of long) expect(name).toHaveLength(64);
});
