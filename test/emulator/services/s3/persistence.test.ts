import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import {
  bucket,
  closeAll,
  day,
  type Emulated,
  emulate,
  event,
  logGroup,
  member,
  region,
  world,
} from "../../support/organisation";
import { createExportTask, errorName, objectsOf } from "../logs/exports";

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "emulator-"));
});
afterEach(async () => {
  await closeAll();
  rmSync(directory, { recursive: true });
});

function read(...path: string[]): string {
  return readFileSync(join(directory, ...path), "utf8");
}

function put({ s3 }: Emulated, Key: string, Body = Key) {
  return s3().send(new PutObjectCommand({ Bucket: bucket, Key, Body }));
}

function bodies({ cloud }: Emulated): Record<string, string> {
  return Object.fromEntries([...cloud.s3.objects(bucket)].map(({ key, body }) => [key, body.toString()]));
}

it("writes an object to a file of its key's name", async () => {
  const emulated = await emulate({ directory });
  await put(emulated, "receipts/day=2026-11-19/a.json", "{}");
  expect(read("s3", bucket, "receipts", "day=2026-11-19", "a.json")).toBe("{}");
  expect(readdirSync(join(directory, "s3"))).toEqual([bucket]);
});

const hostile = [
  "a/../b",
  "a/./b",
  "/a",
  "a//b",
  "a/",
  "a",
  "nul\u0000/x",
  `${"é".repeat(200)}/x`,
  "Case/x",
  "case/x",
  "../../up",
];

it("escapes what a file system cannot hold, and says where it is", async () => {
  const emulated = await emulate({ directory });
  for (const key of hostile) await put(emulated, key);
  const keys: Record<string, string> = JSON.parse(read("s3", `${bucket}.keys.json`));
  const paths = new Map(Object.entries(keys).map(([path, key]) => [key, path]));
  for (const key of hostile) expect(read("s3", bucket, paths.get(key) ?? key)).toBe(key);
  expect(hostile.filter((key) => !paths.has(key))).toEqual(["Case/x"]);
  expect(readdirSync(directory).sort()).toEqual(["s3", "source"]);
});

it("finds every object again, whatever its key", async () => {
  const first = await emulate({ directory });
  for (const key of hostile) await put(first, key);
  const expected = Object.fromEntries(hostile.map((key) => [key, key]));
  expect(bodies(first)).toEqual(expected);
  const second = await emulate({ directory });
  expect(bodies(second)).toEqual(expected);
  for (const key of [...hostile, "a/b"]) await put(second, key, `${key} again`);
  const third = await emulate({ directory });
  expect(bodies(third)).toEqual(Object.fromEntries([...hostile, "a/b"].map((key) => [key, `${key} again`])));
});

it("does not write over the files of an earlier run", async () => {
  await put(await emulate({ directory }), "x");
  const second = await emulate({ directory });
  for (const key of ["x/y", "X"]) await put(second, key);
  expect(bodies(await emulate({ directory }))).toEqual({ X: "X", x: "x", "x/y": "x/y" });
});

it("writes every event that was put in", async () => {
  const streams = [{ name: "main", events: [event(day.from, "two\nlines", day.from + 7)] }];
  await emulate({ directory, world: world([logGroup("/app/web", { streams })]) });
  expect(read("source", member, `${region}.jsonl`)).toBe(
    `${JSON.stringify({ logGroup: "/app/web", logStream: "main", timestamp: day.from, ingestionTime: day.from + 7, message: "two\nlines" })}\n`,
  );
});

it("keeps the list of export tasks up to date", async () => {
  const { logs, clock, cloud } = await emulate({ directory });
  const { taskId } = await logs().send(createExportTask({ taskName: "mine" }));
  const created = clock.now();
  const task = { account: member, region, id: taskId, name: "mine", group: "/app/web", ...day, created };
  const lines = (): object[] => {
    cloud.flush();
    return read("export-tasks.jsonl")
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line));
  };
  expect(lines()).toEqual([expect.objectContaining({ ...task, status: "PENDING", started: null, finished: null })]);
  clock.advance(60_000);
  cloud.catchUp();
  expect(lines()).toEqual([
    expect.objectContaining({
      ...task,
      status: "COMPLETED",
      started: expect.any(Number),
      finished: expect.any(Number),
    }),
  ]);
});

it("goes on with a task that was active when the emulator ended", async () => {
  const first = await emulate({ directory });
  const { taskId } = await first.logs().send(createExportTask());
  first.cloud.flush();
  const second = await emulate({ directory });
  expect(await errorName(second.logs().send(createExportTask()))).toBe("LimitExceededException");
  second.clock.advance(60_000);
  second.cloud.catchUp();
  expect(second.cloud.logs.exportTasks()).toMatchObject([{ id: taskId, status: "COMPLETED" }]);
  expect(Object.keys(objectsOf(second, taskId))).toEqual(["main/000000.gz"]);
});

it("does not use a task id twice", async () => {
  const first = await emulate({ directory });
  const { taskId } = await first.logs().send(createExportTask());
  first.clock.advance(60_000);
  first.cloud.catchUp();
  first.cloud.flush();
  const second = await emulate({ directory });
  expect((await second.logs().send(createExportTask())).taskId).not.toBe(taskId);
});
