import type { Call, LogGroup } from "../../../apps/emulator";
import { closeAll, type Emulated, emulate } from "../support/emulated";
import { account, region } from "../support/examples";
import { death, exportsEnd, on, once } from "../support/faults";
import { logGroup, world } from "../support/organisation";
import { runOnce } from "../support/run";

afterEach(closeAll);

const emulateAccount = () =>
  emulate({ world: world([logGroup("/a"), logGroup("/b"), logGroup("/old", { streams: [] })]) });

const putBelow = (prefix: string) => (call: Call) => String(call.input.Key).startsWith(prefix);
const firstLook = ({ input }: Call) => input.taskId !== undefined;

/** What every run of the account must come to, whatever happens on its way. */
function expectConverged(emulated: Emulated, tasks = 2): void {
  expect(
    emulated
      .receipts()
      .map(({ logGroup }) => logGroup)
      .sort(),
  ).toEqual(["/a", "/b"]);
  expect(emulated.exportTasks()).toHaveLength(tasks);
  const standing = new Map(emulated.coverage().map((line) => [line.logGroup, line.outcome]));
  expect(Object.fromEntries(standing)).toMatchObject({ "/a": "exported", "/b": "exported", "/old": "empty" });
}

it.each([
  ["before its task is created", 2, once(on("CreateExportTask", death("before")))],
  // No record has its id: only the name is left, which any caller may use.
  ["after its task is created", 3, once(on("CreateExportTask", death("after")))],
  ["while its task runs", 2, once(on("DescribeExportTasks", death("before"), firstLook))],
  ["after its task completed, before the receipt", 2, once(on("PutObject", death("before"), putBelow("receipts/")))],
  ["after the receipt", 2, once(on("PutObject", death("after"), putBelow("receipts/")))],
  ["before the outcomes are written", 2, once(on("PutObject", death("before"), putBelow("runs/run-1/outcomes/")))],
  ["after the outcomes are written", 2, once(on("PutObject", death("after"), putBelow("runs/run-1/outcomes/")))],
])("goes on where a step died %s, with %d tasks in all", async (_, tasks, rule) => {
  const emulated = await emulateAccount();
  emulated.rules.push(rule);
  const { report } = await runOnce(emulated);
  expect(report).toMatchObject({ status: "complete", exported: 2, empty: 1 });
  expectConverged(emulated, tasks);
});

it("adopts in the next run what a run left that died for good: a completed task, and one that is active", async () => {
  const emulated = await emulateAccount();
  emulated.rules.push(on("PutObject", death("before"), putBelow("receipts/")));
  await runOnce(emulated);
  emulated.rules.length = 0;
  const left = emulated.coverage().map(({ logGroup, openTaskIds }) => [logGroup, openTaskIds?.length]);
  expect(Object.fromEntries(left)).toMatchObject({ "/a": 1, "/b": 1 });
  emulated.rules.push(once(on("DescribeExportTasks", death("before"), firstLook)));
  await runOnce(emulated, { runId: "run-2" });
  expectConverged(emulated);
  expect(emulated.receipts().map(({ runId }) => runId)).toEqual(["run-2", "run-2"]);
});

it("waits for its own task as long as the task takes, not as for another caller's", async () => {
  const emulated = await emulateAccount();
  emulated.rules.push(once(on("DescribeExportTasks", death("before"), firstLook)));
  emulated.rules.push(once(exportsEnd({ durationMs: 3_600_000 })));
  await runOnce(emulated, { foreignTaskWaitMinutes: 5 });
  expectConverged(emulated);
});

it.each(["drop-before", "drop-after"] as const)(
  "looks before it creates a task again when the answer is lost (%s)",
  async (kind) => {
    const emulated = await emulateAccount();
    emulated.rules.push(once(on("CreateExportTask", { kind })));
    await runOnce(emulated);
    expectConverged(emulated);
    const [lost, ...then] = emulated.cloud.calls.filter(
      ({ number }) => number >= (emulated.calls("CreateExportTask")[0]?.number ?? 0),
    );
    expect(lost?.outcome).toBe(kind);
    expect(then[0]?.operation).toBe("DescribeExportTasks");
  },
);

it("gives up on a log group, not on the account, when the answer is lost every time", async () => {
  const emulated = await emulateAccount();
  emulated.rules.push(on("CreateExportTask", { kind: "drop-before" }, ({ input }) => input.logGroupName === "/a"));
  await runOnce(emulated);
  expect(emulated.calls("CreateExportTask").filter(({ input }) => input.logGroupName === "/a")).toHaveLength(3);
  expect(emulated.coverage().find(({ logGroup }) => logGroup === "/a")).toMatchObject({ outcome: "failed" });
  expect(emulated.receipts()).toMatchObject([{ logGroup: "/b" }]);
});

const emulateGroup = async (change: Partial<LogGroup> = {}) => {
  const emulated = await emulate({ world: world([logGroup("/a", change)]) });
  emulated.rules.push(exportsEnd({ durationMs: 400 }));
  return emulated;
};

it("keeps what a process exported that died for good, though the log group has been deleted since", async () => {
  const emulated = await emulateGroup();
  emulated.rules.unshift(on("PutObject", death("before"), putBelow("receipts/")));
  await runOnce(emulated);
  emulated.rules.shift();
  emulated.cloud.logs.groups.delete(account, region, "/a");
  const { report } = await runOnce(emulated, { runId: "run-2" });
  expect(report).toMatchObject({ status: "complete", exported: 1 });
  expect(emulated.receipts()).toMatchObject([{ logGroup: "/a", tasks: [{ taskId: emulated.exportTasks()[0]?.id }] }]);
});

it("tries again when the task fails that a step has left behind, as when its own fails", async () => {
  const emulated = await emulateGroup();
  emulated.rules.unshift(once(exportsEnd({ status: "FAILED", durationMs: 10_000 })));
  emulated.rules.unshift(once(on("DescribeExportTasks", death("before"), firstLook)));
  const { report } = await runOnce(emulated);
  expect(report).toMatchObject({ status: "complete", exported: 1 });
  expect(emulated.exportTasks().map(({ status }) => status)).toEqual(["FAILED", "COMPLETED"]);
});
