import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { DuckDBInstance } from "@duckdb/node-api";
import { wantedOf } from "../../apps/query/pruning";
import { nothingRead, readText } from "../../apps/query/reading";
import { type ViewName, viewColumns } from "../../handlers/archive/sql/columns";
import { otherAccount, region } from "../audit/support/archive";
import { archiveFolder, ask } from "./support/archive-folder";
import { expectedEvents } from "./support/expected";
import { useArchive } from "./support/use-archive";

const archive = useArchive();
let secret: string;

beforeAll(() => {
  secret = mkdtempSync(join(tmpdir(), "org-log-archive-secret-"));
  writeFileSync(join(secret, "file.csv"), "a\nsecret\n");
});
afterAll(() => rmSync(secret, { recursive: true }));

test.each(Object.keys(viewColumns) as ViewName[])(
  "the view %s has the columns and types that it has in Athena, and the account's name",
  async (view) => {
    const types: Readonly<Record<string, string>> = {
      "timestamp(3)": "TIMESTAMP",
      "array(varchar)": "VARCHAR[]",
    };
    const { rows } = await ask(archive.folder, `DESCRIBE ${view}`);
    expect(rows.map(({ column_name, column_type }) => [column_name, column_type])).toEqual([
      ...viewColumns[view].map(({ name, type }) => [name, types[type] ?? type.toUpperCase()]),
      ["account_name", "VARCHAR"],
    ]);
  },
);

test.each([
  ["DESCRIBE events", []],
  ["FROM (DESCRIBE SELECT * FROM events JOIN coverage USING (day))", []],
  ["SUMMARIZE events", ["events"]],
  ["FROM (DESCRIBE events), receipts", ["receipts"]],
])("to describe columns nothing is read: %s", async (sql, read) => {
  const [tree] = await duckDbRows(`SELECT json_serialize_sql('${sql}')`);
  expect(Object.keys(wantedOf(JSON.parse(String(tree?.[0]))).scans)).toEqual(read);
  expect((await ask(archive.folder, sql)).rows).not.toEqual([]);
});

test.each([
  "COPY (SELECT 1) TO '/tmp/org-log-archive-copy'",
  "CREATE TABLE t AS SELECT 1",
  "ATTACH '/tmp/org-log-archive.db'",
  "SET enable_external_access = true",
  "PRAGMA enable_profiling",
  "INSTALL httpfs",
  "DROP VIEW events",
])("what is not a question is refused: %s", async (sql) => {
  await expect(ask(archive.folder, sql)).rejects.toThrow("Only a SELECT can be asked");
});

test("one question is asked at a time", async () => {
  await expect(ask(archive.folder, "SELECT 1; SELECT 2")).rejects.toThrow("one SELECT");
  await expect(ask(archive.folder, "SELECT 1; DROP VIEW events")).rejects.toThrow("Only a SELECT");
});

test.each(["read_csv(?)", "read_text(?)", "read_blob(?)", "glob(?)", "?", "read_json(?)", "read_parquet(?)"])(
  "no file can be read through %s",
  async (source) => {
    const sql = `SELECT * FROM ${source.replace("?", `'${join(secret, "file.csv")}'`)}`;
    await expect(ask(archive.folder, sql)).rejects.toMatchObject({ name: "InvalidQuery" });
  },
);

/** Ways to reach the 16 events, besides naming the view. */
test.each([
  "SELECT count(*) FROM memory.main.EVENTS",
  'SELECT count(*) FROM "Events"',
  "SELECT count(*) FROM (FROM main.events)",
  "SELECT count(*) FROM (TABLE events)",
  "SELECT count(*) FROM (FROM events PIVOT (count(*) FOR account IN ('x')))",
  "SELECT max(count) FROM (SUMMARIZE events)",
  "SELECT (SELECT count(*) FROM events)",
  "SELECT count(*) FROM events AS e, LATERAL (SELECT e.day) AS d",
  "WITH events AS (SELECT * FROM events) SELECT count(*) FROM events",
  "WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < (SELECT count(*) FROM events)) SELECT max(i) FROM n",
  "SELECT count(*) FROM events WHERE day = 'x' OR day IN (SELECT day FROM events)",
])("a view is read whole however it is named: %s", async (sql) => {
  const [row = {}] = (await ask(archive.folder, sql)).rows;
  expect(Object.values(row)).toEqual([expectedEvents("event-time").length]);
});

test("a name that a WITH gives is no view", async () => {
  const sql = "WITH events AS (SELECT 7 AS n), e AS (FROM events) SELECT n FROM e";
  expect((await ask(archive.folder, sql)).rows).toEqual([{ n: 7 }]);
});

