import { CoverageLine, Report } from "../../../handlers/archive/records";
import { closeAll, type Emulated, emulate } from "../support/emulated";
import { account } from "../support/examples";
import { death, exportsEnd, on, once } from "../support/faults";
import { HandlerCalls } from "../support/handler-calls";
import { logArchive, logGroup, management, member, world } from "../support/organisation";
import { runOnce } from "../support/run";

afterEach(closeAll);

const other = "300000000001";

const emulateOrganization = () =>
  emulate({ world: world([logGroup("/a"), logGroup("/b", { account: other })], [member(account), member(other)]) });

const reportOf = (emulated: Emulated) => Report.strict().parse(JSON.parse(emulated.text("runs/run-1/report.json")));

it("puts all accounts into one report", async () => {
  const emulated = await emulateOrganization();
  const { report } = await runOnce(emulated);
  expect(report).toMatchObject({ status: "complete", accounts: 4, exported: 2, report: "runs/run-1/report.json" });
  expect(reportOf(emulated).accounts.map(({ id, counts }) => [id, counts.exported])).toEqual([
    [management, 0],
    [logArchive, 0],
    [account, 1],
    [other, 1],
  ]);
});

it("keeps one account's failure from the others, and from ending green", async () => {
  const emulated = await emulateOrganization();
  emulated.closeAccount(account);
  const { report } = await runOnce(emulated);
  expect(report).toMatchObject({ status: "incomplete", exported: 1, failed: 1 });
  expect(report.summary).toMatch(/^1 of 2 accounts complete .*1 failed \(role-not-assumable 1\)/);
});

it("closes an account whose execution died without a record: what has a receipt is exported, the rest has failed", async () => {
  const emulated = await emulate({ world: world([logGroup("/a"), logGroup("/b")]) });
  const fixture = new HandlerCalls(emulated);
  const run = await fixture.listAccounts();
  emulated.rules.push(exportsEnd({ durationMs: 10 * 60_000 }, "/b"));
  await fixture.step(run, (await fixture.planExports(run)).cursor);
  expect(await fixture.reportRun(run)).toMatchObject({ status: "incomplete", exported: 1, failed: 1 });
  expect(emulated.coverage().map(({ logGroup, outcome }) => [logGroup, outcome])).toEqual([
    [null, "skipped"],
    [null, "skipped"],
    ["/a", "exported"],
    ["/b", "failed"],
  ]);
});

it("closes an account that was never planned", async () => {
  const emulated = await emulate({ world: world([logGroup("/a")]) });
  const fixture = new HandlerCalls(emulated);
  await fixture.reportRun(await fixture.listAccounts());
  expect(emulated.coverage().at(-1)).toMatchObject({
    account,
    logGroup: null,
    outcome: "failed",
    reason: "execution-died",
  });
});

it("says of accounts that were left out why, on every day", async () => {
  const emulated = await emulate({ world: world([], [member(account, { state: "SUSPENDED" })]) });
  await runOnce(emulated, { lookbackDays: 2 });
  const lines = emulated.coverage().filter((line) => line.account === account);
  for (const line of lines) expect(CoverageLine.strict().parse(line)).toEqual(line);
  expect(lines).toMatchObject([
    { day: "2026-11-18", logGroup: null, outcome: "skipped", reason: "account-suspended" },
    { day: "2026-11-19", logGroup: null, outcome: "skipped", reason: "account-suspended" },
  ]);
});

it("says the same when it is run again", async () => {
  const emulated = await emulateOrganization();
  const fixture = new HandlerCalls(emulated);
  const { accounts: _, ...run } = await fixture.listAccounts();
  emulated.rules.push(once(on("PutObject", death("after"), ({ input }) => input.Key === "runs/run-1/report.json")));
  await expect(fixture.reportRun(run)).rejects.toThrow("Death");
  const report = emulated.text("runs/run-1/report.json");
  expect(await fixture.reportRun(run)).toMatchObject({ status: "incomplete", failed: 2 });
  expect(emulated.text("runs/run-1/report.json")).toBe(report);
});

it("names a summary that cannot be read as its account's failure, and reports on the others", async () => {
  const emulated = await emulateOrganization();
  const fixture = new HandlerCalls(emulated);
  const run = await fixture.listAccounts();
  emulated.put(`runs/run-1/summaries/${account}.1.json`, "{}");
  expect(await fixture.reportRun(run)).toMatchObject({ status: "incomplete", accounts: 4 });
  const reasons = emulated
    .coverage()
    .filter((line) => line.account === account)
    .map(({ reason }) => reason);
  expect(reasons).toEqual(
    Array(reasons.length).fill(expect.stringMatching(/^unreadable-record: runs\/run-1\/summaries/)),
  );
  expect(reasons.length).toBeGreaterThan(0);
});
