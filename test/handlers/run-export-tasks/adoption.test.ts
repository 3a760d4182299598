import { logGroupHash } from "../../../handlers/archive/layout";
import type { Emulated } from "../support/emulated";
import { closeAll, emulate } from "../support/emulated";
import { account, day, hour, utcDay } from "../support/examples";
import { exportsEnd, kill, on, once, times } from "../support/faults";
import { HandlerCalls } from "../support/handler-calls";
import { logGroup, noonYesterday, stream, world, yesterday } from "../support/organisation";
import { runOnce } from "../support/run";

afterEach(closeAll);

const minute = 60_000;
const names = ["/a", "/b", "/c", "/d"];

/** What this project would ask for, but of some streams only: what DescribeExportTasks says of it is the same. */
function partOf(logGroup: string) {
  const { from, to } = utcDay(yesterday);
  return {
    taskName: `org-log-archive/${yesterday}/${logGroupHash(logGroup)}/${from}-${to}`,
    from,
    to,
    destinationPrefix: `${account}/${yesterday}`,
    logStreamNamePrefix: "first",
  };
}

const twoStreams = { streams: [stream("first", noonYesterday), stream("second", noonYesterday + 1)] };
const linesOf = (emulated: Emulated) => emulated.receipts().flatMap((receipt) => emulated.archivedLines(receipt));

it.each([
  ["completed before the run", 1_000, 2_000],
  ["is still running", 10 * minute, 0],
])("exports anew what another principal exported under our name, and which %s", async (_, durationMs, afterMs) => {
  const emulated = await emulate({ world: world([logGroup("/a", twoStreams)]) });
  const theirs = await emulated.exportByHand("/a", durationMs, partOf("/a"));
  await emulated.clock.sleep(afterMs);
  const { report } = await runOnce(emulated, { foreignTaskWaitMinutes: 5 });
  expect(report).toMatchObject({ status: "complete", exported: 1 });
  expect(linesOf(emulated)).toHaveLength(2);
  expect(emulated.receipts()[0]?.tasks.map(({ taskId }) => taskId)).not.toContain(theirs.id);
});

it("says that it adopted by name alone what cannot be exported again", async () => {
  const evening = [stream("first", noonYesterday + 8 * hour), stream("second", noonYesterday + 9 * hour)];
  const emulated = await emulate({ world: world([logGroup("/a", { streams: evening, retentionInDays: 1 })]) });
  emulated.rules.push(once(on("CreateExportTask", kill("after"))), on("CreateExportTask", kill("before")));
  await runOnce(emulated);
  emulated.rules.length = 0;
  await emulated.clock.sleep(2 * day);
  await runOnce(emulated, { runId: "run-2", lookbackDays: 3 });
  const [receipt] = emulated.receipts();
  expect(receipt?.tasks).toMatchObject([{ adopted: true, objects: 2 }]);
  const line = emulated.coverage().findLast((each) => each.day === yesterday && each.logGroup === "/a");
  expect(line).toMatchObject({ outcome: "exported", reason: "adopted" });
});

/** Kills a step after some time of its work: nothing of it runs on. */
async function killed(emulated: Emulated, fixture: HandlerCalls, afterMs: number) {
  const run = await fixture.listAccounts();
  const { cursor } = await fixture.planExports(run);
  const step = emulated.clock.run(() => fixture.step(run, cursor), { timeoutMilliseconds: afterMs });
  await expect(step).rejects.toMatchObject({ name: "ActorTimedOut" });
  return { run, cursor };
}

it("adopts a task that a step has named before it was killed, and exports anew one that it had just created", async () => {
  for (const [killedAfterMs, tasks] of [
    [90_000, 1],
    [5_000, 2],
  ] as const) {
    const emulated = await emulate({ world: world([logGroup("/a")]) });
    emulated.rules.push(exportsEnd({ durationMs: 3 * minute }));
    const fixture = new HandlerCalls(emulated);
    const { run, cursor } = await killed(emulated, fixture, killedAfterMs);
    let progress = await fixture.step(run, cursor);
    while (progress.status !== "finished") progress = await fixture.step(run, progress.cursor);
    expect(emulated.exportTasks()).toHaveLength(tasks);
    expect(emulated.receipts()).toHaveLength(1);
    await closeAll();
  }
});

