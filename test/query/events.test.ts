import { existsSync } from "node:fs";
import { join } from "node:path";
import type { WindowReading } from "../../apps/emulator";
import {
  type ArchivedObject,
  account,
  days,
  makeArchive,
  midnight,
  otherAccount,
  region,
} from "../audit/support/archive";
import { closeAll, emulate } from "../handlers/support/emulated";
import { bucket, logGroup, noonYesterday, world } from "../handlers/support/organisation";
import { runOnce } from "../handlers/support/run";
import { archiveFolder, ask, removeFolders } from "./support/archive-folder";
import { byText, expectedEvents } from "./support/expected";

const columns = "ts, region, account, log_group, log_stream, day, message";

afterEach(closeAll);
afterAll(removeFolders);

async function events(objects: readonly ArchivedObject[], where = "true"): Promise<object[]> {
  const { rows } = await ask(archiveFolder(objects), `SELECT ${columns} FROM events WHERE ${where}`);
  return rows.sort(byText);
}

test.each<WindowReading>(["event-time", "ingestion-time"])(
  "every event that was put in is there once and whole, and no other, when windows are by %s",
  async (reading) => {
    expect(await events(await makeArchive(reading))).toEqual(expectedEvents(reading));
  },
);

test("an event at the end of a window stays with it when the next day has no receipt, or no data here", async () => {
  const objects = await makeArchive("event-time");
  const atMidnight = `ts = '${new Date(midnight).toISOString()}' AND message = 'exactly at midnight'`;
  const [, before, after] = days;
  expect(await events(objects, atMidnight)).toMatchObject([{ day: after }]);
  const unreceipted = objects.filter(({ key }) => !key.startsWith(`receipts/day=${after}`));
  expect(await events(unreceipted, atMidnight)).toMatchObject([{ day: before }]);
  const notCopied = objects.filter(({ key }) => !key.startsWith(`${account}/${after}/`));
  expect(await events(notCopied, atMidnight)).toMatchObject([{ day: before }]);
});

test("windows that a day was split into share their millisecond without doubling its events", async () => {
  const objects = await makeArchive("event-time");
  const [, before, after] = days;
  const receipts = objects.filter(({ key }) => key.startsWith("receipts/") && key.includes(`account=${account}/`));
  const tasksOf = (day: string) =>
    receipts
      .map(({ body }) => JSON.parse(body.toString("utf8")))
      .filter((receipt) => receipt.day === day && receipt.logGroup === "/app/web")
      .flatMap((receipt) => receipt.tasks);
  const both = [...tasksOf(before), ...tasksOf(after)];
  const joined = objects
    .filter(({ key }) => !key.startsWith(`receipts/day=${after}`))
    .map((object) => {
      const receipt = object.key.startsWith("receipts/") ? JSON.parse(object.body.toString("utf8")) : {};
      if (receipt.account !== account || receipt.day !== before || receipt.logGroup !== "/app/web") return object;
      return { ...object, body: Buffer.from(JSON.stringify({ ...receipt, tasks: both })) };
    });
  const { rows } = await ask(
    archiveFolder(joined),
    "SELECT count(*) AS count FROM events WHERE message = 'exactly at midnight'",
  );
  expect(rows).toEqual([{ count: 1 }]);
});

test("of an item's receipts only the highest counts", async () => {
  const sql = `SELECT DISTINCT run_id FROM receipts WHERE account = '${otherAccount}' AND log_group = '/app/web' AND day = '${days[1]}' AND region = '${region}'`;
  const { rows } = await ask(archiveFolder(await makeArchive("event-time")), sql);
  expect(rows).toEqual([{ run_id: "run-10" }]);
});

test("a receipt that leads out of the archive reads nothing", async () => {
  const objects = await makeArchive("event-time");
  const astray = objects.map((object) =>
    object.key.startsWith("receipts/")
      ? { ...object, body: Buffer.from(object.body.toString("utf8").replaceAll('"prefix":"', '"prefix":"../')) }
      : object,
  );
  expect(await events(astray)).toEqual([]);
});

test("an event at exactly midnight counts once where a file system gives the log streams' files other names", async () => {
  const at = [midnight - 3_600_000, midnight, midnight + 3_600_000];
  const streams = ["case/App.log", "case/app.log"].map((name) => ({
    name,
    events: at.map((timestamp) => ({ timestamp, ingestionTime: timestamp, message: `${name} at ${timestamp}` })),
  }));
  const emulated = await emulate({ world: world([logGroup("/case", { streams })]) });
  await runOnce(emulated, { lookbackDays: days.length });
  const objects = emulated.keys().map((key) => ({ bucket, key, body: bodyOf(key) }));
  const folder = archiveFolder(objects);
  expect(existsSync(join(folder, `${bucket}.keys.json`))).toBe(true);
  const { rows } = await ask(folder, "SELECT message, log_stream FROM events");
  expect(rows.sort(byText)).toEqual(
    streams
      .flatMap(({ name, events }) => events.map(({ message }) => ({ message, log_stream: name.replaceAll("/", "-") })))
      .sort(byText),
  );

  function bodyOf(key: string): Buffer {
    return emulated.cloud.s3.object(bucket, key)?.body ?? Buffer.alloc(0);
  }
});

test("an event is there whole whatever it holds: a megabyte, NUL, escapes, quotes, carriage returns", async () => {
  const messages = ["a\rb", '"x', "\u0000 \u001b[2J", "\r\n\r", "\t\\", "x".repeat(1_048_000), "last"];
  const streams = [{ name: "main", events: messages.map((message, index) => event(noonYesterday + index, message)) }];
  const emulated = await emulate({ world: world([logGroup("/odd", { streams })]) });
  await runOnce(emulated);
  const objects = [...emulated.cloud.s3.objects(bucket)].map(({ key, body }) => ({ bucket, key, body }));
  const { rows } = await ask(archiveFolder(objects), "SELECT message FROM events ORDER BY ts");
  expect(rows.map(({ message }) => message)).toEqual(messages);

  function event(timestamp: number, message: string) {
    return { timestamp, ingestionTime: timestamp, message };
  }
});
