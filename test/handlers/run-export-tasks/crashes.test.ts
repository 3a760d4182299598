import type { Call, LogGroup } from "../../../apps/emulator";
import { closeAll, type Emulated, emulate } from "../support/emulated";
import { account, day, region } from "../support/examples";
import { death, exportsEnd, on, once } from "../support/faults";
import { logGroup, stream, world, yesterday } from "../support/organisation";
import { RunFixture } from "../support/run";

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
  // Nobody knows its id: only the name is left, which anybody may use.
  ["after its task is created", 3, once(on("CreateExportTask", death("after")))],
  ["while its task runs", 2, once(on("DescribeExportTasks", death("before"), firstLook))],
  ["after its task completed, before the receipt", 2, once(on("PutObject", death("before"), putBelow("receipts/")))],
  ["after the receipt", 2, once(on("PutObject", death("after"), putBelow("receipts/")))],
  ["before the outcomes are written", 2, once(on("PutObject", death("before"), putBelow("runs/run-1/outcomes/")))],
  ["after the outcomes are written", 2, once(on("PutObject", death("after"), putBelow("runs/run-1/outcomes/")))],
])("goes on where a step died %s, with %d tasks in all", async (_, tasks, rule) => {
  const emulated = await emulateAccount();
  emulated.rules.push(rule);
  const { report } = await new RunFixture(emulated).run();
  expect(report).toMatchObject({ status: "complete", exported: 2, empty: 1 });
  expectConverged(emulated, tasks);
});

it("adopts in the next run what a run left that died for good: a completed task, and one that is active", async () => {
  const emulated = await emulateAccount();
  emulated.rules.push(on("PutObject", death("before"), putBelow("receipts/")));
  await new RunFixture(emulated, { attempts: 1 }).run();
  emulated.rules.length = 0;
  const left = emulated.coverage().map(({ logGroup, openTaskIds }) => [logGroup, openTaskIds?.length]);
  expect(Object.fromEntries(left)).toMatchObject({ "/a": 1, "/b": 1 });
  emulated.rules.push(once(on("DescribeExportTasks", death("before"), firstLook)));
  await new RunFixture(emulated, { runId: "run-2" }).run();
  expectConverged(emulated);
  expect(emulated.receipts().map(({ runId }) => runId)).toEqual(["run-2", "run-2"]);
});

it("waits for its own task as long as the task takes, not as for somebody else's", async () => {
  const emulated = await emulateAccount();
  emulated.rules.push(once(on("DescribeExportTasks", death("before"), firstLook)));
  emulated.rules.push(once(exportsEnd({ durationMs: 3_600_000 })));
  await new RunFixture(emulated, { foreignTaskWaitMinutes: 5 }).run();
  expectConverged(emulated);
});

it.each(["drop-before", "drop-after"] as const)(
  "looks before it creates a task again when the answer is lost (%s)",
  async (kind) => {
    const emulated = await emulateAccount();
    emulated.rules.push(once(on("CreateExportTask", { kind })));
    await new RunFixture(emulated).run();
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
  await new RunFixture(emulated).run();
  expect(emulated.calls("CreateExportTask").filter(({ input }) => input.logGroupName === "/a")).toHaveLength(3);
  expect(emulated.coverage().find(({ logGroup }) => logGroup === "/a")).toMatchObject({ outcome: "failed" });
  expect(emulated.receipts()).toMatchObject([{ logGroup: "/b" }]);
});

const emulateGroup = async (change: Partial<LogGroup> = {}) => {
  const emulated = await emulate({ world: world([logGroup("/a", change)]) });
  emulated.rules.push(exportsEnd({ durationMs: 400 }));
  return emulated;
};

const quarters = [1, 2, 3, 4];

/** A quarter of the calls of a run that nothing disturbs: all of them take too long for one test. */
async function undisturbedCalls(quarter: number): Promise<readonly Call[]> {
  const emulated = await emulateGroup();
  await new RunFixture(emulated).run();
  await closeAll();
  return emulated.cloud.calls.filter(({ number }) => number % quarters.length === quarter - 1);
}

