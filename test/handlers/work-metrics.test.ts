import { closeAll, emulate } from "./support/emulated";
import { account } from "./support/examples";
import { HandlerCalls } from "./support/handler-calls";
import { logGroup, world } from "./support/organisation";

/** What handlers tell CloudWatch as they work. */

afterEach(closeAll);

const emitted = (calls: HandlerCalls, name: string): Record<string, unknown>[] =>
  calls.printed.map((line) => JSON.parse(line)).filter((line) => name in line);

test("a run tells how long an account and its slot were at work, and that it sealed everything", async () => {
  const emulated = await emulate({ world: world([logGroup("/a")]) });
  const calls = new HandlerCalls(emulated);
  const run = await calls.listAccounts();
  let { cursor, status } = await calls.planExports(run);
  while (status !== "finished") {
    const step = await calls.step(run, cursor);
    await emulated.clock.sleep(step.waitSeconds * 1000);
    ({ cursor, status } = step);
  }
  await calls.recordCoverage(run);
  const [slot] = emitted(calls, "SlotSeconds");
  const [worked] = emitted(calls, "AccountSeconds");
  const [receipt] = emulated.receipts();
  const [task] = receipt?.tasks ?? [];
  const seconds = (Date.parse(task?.completedAt ?? "") - Date.parse(task?.createdAt ?? "")) / 1000;
  expect(slot).toMatchObject({ SlotSeconds: seconds, account, Region: "eu-central-1" });
  expect(Number(worked?.AccountSeconds)).toBeGreaterThanOrEqual(seconds);
  expect(emitted(calls, "SealingLagDays")).toMatchObject([{ SealingLagDays: 0 }]);
});

test("calls that are made again are counted, those that AWS throttled by themselves, and declared as metrics", async () => {
  const emulated = await emulate({ world: world([]) });
  const names = ["ThrottlingException", "ServiceUnavailableException", "ThrottlingException"];
  emulated.rules.push(({ operation }) => {
    const name = operation === "ListAccounts" ? names.shift() : undefined;
    return name === undefined ? undefined : { kind: "error", name, status: name.startsWith("S") ? 503 : 400 };
  });
  const calls = new HandlerCalls(emulated);
  await calls.listAccounts();
  const [line] = emitted(calls, "RetriedCalls");
  expect(line).toMatchObject({
    RetriedCalls: 3,
    ThrottledCalls: 2,
    _aws: { CloudWatchMetrics: [{ Metrics: [{ Name: "RetriedCalls" }, { Name: "ThrottledCalls" }] }] },
  });
});
