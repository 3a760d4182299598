import { closeAll, type Emulated, emulate } from "../support/emulated";
import { day, hour } from "../support/examples";
import { exportsEnd, on, times } from "../support/faults";
import { logGroup, world } from "../support/organisation";
import { runOnce } from "../support/run";

afterEach(closeAll);

const minute = 60_000;
const emulateAccount = () =>
  emulate({ world: world([logGroup("/a"), logGroup("/b"), logGroup("/theirs", { retentionInDays: 30 })]) });

function ours(emulated: Emulated) {
  return emulated.exportTasks().filter(({ name }) => name !== null);
}

it("waits until another caller's export task has left the slot, and then exports everything", async () => {
  const emulated = await emulateAccount();
  const theirs = await emulated.exportByHand("/theirs", 10 * minute);
  const { report, accounts } = await runOnce(emulated);
  expect(report).toMatchObject({ status: "complete", exported: 3 });
  const [first] = ours(emulated);
  const freeAt = theirs.created + 10 * minute;
  expect(first?.created).toBeGreaterThanOrEqual(freeAt);
  expect(first?.created).toBeLessThan(freeAt + minute);
  expect(accounts[0]?.steps.some(({ status }) => status === "waiting")).toBe(true);
});

it("gives up after the configured wait, names the task that was in the way, and cancels nothing", async () => {
  const emulated = await emulateAccount();
  const theirs = await emulated.exportByHand("/theirs", 5 * hour);
  const started = emulated.clock.now();
  const { report } = await runOnce(emulated, { foreignTaskWaitMinutes: 10 });
  expect(report).toMatchObject({ status: "incomplete", failed: 3 });
  const waited = emulated.clock.now() - started;
  expect(waited).toBeGreaterThanOrEqual(10 * minute);
  expect(waited).toBeLessThan(11 * minute);
  const failed = emulated.coverage().filter(({ outcome }) => outcome === "failed");
  expect(failed.map(({ logGroup }) => logGroup).sort()).toEqual(["/a", "/b", "/theirs"]);
  for (const { reason } of failed)
    expect(reason).toMatch(
      new RegExp(`^slot-busy: export task ${theirs.id} of log group /theirs since 2026-11-20T13:30`),
    );
  expect(emulated.calls("CancelExportTask")).toEqual([]);
  expect(emulated.exportTasks()).toMatchObject([{ id: theirs.id, status: "RUNNING" }]);
});

it("tries no longer than its deadline when another caller's task runs for a day", async () => {
  const emulated = await emulateAccount();
  await emulated.exportByHand("/theirs", 2 * day);
  await runOnce(emulated, { foreignTaskWaitMinutes: 1440, schedule: "cron(30 * * * ? *)" });
  expect(emulated.clock.now()).toBeGreaterThan(Date.UTC(2026, 10, 20, 15, 19));
  expect(emulated.clock.now()).toBeLessThan(Date.UTC(2026, 10, 20, 15, 30));
  expect(emulated.coverage().find(({ logGroup }) => logGroup === "/a")?.reason).toMatch(
    /^deadline: .*of log group \/theirs/,
  );
});

it("waits anew for each task of another caller, as long as its own turn came in between", async () => {
  const emulated = await emulateAccount();
  emulated.rules.push(exportsEnd({ durationMs: 10_000 }));
  await emulated.exportByHand("/theirs", 7 * minute);
  const theirs = emulated.clock.run(async () => {
    while (ours(emulated).length === 0) await emulated.clock.sleep(1000);
    // No other caller is faster.
    await emulated.clock.sleep((ours(emulated)[0]?.created ?? 0) + 10_000 - emulated.clock.now());
    while (ours(emulated)[0]?.status !== "COMPLETED") await emulated.clock.sleep(1);
    await emulated.exportByHand("/theirs", 7 * minute);
  });
  const run = emulated.clock.run(() => runOnce(emulated, { foreignTaskWaitMinutes: 10 }));
  const [{ report }] = await Promise.all([run, theirs]);
  expect(report).toMatchObject({ status: "complete", exported: 3 });
  expect(emulated.exportTasks().map(({ name }) => name === null)).toEqual([true, false, true, false, false]);
});

it("waits though the list shows no task in the slot", async () => {
  const emulated = await emulateAccount();
  emulated.rules.push(times(4, on("CreateExportTask", { kind: "error", name: "LimitExceededException" })));
  const { report } = await runOnce(emulated);
  expect(report).toMatchObject({ status: "complete", exported: 3 });
  expect(ours(emulated)).toHaveLength(3);
});

it("gives up when no task can be seen in the slot for longer than the wait, and says so", async () => {
  const emulated = await emulateAccount();
  emulated.rules.push(on("CreateExportTask", { kind: "error", name: "LimitExceededException" }));
  await runOnce(emulated, { foreignTaskWaitMinutes: 10 });
  expect(emulated.coverage().find(({ logGroup }) => logGroup === "/a")?.reason).toMatch(/^slot-busy: .*does not list/);
});