function expectOneReceipt(emulated: Emulated, disturbed: Call, tasks = 1): void {
  const standing = emulated.coverage().findLast(({ logGroup }) => logGroup === "/a")?.outcome;
  const found = { receipts: emulated.receipts().length, tasks: emulated.exportTasks().length, standing };
  const where = `${disturbed.operation}, call ${disturbed.number}`;
  expect({ where, ...found }).toEqual({ where, receipts: 1, tasks, standing: "exported" });
}

it.each(quarters)("completes a run in which the answer to any one write is lost (%d of 4)", async (quarter) => {
  const writes = (await undisturbedCalls(quarter)).filter(({ operation }) => /^(Put|Create|Assume)/.test(operation));
  expect(writes.length).toBeGreaterThan(1);
  for (const write of writes) {
    const emulated = await emulateGroup();
    emulated.rules.unshift((call) => (call.number === write.number ? { kind: "drop-after" } : undefined));
    const { report } = await new RunFixture(emulated, { attempts: 1 }).run();
    expect(report.status).toBe("complete");
    expectOneReceipt(emulated, write);
    await closeAll();
  }
});

it.each(quarters)(
  "converges in the next run after a process died for good at any one call (%d of 4)",
  async (quarter) => {
    for (const last of await undisturbedCalls(quarter)) {
      const emulated = await emulateGroup();
      emulated.rules.unshift((call) => (call.number === last.number ? death("after") : undefined));
      await new RunFixture(emulated, { attempts: 1 }).run().catch(() => {});
      await new RunFixture(emulated, { runId: "run-2" }).run();
      const killed = emulated.cloud.calls.find(({ number }) => number === last.number);
      expectOneReceipt(emulated, last, killed?.operation === "CreateExportTask" ? 2 : 1);
      await closeAll();
    }
  },
);

it.each(quarters)(
  "keeps what was exported before a process died at any one call, though retention has deleted it since (%d of 4)",
  async (quarter) => {
    for (const last of await undisturbedCalls(quarter)) {
      const evening = Date.UTC(2026, 10, 19, 20);
      const emulated = await emulateGroup({ retentionInDays: 1, streams: [stream("main", evening)] });
      emulated.rules.unshift((call) => (call.number === last.number ? death("after") : undefined));
      await new RunFixture(emulated, { attempts: 1 }).run().catch(() => {});
      const [task] = emulated.exportTasks();
      const isNamed =
        emulated.cloud.calls.find(({ number }) => number === last.number)?.operation !== "CreateExportTask";
      await emulated.clock.sleep(day);
      await new RunFixture(emulated, { runId: "run-2", lookbackDays: 2 }).run();
      const standing = emulated.coverage().findLast((line) => line.logGroup === "/a" && line.day === yesterday);
      expect({
        last: last.number,
        outcome: standing?.outcome,
        reason: standing?.reason,
        taskIds: standing?.taskIds,
      }).toEqual({
        last: last.number,
        ...(task
          ? { outcome: "exported", reason: isNamed ? "partly-expired" : "adopted", taskIds: [task.id] }
          : { outcome: "skipped", reason: expect.stringMatching(/^expired: .* found nothing$/), taskIds: undefined }),
      });
      await closeAll();
    }
  },
);

it("keeps what a process exported that died for good, though the log group has been deleted since", async () => {
  const emulated = await emulateGroup();
  emulated.rules.unshift(on("PutObject", death("before"), putBelow("receipts/")));
  await new RunFixture(emulated, { attempts: 1 }).run();
  emulated.rules.shift();
  emulated.cloud.logs.groups.delete(account, region, "/a");
  const { report } = await new RunFixture(emulated, { runId: "run-2" }).run();
  expect(report).toMatchObject({ status: "complete", exported: 1 });
  expect(emulated.receipts()).toMatchObject([{ logGroup: "/a", tasks: [{ taskId: emulated.exportTasks()[0]?.id }] }]);
});

it("tries again when the task fails that a step has left behind, as when its own fails", async () => {
  const emulated = await emulateGroup();
  emulated.rules.unshift(once(exportsEnd({ status: "FAILED", durationMs: 10_000 })));
  emulated.rules.unshift(once(on("DescribeExportTasks", death("before"), firstLook)));
  const { report } = await new RunFixture(emulated).run();
  expect(report).toMatchObject({ status: "complete", exported: 1 });
  expect(emulated.exportTasks().map(({ status }) => status)).toEqual(["FAILED", "COMPLETED"]);
});