test.each([
  ["query_table('receipts')", "query_table() cannot be asked"],
  ["query_table(['receipts', 'receipts'])", "query_table() cannot be asked"],
  ["query('SELECT * FROM receipts')", "query() cannot be asked"],
  ["json_execute_serialized_sql(json_serialize_sql('FROM receipts'))", "cannot be asked"],
  ["scan_receipts()", "scan_receipts() cannot be asked"],
  ["receipts UNION ALL FROM query_table('receipts')", "query_table() cannot be asked"],
  ["range(1) WHERE EXISTS (FROM query('FROM receipts'))", "query() cannot be asked"],
  ["other.receipts", "There is no table other.receipts. There are: events, raw_lines, receipts"],
  ["receipt", "There is no table receipt. There are: events"],
  ["sqlite_master", "There is no table sqlite_master"],
])(
  "what may reach a view in a way that is not understood is refused, not answered from nothing: %s",
  async (from, sentence) => {
    await expect(ask(archive.folder, `SELECT count(*) FROM ${from}`)).rejects.toMatchObject({
      name: "InvalidQuery",
      message: expect.stringContaining(sentence),
    });
  },
);

test("of DuckDB's own table functions, only those that reach no view and no file can be asked", async () => {
  const names = (
    await duckDbRows("SELECT DISTINCT function_name FROM duckdb_functions() WHERE function_type LIKE 'table%'")
  ).flat();
  expect(names.length).toBeGreaterThan(80);
  const allowed: string[] = [];
  for (const name of names) {
    const tree = await duckDbRows(`SELECT json_serialize_sql('FROM ${name}(1)')`);
    try {
      wantedOf(JSON.parse(String(tree[0]?.[0])));
      allowed.push(String(name));
    } catch (error) {
      expect(error).toMatchObject({ name: "InvalidQuery" });
    }
  }
  expect(allowed.sort()).toEqual(["generate_series", "json_each", "json_tree", "range", "repeat", "unnest"]);
});

test("a syntax that is not known is refused", () => {
  const select = (from: object) => ({
    statements: [{ node: { type: "SELECT_NODE", select_list: [], from_table: from } }],
  });
  expect(() => wantedOf(select({ type: "NEW_REF" }))).toThrow("has a part that is not known here (NEW_REF)");
  expect(() => wantedOf(select({ type: "EMPTY", sample: { class: "NEW_CLASS", type: "NEW" } }))).toThrow("NEW_CLASS");
});

test("a text keeps a U+FEFF at its beginning, also in lists", async () => {
  const sql = "SELECT chr(65279) || 'a' AS text, [chr(65279)] AS list";
  expect((await ask(archive.folder, sql)).rows).toEqual([{ text: "\uFEFFa", list: ["\uFEFF"] }]);
});

test("a value is a value, whatever it holds", async () => {
  const values = ["' OR 1=1 --"];
  const question = { sql: "SELECT count(*) AS found FROM events WHERE contains(message, $1::VARCHAR)", values };
  expect((await ask(archive.folder, question)).rows).toEqual([{ found: 0 }]);
});

test("a wrong column is explained, with those that there are", async () => {
  await expect(ask(archive.folder, "SELECT task FROM events")).rejects.toThrow(/"task" not found[\s\S]*task_id/);
});

test.each([
  ["a receipt", (key: string) => key.startsWith("receipts/"), "FROM gaps"],
  ["coverage", (key: string) => key.startsWith("coverage/"), "FROM gaps"],
  ["an object", (key: string) => key.endsWith(".gz"), "FROM events"],
  ["an object", (key: string) => key.endsWith(".gz"), "FROM raw_lines"],
])("%s that cannot be read is named, and the rest is answered", async (_, isOne, from) => {
  const first = archive.objects.find(({ key }) => isOne(key));
  const damaged = archive.objects.map((object) =>
    object === first ? { ...object, body: Buffer.from("no gzip, no JSON") } : object,
  );
  const { unreadable } = await ask(archiveFolder(damaged), from);
  expect(new Set(unreadable)).toEqual(new Set([expect.stringContaining(`${first?.key}`)]));
  expect((await ask(archive.folder, from)).unreadable).toEqual([]);
});

test("the events of the objects beside a damaged one are there", async () => {
  const first = archive.objects.find(({ key }) => key.startsWith(`${otherAccount}/`) && key.endsWith(".gz"));
  const damaged = archive.objects.map((object) => (object === first ? { ...object, body: Buffer.from("x") } : object));
  const { rows } = await ask(archiveFolder(damaged), "SELECT account, region FROM events");
  const whole = await ask(archive.folder, "SELECT account, region FROM events");
  const isLost = (row: Record<string, unknown>) => row.account === otherAccount && row.region === region;
  expect(rows).toEqual(whole.rows.filter((row) => !isLost(row)));
});

test("an object that expands without end is not read to its end", () => {
  const path = join(secret, "bomb.gz");
  writeFileSync(path, gzipSync(Buffer.alloc(1001)));
  const file = { key: "bomb.gz", path, size: 1 };
  expect(() => readText(file, nothingRead(), 1000)).toThrow("bomb.gz cannot be read");
});

async function duckDbRows(sql: string) {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  try {
    return (await connection.runAndReadAll(sql)).getRowsJson();
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
