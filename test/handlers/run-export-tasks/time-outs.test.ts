import { closeAll, type Emulated, emulate } from "../support/emulated";
import { day, hour } from "../support/examples";
import { exportsEnd, once } from "../support/faults";
import { HandlerCalls } from "../support/handler-calls";
import { logGroup, noonYesterday, world, yesterday } from "../support/organisation";
import { runOnce } from "../support/run";

afterEach(closeAll);

const request = { days: [yesterday] };
/** The run goes on for a week. */
const patient = { schedule: "rate(7 days)", lookbackDays: 7, request };
const again = { runId: "run-2", request };

const tasksOf = (emulated: Emulated, name: string) => emulated.exportTasks().filter(({ group }) => group === name);
const receiptOf = (emulated: Emulated, name: string) => emulated.receipts().find(({ logGroup }) => logGroup === name);

async function emulateTimeOut() {
  const emulated = await emulate({ world: world([logGroup("/b")]) });
  emulated.rules.push(once(exportsEnd({ durationMs: 2 * day })));
  return emulated;
}

it("exports a window that takes longer than a day in halves, with one receipt for all of it", async () => {
  const emulated = await emulateTimeOut();
  await runOnce(emulated, patient);
  const [whole, first, second] = tasksOf(emulated, "/b");
  expect(whole?.status).toBe("FAILED");
  expect(first).toMatchObject({ from: whole?.from, to: noonYesterday });
  expect(second).toMatchObject({ from: noonYesterday, to: whole?.to });
  expect(receiptOf(emulated, "/b")).toMatchObject({
    from: whole?.from,
    to: whole?.to,
    tasks: [{ taskId: first?.id }, { taskId: second?.id }],
  });
  expect(emulated.coverage().at(-1)?.taskIds).toEqual([first?.id, second?.id]);
});

it("does not try the whole window again in the next run", async () => {
  const emulated = await emulateTimeOut();
  const first = new HandlerCalls(emulated);
  const run = await first.listAccounts();
  await first.step(run, (await first.planExports(run)).cursor);
  await first.reportRun(run);
  await emulated.clock.sleep(day);
  await runOnce(emulated, again);
  expect(tasksOf(emulated, "/b").map(({ status }) => status)).toEqual(["FAILED", "COMPLETED", "COMPLETED"]);
  expect(receiptOf(emulated, "/b")?.tasks).toHaveLength(2);
});

it("covers the whole day also when another run finds half of it being exported, on its way to another log group", async () => {
  const emulated = await emulateTimeOut();
  const first = new HandlerCalls(emulated, patient);
  const run = await first.listAccounts();
  const created = await first.step(run, (await first.planExports(run)).cursor);
  await emulated.clock.sleep(day);
  emulated.rules.push(once(exportsEnd({ durationMs: hour })));
  await first.step(run, created.cursor);
  await first.reportRun(run);
  expect(tasksOf(emulated, "/b")).toMatchObject([{ status: "FAILED" }, { status: "RUNNING", to: noonYesterday }]);

  emulated.cloud.logs.groups.put(logGroup("/a"));
  await runOnce(emulated, again);
  expect(receiptOf(emulated, "/a")?.tasks).toHaveLength(1);
  const { from, to, tasks } = receiptOf(emulated, "/b") ?? {};
  expect(tasks?.map((task) => [task.from, task.to])).toEqual([
    [from, noonYesterday],
    [noonYesterday, to],
  ]);
  expect(tasksOf(emulated, "/b")).toHaveLength(3);
});
