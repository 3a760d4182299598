import { Report } from "../../../handlers/archive/records";
import type { KnownException } from "../../../handlers/contract/settings";
import { reportMetrics } from "../../../handlers/report-run/metrics";
import { closeAll, type Emulated, emulate } from "../support/emulated";
import { account } from "../support/examples";
import { exportsEnd } from "../support/faults";
import { HandlerCalls } from "../support/handler-calls";
import { logGroup, member, world } from "../support/organisation";
import { runOnce } from "../support/run";

/** What the configuration knows to fail: it is on record as failed, and no run is red for it until the day that it names. */

afterEach(closeAll);

const other = "300000000001";
/** The day on which the runs of these tests begin. */
const today = "2026-11-20";
const closing: KnownException = { account, reason: "is being closed", until: today };

/** Two accounts of two log groups: the first account has lost its role, and `/broken` fails in the second. */
async function failing(): Promise<Emulated> {
  const groups = [account, other].flatMap((id) => ["/app", "/broken"].map((name) => logGroup(name, { account: id })));
  const emulated = await emulate({ world: world(groups, [member(account), member(other)]) });
  emulated.closeAccount(account);
  emulated.rules.push(exportsEnd({ status: "FAILED", message: "no" }, "/broken"));
  return emulated;
}

async function reportWith(emulated: Emulated, ...knownExceptions: KnownException[]) {
  const { report } = await runOnce(emulated, { knownExceptions });
  return { output: report, report: Report.parse(JSON.parse(emulated.text(report.report))) };
}

const broken: KnownException = { account: other, logGroup: "/broken", reason: "its key is gone", until: "2027-01-31" };

it("does not turn a run red, and stays failed in coverage and report with what is known of it", async () => {
  const emulated = await failing();
  const { output, report } = await reportWith(emulated, closing, broken);
  expect(output).toMatchObject({ status: "complete", failed: 0, exported: 1 });
  expect(output.summary).toBe(
    "2 of 2 accounts complete in eu-central-1, 1 log group days exported, 0 empty, 2 failed as known",
  );
  expect(report.counts).toMatchObject({ failed: 0, known: 2 });
  const failed = emulated.coverage().filter(({ outcome }) => outcome === "failed");
  expect(failed.map(({ logGroup, reason }) => [logGroup, reason])).toEqual([
    [null, expect.stringMatching(/^role-not-assumable: .*; known until 2026-11-20: is being closed$/)],
    ["/broken", expect.stringMatching(/^export-task-failed: .*; known until 2027-01-31: its key is gone$/)],
  ]);
  expect(report.causes.map(({ outcome, reason, examples }) => [outcome, reason, examples[0]?.reason])).toEqual(
    expect.arrayContaining([["known", "export-task-failed", expect.stringContaining("its key is gone")]]),
  );
  expect(report.notices).toEqual([]);
});

it("raises no alarm, whatever the failure", async () => {
  const { report } = await reportWith(await failing(), closing, broken);
  const { FailedAccounts, FailedItems, LastChanceItems, ThrottledItems } = reportMetrics(report);
  expect([FailedAccounts, FailedItems, LastChanceItems, ThrottledItems]).toEqual([0, 0, 0, 0]);
});

it("is no excuse for what it does not name", async () => {
  const { output, report } = await reportWith(await failing(), { ...broken, account });
  expect(output).toMatchObject({ status: "incomplete", failed: 2 });
  // The account without a role never got as far as its log groups.
  expect(report.notices).toMatchObject([
    {
      setting: "knownExceptions[0]",
      value: `${account} /broken`,
      message: expect.stringContaining("Nothing that failed in this run is known by it"),
    },
  ]);
});

it("is over on the day after, and says so", async () => {
  const { output, report } = await reportWith(await failing(), broken, { ...closing, until: "2026-11-19" });
  expect(output).toMatchObject({ status: "incomplete", failed: 1 });
  expect(report.notices).toMatchObject([
    { setting: "knownExceptions[1]", value: account, message: expect.stringContaining("It ended on 2026-11-19") },
  ]);
});

it("of a log group alone is true in every account", async () => {
  const { output } = await reportWith(await failing(), closing, {
    logGroup: "/broken",
    reason: "moves elsewhere",
    until: today,
  });
  expect(output).toMatchObject({ status: "complete", failed: 0 });
});

it("holds for an account whose execution died without a record", async () => {
  const emulated = await emulate({ world: world([logGroup("/app")]) });
  const fixture = new HandlerCalls(emulated, { knownExceptions: [closing] });
  const run = await fixture.listAccounts();
  await fixture.planExports(run);
  expect(await fixture.reportRun(run)).toMatchObject({ status: "complete", failed: 0 });
  expect(emulated.coverage()).toContainEqual(
    expect.objectContaining({ outcome: "failed", reason: "execution-died: known until 2026-11-20: is being closed" }),
  );
});
