import type { Call } from "../../../apps/emulator/services/calls";
import { closeAll, type Emulated, emulate } from "../support/emulated";
import { death, exportsEnd, on, once } from "../support/faults";
import { logGroup, world } from "../support/organisation";
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
  ["before its task is created", once(on("CreateExportTask", death("before")))],
  ["after its task is created", once(on("CreateExportTask", death("after")))],
  ["while its task runs", once(on("DescribeExportTasks", death("before"), firstLook))],
  ["after its task completed, before the receipt", once(on("PutObject", death("before"), putBelow("receipts/")))],
  ["after the receipt", once(on("PutObject", death("after"), putBelow("receipts/")))],
  ["before the outcomes are written", once(on("PutObject", death("before"), putBelow("runs/run-1/outcomes/")))],
  ["after the outcomes are written", once(on("PutObject", death("after"), putBelow("runs/run-1/outcomes/")))],
])("goes on where a step died %s", async (_, rule) => {
  const emulated = await emulateAccount();
  emulated.rules.push(rule);
  const { report } = await new RunFixture(emulated).run();
  expect(report).toMatchObject({ status: "complete", exported: 2, empty: 1 });
  expectConverged(emulated);
});

it("adopts in the next run what a run left that died for good: a completed task, and one that is active", async () => {
  const emulated = await emulateAccount();
  const died = new RunFixture(emulated);
  const run = await died.listAccounts();
  const { cursor } = await died.planExports(run);
  emulated.rules.push(on("PutObject", death("before"), putBelow("receipts/")));
  await expect(died.step(run, cursor)).rejects.toThrow("Death");
  emulated.rules.length = 0;
  emulated.rules.push(once(on("DescribeExportTasks", death("before"), firstLook)));
  await new RunFixture(emulated, { runId: "run-2" }).run();
  expectConverged(emulated);
  const [first, second] = emulated.receipts().map(({ runId }) => runId);
  expect([first, second]).toEqual(["run-2", "run-2"]);
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

it("converges in the next run after a process died for good at any call", async () => {
  const emulateGroup = async () => {
    const emulated = await emulate({ world: world([logGroup("/a")]) });
    emulated.rules.push(exportsEnd({ durationMs: 400 }));
    return emulated;
  };
  const undisturbed = await emulateGroup();
  await new RunFixture(undisturbed).run();
  const last = undisturbed.cloud.calls.length;
  expect(last).toBeGreaterThan(20);
  const notConverged: string[] = [];
  for (let number = 1; number <= last; number += 1) {
    await closeAll();
    const emulated = await emulateGroup();
    emulated.rules.unshift((call) => (call.number === number ? death("after") : undefined));
    const died = await new RunFixture(emulated, { attempts: 1 }).run().catch((error: Error) => error);
    await new RunFixture(emulated, { runId: "run-2" }).run();
    const standing = emulated.coverage().findLast(({ logGroup }) => logGroup === "/a");
    const [receipts, tasks] = [emulated.receipts(), emulated.exportTasks()];
    if (receipts.length !== 1 || tasks.length !== 1 || standing?.outcome !== "exported")
      notConverged.push(`call ${number}: ${JSON.stringify({ died, receipts, tasks, standing })}`);
  }
  expect(notConverged).toEqual([]);
});
