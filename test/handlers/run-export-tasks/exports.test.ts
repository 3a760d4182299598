import { closeAll, type Emulated, emulate } from "../support/emulated";
import { account, day, hour, region } from "../support/examples";
import { exportsEnd } from "../support/faults";
import { bucket, logGroup, noonYesterday, start, stream, world, yesterday } from "../support/organisation";
import { runOnce } from "../support/run";

afterEach(closeAll);

const of = (emulated: Emulated, name: string) => emulated.coverage().findLast(({ logGroup }) => logGroup === name);

it("exports every log group of an account, one task at a time, with hardly a pause", async () => {
  const names = ["/a", "/b", "/c", "/d"];
  const emulated = await emulate({ world: world(names.map((name) => logGroup(name))) });
  const { report } = await runOnce(emulated);
  expect(report).toMatchObject({ status: "complete", exported: 4 });
  expect(emulated.exportTasks().map(({ group }) => group)).toEqual(names);
  const tasks = emulated.exportTasks();
  for (const [index, { created, finished }] of tasks.entries()) {
    const next = tasks[index + 1]?.created ?? finished ?? 0;
    expect(next).toBeGreaterThanOrEqual(finished ?? 0);
    expect(next - (finished ?? 0)).toBeLessThanOrEqual(Math.max(1000, 0.07 * ((finished ?? 0) - created)));
  }
});

it("commits each export with one receipt that states what the task wrote", async () => {
  const emulated = await emulate({ world: world([logGroup("/app/web")]) });
  await runOnce(emulated);
  const [task] = emulated.exportTasks();
  const prefix = `${account}/${yesterday}/${task?.id}/`;
  const size = emulated.cloud.s3.object(bucket, `${prefix}main/000000.gz`)?.body.length;
  const window = { from: Date.UTC(2026, 10, 19), to: Date.UTC(2026, 10, 20) };
  expect(emulated.receipts()).toMatchObject([
    {
      account,
      region,
      logGroup: "/app/web",
      day: yesterday,
      ...window,
      objects: 1,
      bytes: size,
      runId: "run-1",
      tasks: [{ taskId: task?.id, taskName: task?.name, prefix, ...window, objects: 1, bytes: size }],
    },
  ]);
  expect(of(emulated, "/app/web")).toMatchObject({ outcome: "exported", taskIds: [task?.id], objects: 1, bytes: size });
});

it("finds no data where CloudWatch Logs wrote nothing but its write test", async () => {
  const emulated = await emulate({
    world: world([logGroup("/quiet", { streams: [stream("main", start - 5 * day)] })]),
  });
  await runOnce(emulated);
  expect(emulated.keys(`${account}/`)).toEqual([`${account}/${yesterday}/aws-logs-write-test`]);
  expect(emulated.receipts()).toMatchObject([{ objects: 0, bytes: 0, tasks: [{ objects: 0 }] }]);
  expect(of(emulated, "/quiet")).toMatchObject({ outcome: "empty", reason: "no-objects" });
});

it("exports a log group of old streams if one of them does not tell when it was written to", async () => {
  const old = Array.from({ length: 10 }, (_, index) => stream(`old/${index}`, start - 200 * day));
  const emulated = await emulate({
    world: world([logGroup("/old", { streams: old }), logGroup("/quiet", { streams: [...old, stream("silent")] })]),
  });
  await runOnce(emulated);
  expect(of(emulated, "/old")).toMatchObject({ outcome: "empty", reason: "no-recent-events" });
  expect(of(emulated, "/quiet")).toMatchObject({ outcome: "empty", reason: "no-objects" });
});

it("takes a log group for empty without an export only if its newest event is too old for events to arrive late", async () => {
  const from = Date.UTC(2026, 10, 19);
  const groups = [
    logGroup("/old", { streams: [stream("main", from - 14 * day - 1)] }),
    logGroup("/perhaps", { streams: [stream("main", from - 14 * day)] }),
    logGroup("/never", { streams: [] }),
  ];
  const emulated = await emulate({ world: world(groups) });
  await runOnce(emulated);
  expect(emulated.exportTasks().map(({ group }) => group)).toEqual(["/perhaps"]);
  expect(of(emulated, "/old")).toMatchObject({ outcome: "empty", reason: "no-recent-events" });
  expect(of(emulated, "/never")).toMatchObject({ outcome: "empty", reason: "no-recent-events" });
  expect(of(emulated, "/perhaps")).toMatchObject({ outcome: "empty", reason: "no-objects" });
});

