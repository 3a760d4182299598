import { closeAll, emulate } from "../support/emulated";
import { account, day, hour } from "../support/examples";
import { exportsEnd, on, times } from "../support/faults";
import { HandlerCalls } from "../support/handler-calls";
import { logGroup, start, world } from "../support/organisation";
import { runOnce, type Step } from "../support/run";

afterEach(closeAll);

const minute = 60_000;
const throttled = { kind: "error", name: "ThrottlingException" } as const;

async function stepsOf(groups: number, durationMs: number): Promise<Step[]> {
  const names = Array.from({ length: groups }, (_, index) => `/group/${index}`);
  const emulated = await emulate({ world: world(names.map((name) => logGroup(name))) });
  emulated.rules.push(exportsEnd({ durationMs }));
  const { accounts } = await runOnce(emulated);
  return accounts.flatMap(({ steps }) => steps);
}

it("works through many short tasks in few steps, none of which outlasts its Lambda", async () => {
  const steps = await stepsOf(40, 15_000);
  expect(steps.length).toBeLessThanOrEqual(3);
  for (const { began, ended } of steps) expect(ended - began).toBeLessThan(7.5 * minute);
  expect(steps.map(({ done, total }) => [done, total]).at(-1)).toEqual([40, 40]);
});

it.each([
  ["hands back while a task of a minute runs", 8, "waiting"],
  ["stays for one task of a minute after the other once the history is filling up", 4_000, "finished"],
])("%s", async (_, historyEvents, expected) => {
  const emulated = await emulate({ world: world(["/a", "/b", "/c"].map((name) => logGroup(name))) });
  emulated.rules.push(exportsEnd({ durationMs: minute }));
  const fixture = new HandlerCalls(emulated);
  const { accounts: _ids, ...run } = await fixture.listAccounts();
  const { cursor } = await fixture.planExports(run);
  const latestMs = Array<number>(8).fill(minute);
  const { status } = await fixture.step(run, { ...cursor, latestMs }, account, historyEvents);
  expect(status).toBe(expected);
});

it("hands back a cursor that stays small, with what a person wants to know", async () => {
  const emulated = await emulate({ world: world([logGroup("/group/0"), logGroup("/group/1")]) });
  emulated.rules.push(exportsEnd({ durationMs: 20 * minute }));
  const fixture = new HandlerCalls(emulated);
  const run = await fixture.listAccounts();
  const { cursor, ...shown } = await fixture.step(run, (await fixture.planExports(run)).cursor);
  expect(JSON.stringify(cursor).length).toBeLessThan(1024);
  expect(shown).toMatchObject({ logGroup: "/group/0", taskId: expect.any(String), done: 0, total: 2 });
});

it("stays in the Lambda for tasks of minutes, and waits outside for tasks of hours", async () => {
  const short = await stepsOf(2, 5 * minute);
  expect(short.filter(({ status }) => status === "waiting")).toEqual([]);
  const long = await stepsOf(1, 2 * hour);
  const waiting = long.flatMap(({ status, ended }, index) =>
    status === "waiting" ? [((long[index + 1]?.began ?? 0) - ended) / 1000] : [],
  );
  expect(waiting.length).toBeLessThan(60);
  expect(Math.max(...waiting)).toBeLessThanOrEqual(180);
  const inside = long.reduce((total, { began, ended }) => total + ended - began, 0);
  expect(inside).toBeLessThan(32 * minute);
});

it("waits outside, once, for most of what a log group's task took the day before", async () => {
  const emulated = await emulate({ world: world([logGroup("/long")]) });
  emulated.rules.push(exportsEnd({ durationMs: hour }));
  await runOnce(emulated);
  const nextDay = start + day;
  await emulated.clock.sleep(nextDay - emulated.clock.now());
  const { accounts } = await runOnce(emulated, { runId: "run-2" });
  const steps = accounts.flatMap(({ steps }) => steps);
  const inside = steps.reduce((total, { began, ended }) => total + ended - began, 0);
  expect(steps.map(({ status }) => status).slice(0, 2)).toEqual(["waiting", "more"]);
  expect((steps[1]?.began ?? 0) - (steps[0]?.ended ?? 0)).toBeGreaterThan(0.6 * hour);
  expect(inside).toBeLessThan(0.4 * hour);
  const late = (steps.at(-1)?.ended ?? 0) - nextDay - hour;
  expect(late).toBeLessThan(0.005 * hour);
});

it.each([
  [10_000, 0.95],
  [30 * minute, 0.95],
])("keeps the slot busy with tasks of %d ms", async (durationMs, share) => {
  const steps = await stepsOf(2, durationMs);
  const took = (steps.at(-1)?.ended ?? 0) - (steps[0]?.began ?? 0);
  expect((2 * durationMs) / took).toBeGreaterThanOrEqual(share);
});

it("spends a task's time on looking for the next log group to export", async () => {
  const old = Array.from({ length: 40 }, (_, index) => logGroup(`/b/${index}`, { streams: [] }));
  const emulated = await emulate({ world: world([logGroup("/a"), ...old, logGroup("/c")]) });
  emulated.rules.push(exportsEnd({ durationMs: minute }));
  // Each look takes more than half a second.
  for (const { name } of old)
    emulated.rules.push(
      times(
        2,
        on("DescribeLogStreams", throttled, ({ input }) => input.logGroupName === name),
      ),
    );
  await runOnce(emulated);
  const [first, second] = emulated.exportTasks();
  expect((second?.created ?? 0) - (first?.finished ?? 0)).toBeLessThan(5000);
});

it("ends a step in time in an account where nothing has to be exported", async () => {
  const old = Array.from({ length: 40 }, (_, index) => logGroup(`/b/${index}`, { streams: [] }));
  const emulated = await emulate({ world: world(old) });
  // Each look is throttled: a step gets through a few log groups only.
  emulated.rules.push((call) => {
    const isThrottled = call.operation === "DescribeLogStreams" && call.number % 8 !== 0;
    return isThrottled ? throttled : undefined;
  });
  const { accounts, report } = await runOnce(emulated);
  expect(report.empty).toBe(40);
  for (const { began, ended } of accounts[0]?.steps ?? []) expect(ended - began).toBeLessThan(7.5 * minute);
  expect(accounts[0]?.steps.length).toBeGreaterThan(1);
});

it.each([
  ["with room in the history is soon followed by the next", 6_000, 0],
  ["in a history that is filling up lasts as long as the rest of the run needs", 12_000, 1_500],
])("a step %s", async (_, historyEvents, atLeastSeconds) => {
  const emulated = await emulate({ world: world([logGroup("/long")]) });
  emulated.rules.push(exportsEnd({ durationMs: 2 * hour }));
  const fixture = new HandlerCalls(emulated);
  const { accounts: _ids, ...run } = await fixture.listAccounts();
  const { cursor } = await fixture.planExports(run);
  const { status, began, ended, waitSeconds } = await fixture.step(run, cursor, account, historyEvents);
  const lasted = (ended - began) / 1000 + waitSeconds;
  expect(status).toBe(atLeastSeconds > 0 ? "waiting" : "more");
  expect(lasted).toBeGreaterThanOrEqual(atLeastSeconds);
  expect(lasted).toBeLessThan(atLeastSeconds + 450);
});
