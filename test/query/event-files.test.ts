import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Filter } from "../../apps/cli/query/filter";
import { questionOf, rawQuestionOf } from "../../apps/cli/query/filter";
import { parseIpNetwork } from "../../apps/cli/query/ip-network";
import { parseMoment } from "../../apps/cli/query/moment";
import { namedQueries } from "../../apps/cli/query/named-queries";
import type { Question } from "../../apps/query/archive-database";
import { findEventFiles } from "../../apps/query/events-in-files";
import { formatViews } from "../../apps/query/format-views";
import { nothingRead } from "../../apps/query/reading";
import { oneOf } from "../../apps/query/selection";
import { FolderStore } from "../../handlers/archive/folder-store";
import { eventsPrefix, receiptsPrefix } from "../../handlers/archive/layout";
import { type ArchivedObject, account, bucket, days, makeArchive, midnight } from "../audit/support/archive";
import { closeAll } from "../handlers/support/emulated";
import { standingRows } from "../handlers/support/event-rows";
import { archiveFolder, ask, removeFolders } from "./support/archive-folder";
import { byText, expectedEvents } from "./support/expected";

let objects: readonly ArchivedObject[];
let folder: string;
beforeAll(async () => {
  objects = await makeArchive("event-time", true);
  folder = archiveFolder(objects);
});
afterAll(async () => {
  removeFolders();
  await closeAll();
});

const columns = "ts, region, account, log_group, log_stream, day, message";
const moment = (text: string) => parseMoment(text);
const filter = (change: Partial<Filter>): Filter => ({ account: [], region: [], lateDays: 1, ...change });

const filters: readonly (readonly [string, Partial<Filter>])[] = [
  ["an account", { account: [account] }],
  ["a Region", { region: ["us-east-1"] }],
  ["a log group", { logGroup: "/aws/lambda/a.b-c_d#e" }],
  ["days", { from: moment(days[1]), to: moment(days[2]) }],
  ["times", { from: moment("2026-11-18T23:59"), to: moment("2026-11-19T00:01") }],
  ["a text", { grep: "ERROR" }],
  ["a word", { word: "error" }],
  ["an address", { ip: parseIpNetwork("10.0.0.0/8") }],
  ["the first in time", { account: [account], limit: 4 }],
  ["the newest", { account: [account], last: 3 }],
  ["everything together", { account: [account], logGroup: "/app/web", from: moment(days[2]), grep: "the", last: 2 }],
];

const named: Filter = filter({
  account: [account],
  logGroup: "/app/web",
  grep: "the",
  from: moment(days[2]),
  to: moment(days[2]),
});

const questions: readonly (readonly [string, Question])[] = [
  ...["events", "ordered_events", "receipts", "coverage", "coverage_latest", "gaps", "raw_lines"].map(
    (view): [string, Question] => [
      `the view ${view}`,
      { sql: `SELECT * ${view === "ordered_events" ? "EXCLUDE place" : ""} FROM ${view} ORDER BY ALL` },
    ],
  ),
  ...formatViews.map(({ name }): [string, Question] => [
    `the view ${name}`,
    { sql: `SELECT * FROM ${name} ORDER BY ALL` },
  ]),
  ...filters.map(([name, change]): [string, Question] => [`a filter by ${name}`, questionOf(filter(change))]),
  ["raw text", rawQuestionOf(filter({ account: [account], logGroup: "/app/web" }))],
  ...namedQueries.map(({ id, sql }): [string, Question] => [
    `the named query ${id}`,
    {
      sql: sql(id === "hour" ? { ...named, from: moment("2026-11-19T00:00"), to: moment("2026-11-19T01:00") } : named),
    },
  ]),
];

test.each(questions)("%s has the same rows from event files as from the evidence", async (_, question) => {
  const fromEvidence = await ask(folder, question, "evidence");
  expect(fromEvidence.rows).not.toEqual([]);
  const fromFiles = await ask(folder, question);
  expect(fromFiles.rows).toEqual(fromEvidence.rows);
  expect([fromFiles.unreadable, fromEvidence.unreadable]).toEqual([[], []]);
});

test("every event that was put in is there once and whole, also by a second reader of Parquet", async () => {
  const { rows } = await ask(folder, `SELECT ${columns} FROM events`);
  expect(rows.sort(byText)).toEqual(expectedEvents("event-time"));
  const read = (await standingRows(new FolderStore(folder, bucket))).map((row) => ({
    ...{ ts: row.ts?.toISOString(), region: row.region, account: row.account, log_group: row.log_group },
    ...{ log_stream: row.log_stream, day: row.day, message: row.message },
  }));
  // Sealed is what the handlers archived: not the other Region, nor the later receipts of one item.
  expect(read.sort(byText)).toEqual(expectedEvents("event-time").filter(({ region }) => region === "eu-central-1"));
});