it("says of a day which retention had begun to delete that it is not whole", async () => {
  const streams = [stream("main", noonYesterday, noonYesterday + 6 * hour)];
  const emulated = await emulate({ world: world([logGroup("/short", { retentionInDays: 1, streams })]) });
  await runOnce(emulated);
  expect(of(emulated, "/short")).toMatchObject({ outcome: "exported", reason: "partly-expired", retentionInDays: 1 });
});

it("never asks for an export that CloudWatch Logs must refuse", async () => {
  const groups = [logGroup("/new", { createdAt: start - hour }), logGroup("/pipe", { logGroupClass: "DELIVERY" })];
  const emulated = await emulate({ world: world(groups) });
  await runOnce(emulated);
  expect(of(emulated, "/new")).toMatchObject({ outcome: "skipped", reason: "created-after-day" });
  expect(of(emulated, "/pipe")).toMatchObject({ outcome: "skipped", reason: "delivery-class" });
  expect(emulated.calls("CreateExportTask")).toEqual([]);
});

it("closes what failed in one run and was deleted before the next, which ends green", async () => {
  const emulated = await emulate({ world: world([logGroup("/a"), logGroup("/b")]) });
  emulated.rules.push(exportsEnd({ status: "FAILED" }, "/a"));
  const first = await runOnce(emulated);
  emulated.cloud.logs.groups.delete(account, region, "/a");
  const second = await runOnce(emulated, { runId: "run-2" });
  expect([first.report.status, second.report.status]).toEqual(["incomplete", "complete"]);
  expect(of(emulated, "/a")).toMatchObject({ outcome: "skipped", reason: "log-group-deleted", runId: "run-2" });
});

it.each(["DescribeLogStreams", "CreateExportTask"])(
  "skips a log group that is deleted before %s",
  async (operation) => {
    const emulated = await emulate({ world: world([logGroup("/a"), logGroup("/b")]) });
    emulated.rules.push((call) => {
      if (call.operation === operation) emulated.cloud.logs.groups.delete(account, region, "/a");
      return undefined;
    });
    await runOnce(emulated);
    expect(of(emulated, "/a")).toMatchObject({ outcome: "skipped", reason: "log-group-deleted" });
    expect(of(emulated, "/b")).toMatchObject({ outcome: "exported" });
  },
);

it("plans nothing in a second run, also in a Lambda that is still warm, writes no more coverage, and says so", async () => {
  const groups = [logGroup("/a"), logGroup("/old", { streams: [] }), logGroup("/pipe", { logGroupClass: "DELIVERY" })];
  const emulated = await emulate({ world: world(groups) });
  await runOnce(emulated);
  const before = emulated.keys("coverage/").filter((key) => key.includes(account));
  const second = await runOnce(emulated, { runId: "run-2" });
  expect(second.report).toMatchObject({ status: "complete", exported: 0, empty: 0 });
  expect(second.report.summary).toContain("3 settled by earlier runs");
  expect(second.accounts.map(({ steps }) => steps)).toEqual([[]]);
  expect(emulated.exportTasks()).toHaveLength(1);
  expect(emulated.keys("coverage/").filter((key) => key.includes(account))).toEqual(before);
});

it.each(["event-time", "ingestion-time"] as const)(
  "loses no event at midnight when windows go by %s",
  async (windowReading) => {
    const midnight = Date.UTC(2026, 10, 19);
    const events = [midnight - 1, midnight, midnight + day - 1];
    const emulated = await emulate({
      world: world([logGroup("/a", { streams: [stream("main", ...events)] })]),
      logs: { windowReading },
    });
    await runOnce(emulated, { lookbackDays: 2 });
    const archived = emulated.receipts().flatMap((receipt) => emulated.archivedLines(receipt));
    expect(new Set(archived.map((line) => Date.parse(line.split(" ")[0] ?? "")))).toEqual(new Set(events));
    expect(archived).toHaveLength(windowReading === "event-time" ? 4 : 3);
  },
);

it("looks at every page of an account with more log groups than one page holds", async () => {
  const names = Array.from({ length: 120 }, (_, index) => `/group/${String(index).padStart(3, "0")}`);
  const streams = [stream("main", start - 30 * day)];
  const emulated = await emulate({ world: world(names.map((name) => logGroup(name, { streams }))) });
  const { report } = await runOnce(emulated);
  expect(report.empty).toBe(120);
});
