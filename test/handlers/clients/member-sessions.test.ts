import fc from "fast-check";
import { ExportSlot } from "../../../handlers/clients/export-slot";
import { Logs } from "../../../handlers/clients/logs";
import { MemberSessions, type SessionPurpose, sessionName } from "../../../handlers/clients/member-sessions";
import { RunId } from "../../../handlers/contract/values";
import { closeAll, type Emulated, emulate } from "../support/emulated";
import { account, region } from "../support/examples";
import { on, times } from "../support/faults";
import {
  bucket,
  configuration,
  externalId,
  logGroup,
  noonYesterday,
  start,
  world,
  yesterday,
} from "../support/organisation";
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

it("gives a session of one export that log group alone, and takes the right from it that is to be left out", async () => {
  const emulated = await emulate({ world: world([logGroup("/a"), logGroup("/b")]), evaluatePolicies: true });
  emulated.deploy(configuration);
  const without = [{ action: "s3:PutObjectAcl", resource: "*" }];
  const request = {
    taskName: "t",
    from: noonYesterday,
    to: start,
    bucket,
    destinationPrefix: `${account}/${yesterday}`,
  };
  const exportOf = async (name: string, purpose: SessionPurpose) =>
    new ExportSlot(region, await sessionsOf(emulated).assume(account, purpose), emulated.source).create({
      ...request,
      logGroup: name,
    });
  await expect(exportOf("/b", { logGroup: "/a", without: [] })).rejects.toMatchObject({ name: "LogGroupDenied" });
  await expect(exportOf("/a", { logGroup: "/a", without })).rejects.toMatchObject({ name: "CallerPermissionDenied" });
  expect(await exportOf("/a", { logGroup: "/a", without: [] })).toEqual(expect.any(String));
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