it("lets the next run adopt what its records name, however many tasks there are and however they are listed", async () => {
  const emulated = await emulate({ world: world([logGroup("/a")]), logs: { exportTaskOrder: "by-id" } });
  emulated.rules.push(once(exportsEnd({ durationMs: 2 * minute })));
  const fixture = new HandlerCalls(emulated);
  const { run } = await killed(emulated, fixture, 90_000);
  await fixture.reportRun(run);
  await emulated.clock.sleep(minute);
  for (let index = 0; index < 200; index += 1) {
    await emulated.exportByHand("/a", 1);
    await emulated.clock.sleep(1000);
  }
  await runOnce(emulated, { runId: "run-2" });
  const ours = emulated.exportTasks().filter(({ name }) => name !== null);
  expect(ours).toHaveLength(1);
  expect(emulated.receipts()).toMatchObject([{ runId: "run-2", tasks: [{ taskId: ours[0]?.id }] }]);
});

describe.each([5_000, 15_000, 40_000])("where tasks are listed %d ms late", (exportTaskListingDelayMs) => {
  const emulateLate = () =>
    emulate({
      world: world(names.map((name) => logGroup(name))),
      logs: { exportTaskListingDelayMs, exportTaskOrder: "by-id" },
    });

  it.each([500, 30_000])("a run creates no task twice that takes %d ms", async (durationMs) => {
    const emulated = await emulateLate();
    emulated.rules.push(exportsEnd({ durationMs }));
    const { report } = await runOnce(emulated);
    expect(report).toMatchObject({ status: "complete", exported: names.length });
    expect(emulated.exportTasks()).toHaveLength(names.length);
  });

  it("a run finds each task whose answer was lost", async () => {
    const emulated = await emulateLate();
    emulated.rules.push(times(2, on("CreateExportTask", { kind: "drop-after" })));
    const { report } = await runOnce(emulated);
    expect(report).toMatchObject({ status: "complete", exported: names.length });
    expect(emulated.exportTasks()).toHaveLength(names.length);
  });

  it("two runs beside each other complete, and a race costs few tasks", async () => {
    const emulated = await emulateLate();
    emulated.rules.push(exportsEnd({ durationMs: 10_000 }));
    const run = (runId: string, after: number) =>
      emulated.clock.run(async () => {
        await emulated.clock.sleep(after);
        return runOnce(emulated, { runId });
      });
    const runs = await Promise.all([run("run-1", 0), run("run-2", 700)]);
    expect(runs.map(({ report }) => report.status)).toEqual(["complete", "complete"]);
    expect(emulated.receipts()).toHaveLength(names.length);
    // A task of ten seconds that is listed after 40 leaves the slot free for half a minute, and its own run does not know.
    const most = exportTaskListingDelayMs > 20_000 ? 2 * names.length : names.length + 1;
    expect(emulated.exportTasks().length).toBeLessThanOrEqual(most);
  });
});

it("does not ask again for what CloudWatch Logs refuses to describe, nor wait for it in vain", async () => {
  const emulated = await emulate({ world: world([logGroup("/a"), logGroup("/b")]) });
  emulated.rules.push(exportsEnd({ durationMs: minute }, "/a"));
  emulated.rules.push(({ operation, input }) =>
    operation === "DescribeExportTasks" && input.taskId && input.taskId === emulated.exportTasks()[0]?.id
      ? { kind: "error", name: "ValidationException", message: "No" }
      : undefined,
  );
  await runOnce(emulated);
  const reasons = emulated.coverage().map(({ logGroup, outcome, reason }) => [logGroup, reason ?? outcome]);
  expect(Object.fromEntries(reasons)).toMatchObject({ "/a": "service-error: ValidationException: No" });
  expect(emulated.exportTasks().filter(({ group }) => group === "/a")).toHaveLength(1);
});
