import { closeAll, type Emulated, emulate } from "../support/emulated";
import { account, day, hour } from "../support/examples";
import { exportsEnd, on } from "../support/faults";
import { logGroup, noonYesterday, start, stream, world, yesterday } from "../support/organisation";
import { runOnce } from "../support/run";

afterEach(closeAll);

const of = (emulated: Emulated, name: string) =>
  emulated.coverage().findLast((line) => line.logGroup === name && line.day === yesterday);
const tasksOf = (emulated: Emulated, date: string) =>
  emulated.exportTasks().filter(({ destinationPrefix }) => destinationPrefix === `${account}/${date}`);

describe("a day that retention was due to delete", () => {
  /** Runs for the first time some days after the day, of which a group keeps one. */
  async function runLate(daysLate: number, retentionDelayMs: number) {
    const groups = [logGroup("/a", { retentionInDays: 1 })];
    const emulated = await emulate({ world: world(groups), logs: { retentionDelayMs } });
    await emulated.clock.sleep(daysLate * day);
    const again = { request: { days: [yesterday] } };
    const { report } = await runOnce(emulated, again);
    return { emulated, report, again };
  }

  it("is exported for three days more, because retention deletes late, and says that it may not be whole", async () => {
    const { emulated, report } = await runLate(2, 3 * day);
    expect(report).toMatchObject({ status: "complete", exported: 1 });
    expect(of(emulated, "/a")).toMatchObject({ outcome: "exported", reason: "partly-expired", objects: 1 });
  });

  it("has expired if the export finds nothing, for good and without a receipt that calls it empty", async () => {
    const { emulated, report, again } = await runLate(2, 0);
    expect(report).toMatchObject({ status: "complete", exported: 0, failed: 0 });
    const [task] = emulated.exportTasks();
    expect(of(emulated, "/a")).toMatchObject({
      outcome: "skipped",
      reason: `expired: export task ${task?.id} found nothing`,
    });
    expect(emulated.receipts()).toEqual([]);
    await runOnce(emulated, { ...again, runId: "run-2" });
    expect(emulated.exportTasks()).toHaveLength(1);
  });

  it("has expired without an export after that", async () => {
    const { emulated, report } = await runLate(4, 3 * day);
    expect(report).toMatchObject({ status: "complete", exported: 0, failed: 0 });
    expect(of(emulated, "/a")).toMatchObject({ outcome: "skipped", reason: "expired" });
    expect(emulated.exportTasks()).toEqual([]);
  });

  it("is tried again while it can be, though it failed before", async () => {
    const emulated = await emulate({
      world: world([logGroup("/a", { retentionInDays: 1 })]),
      logs: { retentionDelayMs: 3 * day },
    });
    emulated.rules.push(on("CreateExportTask", { kind: "error", name: "ValidationException" }));
    await runOnce(emulated);
    emulated.rules.length = 0;
    await emulated.clock.sleep(2 * day);
    const { report } = await runOnce(emulated, { runId: "run-2", lookbackDays: 3 });
    expect(report.status).toBe("complete");
    expect(of(emulated, "/a")).toMatchObject({ outcome: "exported", reason: "partly-expired" });
  });
});

describe("objects that appear after their task has completed", () => {
  it.each([1_000, 60_000, 100_000])("are counted if they come %d ms later", async (objectsAfterMs) => {
    const emulated = await emulate({ world: world([logGroup("/a"), logGroup("/b")]) });
    emulated.rules.push(exportsEnd({ durationMs: 1_000, objectsAfterMs }));
    const { report } = await runOnce(emulated);
    expect(report).toMatchObject({ status: "complete", exported: 2 });
    expect(emulated.receipts().map(({ objects }) => objects)).toEqual([1, 1]);
    expect(emulated.exportTasks()).toHaveLength(2);
  });

  it("are waited for as long as their number grows", async () => {
    const streams = [stream("first", noonYesterday), stream("second", noonYesterday)];
    const emulated = await emulate({ world: world([logGroup("/a", { streams })]) });
    emulated.rules.push(exportsEnd({ durationMs: 1_000, objectsAfterMs: 60_000 }));
    // Between the second look, at which the first two are there, and the third.
    const growth = emulated.clock.run(async () => {
      await emulated.clock.sleep(150_000);
      emulated.put(`${account}/${yesterday}/${emulated.exportTasks()[0]?.id}/third/000000.gz`, "late");
    });
    await Promise.all([emulated.clock.run(() => runOnce(emulated)), growth]);
    expect(emulated.receipts()).toMatchObject([{ objects: 3 }]);
  });

  it("are not waited for where none are to be expected", async () => {
    const quiet = stream("main", start - 5 * day);
    const emulated = await emulate({ world: world([logGroup("/quiet", { streams: [quiet] })]) });
    await runOnce(emulated);
    expect(emulated.receipts()).toMatchObject([{ objects: 0 }]);
    expect(emulated.clock.now()).toBeLessThan(start + 60_000);
  });

  it("do not keep the next log group from the slot, and an empty export is believed at the second look", async () => {
    const silent = logGroup("/a", { streams: [stream("main", start - hour)] });
    const emulated = await emulate({ world: world([silent, logGroup("/b"), logGroup("/c")]) });
    emulated.rules.push(exportsEnd({ durationMs: 10_000 }));
    const { report } = await runOnce(emulated);
    expect(report).toMatchObject({ status: "complete", exported: 2, empty: 1 });
    const [, second] = tasksOf(emulated, yesterday);
    expect(second?.created).toBeLessThan(start + 12_000);
    const empty = emulated.receipts().find(({ objects }) => objects === 0);
    expect(Date.parse(empty?.at ?? "")).toBeGreaterThanOrEqual(start + 130_000);
  });
});
