import { CoverageLine } from "../../../handlers/archive/records";
import { toLines } from "../../../handlers/archive/serialization";
import { closeAll, type Emulated, emulate } from "../support/emulated";
import { account, coverageLine } from "../support/examples";
import { death, exportsEnd, on } from "../support/faults";
import { HandlerCalls } from "../support/handler-calls";
import { logGroup, world } from "../support/organisation";
import { runOnce } from "../support/run";

afterEach(closeAll);

const emulateAccount = () => emulate({ world: world([logGroup("/a"), logGroup("/b")]) });

function standing(emulated: Emulated): Record<string, string> {
  const lines = emulated.coverage().filter((line) => line.account === account);
  return Object.fromEntries(
    lines.map((line) => [String(line.logGroup), [line.outcome, line.reason].filter(Boolean).join(" ")]),
  );
}

it("says of every item what became of it, once, in lines that keep to the contract", async () => {
  const emulated = await emulateAccount();
  emulated.rules.push(exportsEnd({ status: "FAILED", message: "No." }, "/b"));
  await runOnce(emulated);
  const lines = emulated.coverage().filter((line) => line.account === account);
  for (const line of lines) expect(CoverageLine.strict().parse(line)).toEqual(line);
  expect(lines.map(({ logGroup, outcome }) => [logGroup, outcome])).toEqual([
    ["/a", "exported"],
    ["/b", "failed"],
  ]);
});

it("records an account that cannot be entered under no log group", async () => {
  const emulated = await emulateAccount();
  const roleArn = `arn:aws:iam::${account}:role/OrgLogArchiveMember`;
  emulated.closeAccount(account);
  const { report, accounts } = await runOnce(emulated);
  expect(standing(emulated).null).toMatch(new RegExp(`^failed role-not-assumable: ${roleArn}`));
  expect(accounts[0]?.outcome).toMatchObject({ status: "failed", failed: 1 });
  expect(report.status).toBe("incomplete");
});

it("records an account in which the Region is not enabled, or which refuses to list its log groups", async () => {
  for (const [operation, name, expected] of [
    ["AssumeRole", "RegionDisabledException", /^failed region-not-enabled/],
    ["DescribeLogGroups", "AccessDeniedException", /^failed access-denied/],
  ] as const) {
    const emulated = await emulateAccount();
    emulated.rules.push(on(operation, { kind: "error", name }));
    await runOnce(emulated);
    expect(standing(emulated).null).toMatch(expected);
    expect(emulated.calls(operation)).toHaveLength(1);
  }
});

it("fails what a step that died for good did not reach, with the error's own words", async () => {
  const emulated = await emulateAccount();
  emulated.rules.push(on("CreateExportTask", death("before"), ({ input }) => input.logGroupName === "/b"));
  await runOnce(emulated);
  expect(standing(emulated)).toMatchObject({
    "/a": "exported",
    "/b": "failed not-reached: ExpiredTokenException: Death",
  });
});

it.each([
  ["Lambda.TooManyRequestsException", "throttled"],
  ["ThrottlingException", "throttled"],
  ["Lambda.ServiceException", "not-reached"],
])("gives what %s ended the reason %s", async (name, code) => {
  const emulated = await emulateAccount();
  const fixture = new HandlerCalls(emulated);
  const run = await fixture.listAccounts();
  await fixture.planExports(run);
  await fixture.recordCoverage(run, account, { Error: name, Cause: "Rate Exceeded." });
  expect(standing(emulated)["/a"]).toBe(`failed ${code}: ${name}: Rate Exceeded.`);
});

it("lets a receipt win over whatever a step has written", async () => {
  const emulated = await emulateAccount();
  const fixture = new HandlerCalls(emulated);
  const run = await fixture.listAccounts();
  await fixture.step(run, (await fixture.planExports(run)).cursor);
  const at = new Date(emulated.clock.now() + 1000).toISOString();
  const later = [
    coverageLine({ logGroup: "/a", outcome: "failed", reason: "deadline", at }),
    coverageLine({ logGroup: "/b", outcome: "skipped", reason: "log-group-deleted", at }),
  ];
  emulated.put(`runs/run-1/outcomes/${account}/000001-later.jsonl`, toLines(later));
  expect(await fixture.recordCoverage(run)).toMatchObject({ exported: 2, failed: 0, skipped: 0 });
});

it.each(["receipts/", "runs/run-1/outcomes/"])(
  "takes a refused listing of %s for an error, never for nothing",
  async (prefix) => {
    const emulated = await emulateAccount();
    const fixture = new HandlerCalls(emulated);
    const run = await fixture.listAccounts();
    await fixture.planExports(run);
    const denied = { kind: "error", name: "AccessDenied", status: 403 } as const;
    emulated.rules.push(on("ListObjectsV2", denied, ({ input }) => String(input.Prefix).startsWith(prefix)));
    await expect(fixture.recordCoverage(run)).rejects.toMatchObject({ name: "AccessDenied" });
    expect(emulated.keys("coverage/")).toEqual([]);
  },
);

it("writes a second object when it is run again, and never touches the first", async () => {
  const emulated = await emulateAccount();
  emulated.rules.push(exportsEnd({ durationMs: 1000 }));
  const fixture = new HandlerCalls(emulated);
  const run = await fixture.listAccounts();
  await fixture.step(run, (await fixture.planExports(run)).cursor);
  await fixture.recordCoverage(run);
  const first = emulated.keys("coverage/").map((key) => [key, emulated.text(key)]);
  await fixture.recordCoverage(run);
  expect(emulated.keys("coverage/")).toHaveLength(2);
  expect(emulated.keys("coverage/").map((key) => [key, emulated.text(key)])[0]).toEqual(first[0]);
});
