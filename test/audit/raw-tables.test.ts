import { gunzipSync } from "node:zlib";
import { receiptKey } from "../../handlers/archive/layout";
import { Receipt } from "../../handlers/archive/records";
import { exportedLine, exportedPath, receiptNumber } from "../../handlers/archive/sql/expressions";
import { closeAll } from "../handlers/support/emulated";
import { type ArchivedObject, bucket, days, makeArchive, orphan, sourceEvents } from "./support/archive";
import { partitionOf, tables } from "./support/athena";

afterAll(closeAll);

let objects: ArchivedObject[];
let receipts: Receipt[];
beforeAll(async () => {
  objects = await makeArchive("event-time");
  receipts = objects
    .filter(({ key }) => key.startsWith("receipts/"))
    .map(({ body }) => Receipt.parse(JSON.parse(body.toString("utf8"))));
});

const exported = () => objects.filter(({ key }) => key.endsWith(".gz"));
const path = ({ bucket, key }: ArchivedObject) => `s3://${bucket}/${key}`;

test("every object lies in the partition of its Region, account and day, and in no table that it is not for", () => {
  for (const object of objects) {
    const { bucket, key } = object;
    const region = bucket.slice("org-log-archive-200000000000-".length);
    const [, account, day] = /^(\d{12})\/([\d-]{10})\//.exec(key) ?? [];
    const [, ofDay, ofAccount] = /^(?:receipts|coverage)\/day=([\d-]{10})\/account=(\d{12})\//.exec(key) ?? [];
    const expected: Record<string, object> = account
      ? { raw_lines: { region, account, day } }
      : key.startsWith("receipts/")
        ? { raw_receipts: { region, day: ofDay }, raw_account_receipts: { region, account: ofAccount, day: ofDay } }
        : key.startsWith("coverage/")
          ? { raw_coverage: { region, day: ofDay } }
          : {};
    const found = tables.flatMap((table) => {
      const partition = partitionOf(table, object);
      // A query names account and day: nothing else than an account can be asked for.
      const isAsked = /^\d{12}$/.test(partition?.account ?? "000000000000");
      return partition && isAsked ? [[table.tableName, { ...partition }]] : [];
    });
    expect({ key, found: Object.fromEntries(found) }).toEqual({ key, found: expected });
  }
});

test("a location names every partition column, and ends its folder", () => {
  for (const { projection } of tables) {
    const template = projection.parameters["storage.location.template"] ?? "";
    for (const column of projection.partitionKeys) expect(template).toContain(`\${${column}}`);
    expect(template).toMatch(/^s3:\/\/[^/]+\/.*[^/]\/$/);
    expect(projection.parameters).toMatchObject(
      Object.fromEntries(projection.partitionKeys.map((key) => [`projection.${key}.type`, expect.any(String)])),
    );
  }
});

test("no column is also a partition", () => {
  for (const { columns, projection } of tables)
    expect(columns.filter((column) => projection.partitionKeys.includes(column))).toEqual([]);
});

test("a path gives the task that the receipts name, and the stream that the event was in", () => {
  const tasks = new Map(receipts.flatMap(({ logGroup, tasks }) => tasks.map((task) => [task.taskId, logGroup])));
  const streams = new Set(
    sourceEvents.map(({ logGroup, logStream }) => `${logGroup} ${logStream.replaceAll("/", "-")}`),
  );
  for (const object of exported()) {
    const [, taskId = "", stream] = new RegExp(exportedPath).exec(path(object)) ?? [];
    if (taskId === orphan) continue;
    expect(object.key).toContain(`/${taskId}/${stream}/`);
    expect(streams).toContain(`${tasks.get(taskId)} ${stream}`);
  }
});

test("a write test, and what lies less or more deeply than exports do, is of no task", () => {
  const others = objects.filter(({ key }) => !key.endsWith(".gz")).map(path);
  expect(others.some((other) => other.endsWith("/aws-logs-write-test"))).toBe(true);
  for (const other of [...others, `s3://${bucket}/300000000000/${days[0]}/task/stream/deeper/000000.gz`])
    expect(other).not.toMatch(new RegExp(exportedPath));
});

test("the number in a receipt's key is the number with which it was written", () => {
  for (const n of [1, 9, 10, 123])
    expect(new RegExp(receiptNumber).exec(receiptKey(days[0], "300000000000", "/a.1.json", n))?.[1]).toBe(String(n));
});

test("every line matches, and gives back the times and messages that were put in", () => {
  const put = new Map<string, Set<string>>();
  for (const { timestamp, message } of sourceEvents) {
    const time = new Date(timestamp).toISOString();
    put.set(time, (put.get(time) ?? new Set()).add(message.split("\n")[0] ?? ""));
  }
  const further = new Set(sourceEvents.flatMap(({ message }) => message.split("\n").slice(1)));
  for (const { body } of exported())
    for (const line of gunzipSync(body).toString("utf8").replace(/\n$/, "").split("\n")) {
      const [whole, time, message] = new RegExp(exportedLine).exec(line) ?? [];
      expect(whole).toBe(line);
      if (time && put.has(time)) expect(put.get(time)).toContain(message);
      else expect(further).toContain(line);
    }
});
