import { closeAll, emulate } from "../support/emulated";
import { exportsEnd } from "../support/faults";
import { logGroup, stream, world } from "../support/organisation";
import { RunFixture } from "../support/run";

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
        return new RunFixture(emulated, { runId }).run();
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
