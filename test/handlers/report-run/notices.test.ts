import { Report } from "../../../handlers/archive/records";
import { closeAll, type Emulated, emulate } from "../support/emulated";
import { account } from "../support/examples";
import { exportsEnd } from "../support/faults";
import { HandlerCalls } from "../support/handler-calls";
import { logArchive, logGroup, management, member, world } from "../support/organisation";
import { runOnce } from "../support/run";

afterEach(closeAll);

const other = "300000000001";
const reportOf = (emulated: Emulated, runId = "run-1") =>
  Report.parse(JSON.parse(emulated.text(`runs/${runId}/report.json`)));

const emulateTwo = () =>
  emulate({ world: world([logGroup("/a"), logGroup("/b", { account: other })], [member(account), member(other)]) });

it("names the patterns that match no log group of any account, not those that miss in one of them", async () => {
  const emulated = await emulateTwo();
  await runOnce(emulated, { logGroups: { include: ["/a", "/b", "/c"], exclude: ["/d"] } });
  expect(reportOf(emulated).notices).toEqual([
    { setting: "logGroups.include[2]", value: "/c", message: expect.stringContaining("the 2 accounts") },
    { setting: "logGroups.exclude[0]", value: "/d", message: expect.stringContaining("the 2 accounts") },
  ]);
});

it("draws no conclusion from an account whose log groups it could not list", async () => {
  const emulated = await emulateTwo();
  emulated.closeAccount(other);
  await runOnce(emulated, { logGroups: { include: ["/a", "/b"] } });
  expect(reportOf(emulated).notices).toMatchObject([
    { value: "/b", message: expect.stringContaining("the one account that this run could list") },
  ]);
});

it("names accounts and organisational units of the configuration that the organisation has not", async () => {
  const emulated = await emulateTwo();
  const targets = {
    organizationalUnits: ["ou-a1b2-workload", "ou-a1b2-sandboxes"],
    includeAccounts: [account, "400000000000"],
    excludeAccounts: [logArchive, "500000000000"],
    managementAccount: other,
  };
  const { accounts: _, ...run } = await new HandlerCalls(emulated, { targets }).listAccounts();
  await new HandlerCalls(emulated).reportRun(run);
  expect(reportOf(emulated).notices.map(({ setting, value }) => [setting, value])).toEqual([
    ["targets.organizationalUnits[1]", "ou-a1b2-sandboxes"],
    ["targets.includeAccounts[1]", "400000000000"],
    ["targets.excludeAccounts[1]", "500000000000"],
    ["targets.managementAccount", other],
  ]);
  expect(reportOf(emulated).notices.at(-1)?.message).toContain(management);
});

it("has nothing to say when everything matches", async () => {
  const emulated = await emulateTwo();
  await runOnce(emulated, { targets: { organizationalUnits: ["r-a1b2"] } });
  expect(reportOf(emulated).notices).toEqual([]);
});

it("marks what failed on a day that no later scheduled run looks at", async () => {
  const emulated = await emulate({ world: world([logGroup("/a")]) });
  emulated.rules.push(exportsEnd({ status: "FAILED" }));
  const { report } = await runOnce(emulated, { lookbackDays: 3 });
  const { causes, lastChanceDays } = reportOf(emulated);
  expect(lastChanceDays).toEqual(["2026-11-17"]);
  expect(causes[0]).toMatchObject({
    reason: "export-task-failed",
    count: 3,
    lastChance: 1,
    days: { "2026-11-17": 1, "2026-11-18": 1, "2026-11-19": 1 },
  });
  expect(report.summary).toMatch(/3 failed \(export-task-failed 3\); for 1 of them this was the last scheduled run$/);
});

it("knows that a weekly schedule leaves seven days behind, and that a run asked for leaves its old days behind", async () => {
  const emulated = await emulate({ world: world([logGroup("/a")]) });
  emulated.rules.push(exportsEnd({ status: "FAILED" }));
  await runOnce(emulated, { lookbackDays: 9, schedule: "rate(7 days)" });
  expect(reportOf(emulated).lastChanceDays).toHaveLength(7);
  const request = { days: ["2026-11-19", "2026-10-01"] };
  await runOnce(emulated, { runId: "run-2", lookbackDays: 9, request });
  expect(reportOf(emulated, "run-2").lastChanceDays).toEqual(["2026-10-01"]);
});

it("calls nothing a last chance that was settled", async () => {
  const emulated = await emulate({ world: world([logGroup("/a")]) });
  const { report } = await runOnce(emulated);
  expect(report.summary).not.toContain("last");
  expect(reportOf(emulated).causes.every(({ lastChance }) => lastChance === 0)).toBe(true);
});
