import { type ArchivedObject, account, days, makeArchive, otherAccount, otherRegion } from "../audit/support/archive";
import { closeAll } from "../handlers/support/emulated";
import { archiveFolder, ask, removeFolders } from "./support/archive-folder";

let folder: string;
let all: number;
let ofPartition: number;
const [, , day] = days;

beforeAll(async () => {
  const objects = await makeArchive("ingestion-time");
  folder = archiveFolder(objects);
  all = (await ask(folder, "SELECT count(*) FROM events")).objects;
  const isData = ({ key }: ArchivedObject) => key.startsWith(`${account}/${day}/`) && key.endsWith(".gz");
  const isReceipt = ({ key }: ArchivedObject) => key.startsWith(`receipts/day=${day}/account=${account}/`);
  ofPartition = objects.filter((object) => isData(object) || isReceipt(object)).length;
});
afterAll(async () => {
  removeFolders();
  await closeAll();
});

const partition = `account = '${account}' AND day = '${day}'`;

test.each([
  `SELECT * FROM events WHERE ${partition}`,
  `SELECT * FROM events AS e WHERE e.account IN ('${account}') AND '${day}' <= e.day AND e.day <= '${day}'`,
  `SELECT * FROM events WHERE day BETWEEN '${day}' AND '${day}' AND (account = '${account}' OR account = 'x')`,
  `WITH few AS (SELECT * FROM events WHERE ${partition}) SELECT count(*) FROM few WHERE log_group = '/app/web'`,
  `SELECT 1 WHERE EXISTS (SELECT 1 FROM main.events WHERE ${partition} AND message = 'none')`,
  `SELECT * FROM events WHERE ${partition} UNION ALL SELECT * FROM events WHERE ${partition} AND log_group = 'no'`,
])("reads only the account's day: %s", async (sql) => {
  const { objects } = await ask(folder, sql);
  expect(objects).toBeGreaterThan(0);
  expect(objects % ofPartition).toBe(0);
  expect(objects).toBeLessThan(all);
});

/** Statements whose answer would be wrong if what they name in a WHERE were all that is read. */
test.each([
  `SELECT count(*) FROM EVENTS WHERE account = '${account}' OR day = '${day}'`,
  `SELECT count(*) FROM EVENTS WHERE NOT (account = '${account}')`,
  `SELECT count(*) FROM (SELECT 'x' AS account FROM EVENTS) WHERE account = 'x'`,
  `SELECT count(*) FROM receipts ANTI JOIN EVENTS USING (day) WHERE account = '${otherAccount}'`,
  `SELECT count(*) FROM EVENTS AS e (ts, account, region) WHERE account = '${otherRegion}'`,
  `SELECT count(*) FROM EVENTS AS a, EVENTS AS b WHERE ${partition.replaceAll(/account|day/g, "a.$&")} AND b.day <> a.day`,
  `SELECT count(*) FROM EVENTS AS a LEFT JOIN EVENTS AS b ON b.account = '${account}' AND b.ts = a.ts`,
  `SELECT count(*) FROM EVENTS WHERE upper(account) = '${account}' COLLATE NOCASE`,
  `SELECT count(*) FROM EVENTS WHERE (day >= '${day}' AND day <= '${day}') OR (day >= '2026-11-17' AND day < '2026-11-18')`,
  `SELECT count(*) FROM EVENTS WHERE (day > '2026-11-17' AND day < '${day}') OR day = '${day}' AND account = '${account}'`,
  `SELECT count(*) FROM receipts AS account, EVENTS WHERE account.day = '${day}'`,
])("leaves nothing out: %s", async (sql) => {
  // Behind this CTE nothing is known of what a statement wants.
  const whole = `WITH whole AS MATERIALIZED (SELECT * FROM events) ${sql.replaceAll("EVENTS", "whole")}`;
  expect((await ask(folder, sql)).rows).toEqual((await ask(folder, whole)).rows);
});

test("gaps are looked for with the days around them", async () => {
  const { objects } = await ask(folder, `SELECT * FROM gaps WHERE day = '${day}'`);
  expect(objects).toBe((await ask(folder, "SELECT * FROM gaps")).objects);
  expect((await ask(folder, `SELECT * FROM gaps WHERE account = '${otherAccount}'`)).objects).toBeLessThan(objects);
});

test("a Region that is not asked for is not read, also when the folder is one bucket's own", async () => {
  const sql = `SELECT DISTINCT region FROM events WHERE region = '${otherRegion}'`;
  const one = `${folder}/org-log-archive-200000000000-${otherRegion}`;
  for (const place of [folder, one]) expect((await ask(place, sql)).rows).toEqual([{ region: otherRegion }]);
  expect((await ask(one, "SELECT * FROM events WHERE region = 'eu-central-1'")).objects).toBe(0);
});
