import { bucket, closeAll, day, emulate, event, logGroup, start, world } from "../../support/organisation";
import { createExportTask, destinationPrefix, exported, objectsOf, status } from "./exports";

afterEach(closeAll);

function groupOf(streams: Record<string, ReturnType<typeof event>[]>, change = {}) {
  return world([
    logGroup("/app/web", { streams: Object.entries(streams).map(([name, events]) => ({ name, events })), ...change }),
  ]);
}

it("writes a line for each event: time, one space, the message as it is", async () => {
  const emulated = await emulate({ world: groupOf({ main: [event(day.from + 5, "two\n  lines")] }) });
  expect(await exported(emulated)).toEqual({ "main/000000.gz": "2026-11-19T00:00:00.005Z two\n  lines\n" });
});

it("replaces the slashes of stream names", async () => {
  const emulated = await emulate({ world: groupOf({ "2026/11/19/[$LATEST]ab": [event(day.from, "x")] }) });
  expect(Object.keys(await exported(emulated))).toEqual(["2026-11-19-[$LATEST]ab/000000.gz"]);
});

it("goes on counting when two streams share a folder", async () => {
  const emulated = await emulate({
    world: groupOf({ "a/b": [event(day.from, "slash")], "a-b": [event(day.from, "dash")] }),
  });
  const objects = await exported(emulated);
  const time = "2026-11-19T00:00:00.000Z";
  expect(objects).toEqual({ "a-b/000000.gz": `${time} slash\n`, "a-b/000001.gz": `${time} dash\n` });
});

it("splits a stream into chunks", async () => {
  const events = ["a", "b", "c"].map((name, index) => event(day.from + index, name.repeat(60)));
  const emulated = await emulate({ world: groupOf({ main: events }), logs: { exportChunkBytes: 130 } });
  expect(Object.keys(await exported(emulated))).toEqual(["main/000000.gz", "main/000001.gz"]);
});

it("does not sort the events of a chunk by time", async () => {
  const events = [1, 2, 3, 4].map((second) => event(day.from + second * 1000, String(second)));
  const emulated = await emulate({ world: groupOf({ main: events }) });
  const text = (await exported(emulated))["main/000000.gz"] ?? "";
  const messages = text
    .trim()
    .split("\n")
    .map((line) => line.slice(25));
  expect(messages).toEqual(["3", "1", "4", "2"]);
});

it("exports the streams with a prefix only", async () => {
  const emulated = await emulate({ world: groupOf({ web: [event(day.from, "x")], api: [event(day.from, "y")] }) });
  expect(Object.keys(await exported(emulated, { logStreamNamePrefix: "we" }))).toEqual(["web/000000.gz"]);
});

describe("from and to", () => {
  const hour = 3_600_000;
  const events = [
    event(day.from - 1, "early", day.from),
    event(day.from, "at from", day.from - 1),
    event(day.to, "at to", day.to),
    event(day.to + 1, "late", day.to - 1),
    event(day.from + hour, "ingested later", day.to + hour),
  ];

  async function messages(windowReading: "event-time" | "ingestion-time"): Promise<string[]> {
    const emulated = await emulate({ world: groupOf({ main: events }), logs: { windowReading } });
    const text = Object.values(await exported(emulated)).join("");
    return text
      .trim()
      .split("\n")
      .map((line) => line.slice(25))
      .sort();
  }

  it("are the events' own times, both included, in the API reference's reading", async () => {
    expect(await messages("event-time")).toEqual(["at from", "at to", "ingested later"]);
  });

  it("are times of ingestion, `to` excluded, in the user guide's reading", async () => {
    expect(await messages("ingestion-time")).toEqual(["early", "late"]);
  });
});

it("leaves out what the group's retention has deleted by the time the task runs", async () => {
  const oneDay = 86_400_000;
  const events = [event(start - oneDay - 1, "expired"), event(start - oneDay + 60_000, "kept")];
  const emulated = await emulate({ world: groupOf({ main: events }, { retentionInDays: 1 }) });
  expect(Object.values(await exported(emulated)).join("")).toMatch(/^\S+ kept\n$/);
});

it("still exports what retention is late to delete", async () => {
  const oneDay = 86_400_000;
  const events = [event(start - 4 * oneDay - 1, "gone"), event(start - 4 * oneDay + 60_000, "late")];
  const world = groupOf({ main: events }, { retentionInDays: 1 });
  const emulated = await emulate({ world, logs: { retentionDelayMs: 3 * oneDay } });
  expect(Object.values(await exported(emulated, { from: start - 5 * oneDay })).join("")).toMatch(/^\S+ late\n$/);
});

it("brings a task's objects as long after its end as a fault says", async () => {
  const emulated = await emulate({
    faults: () => ({ kind: "export-task", durationMs: 1_000, objectsAfterMs: 60_000 }),
  });
  const { taskId } = await emulated.logs().send(createExportTask());
  const found = [1_000, 59_999, 1].map((step) => {
    emulated.clock.advance(step);
    emulated.cloud.catchUp();
    return Object.keys(objectsOf(emulated, taskId)).length;
  });
  expect(found).toEqual([0, 0, 1]);
  expect(await status(emulated.logs(), taskId)).toBe("COMPLETED");
});

it("leaves out what has not been ingested when the task runs", async () => {
  const emulated = await emulate({ world: groupOf({ main: [event(day.from, "much later", start + 86_400_000)] }) });
  expect(await exported(emulated)).toEqual({});
});

it("fails a task whose keys would be longer than S3 allows", async () => {
  const emulated = await emulate({
    world: groupOf({ ["ä".repeat(500)]: [event(day.from, "x")], ok: [event(day.from, "y")] }),
  });
  expect(await exported(emulated)).toEqual({});
  expect(emulated.cloud.logs.exportTasks()[0]).toMatchObject({
    status: "FAILED",
    message: expect.stringContaining("1024 bytes"),
  });
  expect([...emulated.cloud.s3.objects(bucket)].map(({ key }) => key)).toEqual([
    `${destinationPrefix}/aws-logs-write-test`,
  ]);
});
