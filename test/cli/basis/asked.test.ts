import { byDays, hullOf, spansAsked } from "../../../apps/cli/basis/asked";
import { ArchiveDatabase } from "../../../apps/query/archive-database";

/** The days that a question is about, by what its SQL says. */

let database: ArchiveDatabase;
beforeAll(async () => {
  database = await ArchiveDatabase.open([]);
});
afterAll(() => database.close());

async function asked(sql: string): Promise<string[]> {
  const { content, records, batches } = await database.ask({ sql });
  for await (const _ of batches);
  return spansAsked(byDays(content.length > 0 ? content : records)).map(({ from = "", to = "" }) => `${from} to ${to}`);
}

const events = (where: string) => `SELECT count(*) FROM events WHERE ${where}`;

test.each([
  ["day > '2026-11-18' AND day < '2026-11-21'", "2026-11-19 to 2026-11-20"],
  ["day BETWEEN '2026-11-01' AND '2026-11-31'", "2026-11-01 to 2026-11-30"],
  ["day >= '2026-11' AND day < '2026-12'", "2026-11-01 to 2026-11-30"],
  ["day IN ('2026-11-20', '2026-11-19') AND day >= '2026-11-20'", "2026-11-20 to 2026-11-20"],
  ["day BETWEEN '0001-01-01' AND '9999-12-31'", " to "],
  ["ts >= TIMESTAMP '2026-11-19'", "2026-11-19 to "],
  ["ts >= '2026-11-19 13:00' AND ts < TIMESTAMP '2026-11-20 00:00:00'", "2026-11-19 to 2026-11-19"],
  ["TIMESTAMP '2026-11-19T23:59:59.999Z' < ts AND ts <= DATE '2026-11-21'", "2026-11-20 to 2026-11-21"],
  ["ts BETWEEN '2026-11-19 10:00:00'::timestamp AND '2026-11-20 00:00'", "2026-11-19 to 2026-11-20"],
  [
    "ts >= from_iso8601_timestamp('2026-11-19T10:00:00Z') AND ts < CAST('2026-11-20' AS date)",
    "2026-11-19 to 2026-11-19",
  ],
  ["NOT (ts >= TIMESTAMP '2026-11-19')", " to 2026-11-18"],
  ["CAST(ts AS date) = DATE '2026-11-19'", "2026-11-19 to 2026-11-19"],
  ["date(ts) IN ('2026-11-19', DATE '2026-11-20')", "2026-11-19 to 2026-11-20"],
  ["date_trunc('day', ts) > DATE '2026-11-19' AND ts::date < '2026-11-21'", "2026-11-20 to 2026-11-20"],
  ["day >= '2026-11-18' AND events.ts < TIMESTAMP '2026-11-20 12:00'", "2026-11-18 to 2026-11-20"],
  [
    "ts = TIMESTAMP '2026-11-19 10:00' OR ts > TIMESTAMP '2026-11-21 10:00'",
    "2026-11-19 to 2026-11-19, 2026-11-21 to ",
  ],
])("events WHERE %s: %s", async (where, spans) => {
  expect((await asked(events(where))).join(", ")).toBe(spans);
});

test.each([
  "ts >= TIMESTAMP '2026-11-19' OR message = 'x'",
  "NOT (ts >= TIMESTAMP '2026-11-19' AND message = 'x')",
  "ts >= now() - INTERVAL 1 DAY",
  "hour(ts) >= 2026",
  "ts >= TIMESTAMP '2026-11-19 00:00:00+02'",
  "date_trunc('month', ts) = DATE '2026-11-01'",
  "date(ts) < TIMESTAMP '2026-11-19 12:00'",
  "message >= '2026-11-19'",
])("what is not understood leaves no day out: %s", async (where) => {
  expect(await asked(events(where))).toEqual([" to "]);
});

test("each question of a statement is about its own days", async () => {
  const sql = `${events("day = '2026-11-01'")} UNION ALL ${events("ts < TIMESTAMP '2026-10-02'")}`;
  expect(await asked(sql)).toEqual([" to 2026-10-01", "2026-11-01 to 2026-11-01"]);
  expect(hullOf([{ to: "2026-10-01" }, { from: "2026-11-01", to: "2026-11-01" }])).toEqual({ to: "2026-11-01" });
  expect(await asked(events("day = '2026-11-01' AND day = '2026-11-02'"))).toEqual([]);
  expect(await asked(events("day IN ('yesterday', 'today')"))).toEqual([]);
});

test("formats' views are asked by the time of events, and gaps by day, though more is read for them", async () => {
  expect(await asked("SELECT * FROM cloudtrail WHERE ts >= TIMESTAMP '2026-11-19'")).toEqual(["2026-11-19 to "]);
  expect(await asked("SELECT * FROM gaps WHERE day = '2026-11-19'")).toEqual(["2026-11-19 to 2026-11-19"]);
  expect(await asked("SELECT * FROM coverage WHERE day >= '2026-11-19'")).toEqual(["2026-11-19 to "]);
});