test("an event that only the day before holds is there once, where event files have it and where they do not", async () => {
  const sealed = await makeArchive("ingestion-time", true);
  const isOfDay = (key: string, day: string) => key.startsWith(`seals/day=${day}/`);
  for (const changed of [sealed, ...days.map((day) => sealed.filter(({ key }) => !isOfDay(key, day)))])
    expect((await ask(archiveFolder(changed), `SELECT ${columns} FROM events`)).rows.sort(byText)).toEqual(
      expectedEvents("ingestion-time"),
    );
});

/** The archive without some of its objects. */
const without = (isGone: (key: string) => boolean) => archiveFolder(objects.filter(({ key }) => !isGone(key)));

const all = `SELECT ${columns} FROM events`;

test("what event files hold is read from them alone: the exported objects are not asked for", async () => {
  const filesAlone = without((key) => /^\d{12}\//.test(key) && key.startsWith(`${account}/`));
  const { rows, unreadable } = await ask(filesAlone, `${all} WHERE account = '${account}' AND day <> '${days[2]}'`);
  const expected = expectedEvents("event-time").filter((row) => row.account === account && row.day !== days[2]);
  expect(rows.sort(byText)).toEqual(expected);
  expect(unreadable).toEqual([]);
});

test("the evidence is not asked at all about days of which event files hold everything", () => {
  const areAll = (root: string) =>
    days.map((day) => findEventFiles([new FolderStore(root, bucket)], [[oneOf("day", [day])]], nothingRead()).areAll);
  // Of the second day there is a receipt that came after the seals.
  expect(areAll(folder)).toEqual([true, false, true]);
  const unsealed = without((key) => key.startsWith(`seals/day=${days[2]}/account=${account}/`));
  expect(areAll(unsealed)).toEqual([true, false, false]);
});

test("where an event file is gone, cut short, or of no seal, the evidence is read, with the same rows", async () => {
  const isFile = (key: string) => key.startsWith(eventsPrefix(days[1], account));
  const isSeal = (key: string) => key.startsWith("seals/");
  const cut = archiveFolder(objects.map((one) => (isFile(one.key) ? { ...one, body: one.body.subarray(0, 40) } : one)));
  for (const damaged of [without(isFile), without(isSeal), cut])
    expect((await ask(damaged, all)).rows.sort(byText)).toEqual(expectedEvents("event-time"));
});

test("an event file of another content is named, and the evidence answers", async () => {
  const isFile = (key: string) => key.startsWith(eventsPrefix(days[1], account));
  const changed = archiveFolder(objects.map((one) => (isFile(one.key) ? { ...one, body: changedIn(one.body) } : one)));
  await expect(ask(changed, all)).rejects.toThrow(/event file cannot be read .*--evidence/s);
  expect((await ask(changed, all, "evidence")).rows.sort(byText)).toEqual(expectedEvents("event-time"));
});

/** Of the same size, and no Parquet any more. */
function changedIn(body: Buffer): Buffer {
  return Buffer.concat([body.subarray(0, -4), Buffer.from("XXXX")]);
}

test("a file that no seal names is read by no question", async () => {
  const [file] = objects.filter(({ key }) => key.startsWith(eventsPrefix(days[1], account)));
  if (!file) throw new Error("There is no event file");
  const added = [...objects, { ...file, key: file.key.replace(/events-[0-9a-f]{64}/, `events-${"0".repeat(64)}`) }];
  expect((await ask(archiveFolder(added), all)).rows.sort(byText)).toEqual(expectedEvents("event-time"));
});

test("an event of the moment between two days is there once, whichever of them has seals and event files", async () => {
  const at = `ts = '${new Date(midnight).toISOString()}' AND message = 'exactly at midnight'`;
  for (const day of days) {
    const unsealed = without((key) => key.startsWith(`seals/day=${day}/`));
    const { rows } = await ask(unsealed, `${all} WHERE ${at}`);
    expect(rows).toMatchObject([{ day: days[2] }]);
  }
  const unreceipted = without((key) => key.startsWith(receiptsPrefix(days[2], account)));
  expect((await ask(unreceipted, `${all} WHERE ${at}`)).rows).toMatchObject([{ day: days[1] }]);
});

test("a folder whose name is a pattern to DuckDB is read from the evidence", async () => {
  const root = archiveFolder(objects);
  const renamed = `${root}[x]`;
  rmSync(renamed, { recursive: true, force: true });
  for (const { bucket: of, key, body } of objects) await new FolderStore(renamed, of).putOnce(key, body);
  expect((await ask(renamed, all)).rows.sort(byText)).toEqual(expectedEvents("event-time"));
  rmSync(renamed, { recursive: true });
});

test("SQL reaches no file but those that a question reads", async () => {
  const [eventFile] = objects.filter(({ key }) => key.endsWith(".parquet"));
  const secret = join(folder, "secret.parquet");
  writeFileSync(secret, eventFile?.body ?? "");
  for (const source of [`'${secret}'`, `read_parquet('${secret}')`])
    await expect(ask(folder, `SELECT * FROM ${source}`)).rejects.toMatchObject({ name: "InvalidQuery" });
});
