import { closeAll, emulate } from "../support/emulated";
import { account, hour } from "../support/examples";
import { exportsEnd, once } from "../support/faults";
import { HandlerCalls } from "../support/handler-calls";
import { logGroup, world, yesterday } from "../support/organisation";
import { runOnce } from "../support/run";

afterEach(closeAll);

/** The next run starts at 15:30, and the deadline is at 15:20. */
const hourly = { schedule: "cron(30 * * * ? *)" };
const deadline = Date.UTC(2026, 10, 20, 15, 20);

it("stops before the next run starts, leaves the running task alone, and says what is left", async () => {
  const emulated = await emulate({ world: world([logGroup("/a"), logGroup("/b"), logGroup("/c")]) });
  emulated.rules.push(exportsEnd({ durationMs: 5 * hour }, "/b"));
  const { report } = await runOnce(emulated, hourly);
  expect(report).toMatchObject({ status: "incomplete", exported: 1, failed: 2 });
  expect(emulated.clock.now()).toBeGreaterThanOrEqual(deadline);
  expect(emulated.clock.now()).toBeLessThan(deadline + 60_000);
  const failed = emulated.coverage().filter(({ outcome }) => outcome === "failed");
  expect(failed.map(({ logGroup, reason }) => [logGroup, reason?.split(":")[0]])).toEqual([
    ["/b", "deadline"],
    ["/c", "deadline"],
  ]);
  expect(emulated.exportTasks().map(({ group, status }) => [group, status])).toEqual([
    ["/a", "COMPLETED"],
    ["/b", "RUNNING"],
  ]);
});

it("lets the next run adopt the task that was running, and export the rest", async () => {
  const emulated = await emulate({ world: world([logGroup("/a"), logGroup("/b"), logGroup("/c")]) });
  emulated.rules.push(once(exportsEnd({ durationMs: 5 * hour }, "/b")));
  await runOnce(emulated, hourly);
  const left = emulated.exportTasks().at(-1);
  // Another log group comes before the one whose task is running.
  emulated.cloud.logs.groups.put(logGroup("/aa", { retentionInDays: 30 }));
  const { report } = await runOnce(emulated, { runId: "run-2", request: { days: [yesterday] } });
  expect(report).toMatchObject({ status: "complete", exported: 3 });
  expect(emulated.exportTasks().map(({ group }) => group)).toEqual(["/a", "/b", "/aa", "/c"]);
  expect(emulated.receipts().find(({ logGroup }) => logGroup === "/b")?.tasks[0]?.taskId).toBe(left?.id);
});

it("creates no task after its deadline, but takes what is complete", async () => {
  const emulated = await emulate({ world: world([logGroup("/a"), logGroup("/b")]) });
  const fixture = new HandlerCalls(emulated, hourly);
  const run = await fixture.listAccounts();
  emulated.rules.push(exportsEnd({ durationMs: hour }));
  const { cursor } = await fixture.step(run, (await fixture.planExports(run)).cursor);
  await emulated.clock.sleep(3 * hour);
  expect(await fixture.step(run, cursor)).toMatchObject({ status: "finished" });
  expect(emulated.receipts().map(({ logGroup }) => logGroup)).toEqual(["/a"]);
  expect(emulated.exportTasks()).toHaveLength(1);
});

it("reports an account whose steps could do nothing in time", async () => {
  const emulated = await emulate({ world: world([logGroup("/a")]) });
  const fixture = new HandlerCalls(emulated, hourly);
  const run = await fixture.listAccounts();
  await emulated.clock.sleep(3 * hour);
  const { cursor } = await fixture.planExports(run);
  expect(await fixture.step(run, cursor)).toMatchObject({ status: "finished" });
  expect(await fixture.recordCoverage(run)).toEqual({
    account,
    status: "failed",
    exported: 0,
    empty: 0,
    skipped: 0,
    failed: 1,
  });
  expect(emulated.exportTasks()).toEqual([]);
});
