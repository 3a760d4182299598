import { receiptKey } from "../../../handlers/archive/layout";
import { closeAll, emulate } from "../support/emulated";
import { account, receipt } from "../support/examples";
import { exportsEnd } from "../support/faults";
import { HandlerCalls } from "../support/handler-calls";
import { logGroup, stream, world, yesterday } from "../support/organisation";
import { runOnce } from "../support/run";

afterEach(closeAll);

const names = ["/a", "/b", "/c", "/d"];

it.each([0, 200, 1_500, 10_700, 25_000])(
  "converges when a second run of the account starts %d ms after the first: one receipt an item, and neither fails",
  async (delay) => {
    const groups = names.map((name) => logGroup(name));
    const emulated = await emulate({ world: world([...groups, logGroup("/old", { streams: [stream("main", 0)] })]) });
    emulated.rules.push(exportsEnd({ durationMs: 10_000 }));
    const run = (runId: string, after: number) =>
      emulated.clock.run(async () => {
        await emulated.clock.sleep(after);
        return runOnce(emulated, { runId });
      });
    const runs = await Promise.all([run("run-1", 0), run("run-2", delay)]);
    expect(runs.map(({ report }) => report.status)).toEqual(["complete", "complete"]);
    const receipts = emulated.receipts();
    expect(receipts.map(({ logGroup }) => logGroup).sort()).toEqual(names);
    const named = new Set(receipts.flatMap(({ tasks }) => tasks.map(({ taskId }) => taskId)));
    expect(named.size).toBe(names.length);
    for (const { outcome, taskIds = [] } of emulated
      .coverage()
      .filter(({ logGroup }) => names.includes(logGroup ?? ""))) {
      expect(outcome).toBe("exported");
      for (const taskId of taskIds) expect(named).toContain(taskId);
    }
    // A race may cost an export, never more than one an item.
    expect(emulated.exportTasks().length).toBeLessThanOrEqual(names.length + 1);
  },
);

it("exports nothing that another run has receipted since the plan, though its task is no longer listed", async () => {
  const emulated = await emulate({ world: world([logGroup("/a"), logGroup("/b")]) });
  const fixture = new HandlerCalls(emulated);
  const run = await fixture.listAccounts();
  const { cursor } = await fixture.planExports(run);
  emulated.put(receiptKey(yesterday, account, "/a", 1), JSON.stringify(receipt({ logGroup: "/a", runId: "run-0" })));
  await fixture.step(run, cursor);
  expect(emulated.exportTasks().map(({ group }) => group)).toEqual(["/b"]);
  expect(await fixture.recordCoverage(run)).toMatchObject({ exported: 2, failed: 0 });
});
