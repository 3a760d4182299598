import { Parser } from "node-sql-parser";
import { views } from "../../handlers/archive/sql";
import type { ColumnType } from "../../handlers/archive/sql/columns";
import { literal, timestamp } from "../../handlers/archive/sql/expressions";
import { namedQueries } from "../../handlers/archive/sql/named-queries";
import { overRecords } from "./support/raw-records";

const parser = new Parser();
const parse = (sql: string) => parser.parse(sql, { database: "athena" });
const queries = namedQueries("111122223333");

test.each(views.map((view) => [view.name, view] as const))("the view %s is SQL of Athena's dialect", (_, { sql }) => {
  expect(parse(sql).ast).toMatchObject({ type: "select" });
});

test.each(queries.map((query) => [query.name, query] as const))(
  "the saved query «%s» is SQL of Athena's dialect",
  (_, { sql }) => {
    expect(parse(sql).ast).toMatchObject({ type: "select" });
  },
);

test("nothing reads a table that is not there, nor a view before it is defined", () => {
  const known = new Set(["raw_lines", "raw_events", "raw_receipts", "raw_coverage", "raw_seals"]);
  const unknown = (sql: string) => {
    const ctes = [...sql.matchAll(/(?:WITH|,) (\w+) AS \(/g)].map(([, name]) => name);
    const tables = parse(sql).tableList.map((entry) => entry.split("::")[2] ?? "");
    return tables.filter((table) => !known.has(table) && !ctes.includes(table));
  };
  for (const { name, sql } of views) {
    expect({ name, unknown: unknown(sql) }).toEqual({ name, unknown: [] });
    known.add(name);
  }
  for (const { name, sql } of queries) expect({ name, unknown: unknown(sql) }).toEqual({ name, unknown: [] });
});

test("every saved query runs, also over an archive that is empty", async () => {
  const athena = await overRecords([], []);
  for (const { sql } of queries) expect(await athena.rows(sql)).toEqual([]);
  athena.close();
});

test("a view has the columns and types that it declares", async () => {
  const duckTypes: Record<ColumnType, string> = {
    varchar: "VARCHAR",
    bigint: "BIGINT",
    integer: "INTEGER",
    boolean: "BOOLEAN",
    "timestamp(3)": "TIMESTAMP_MS",
    "array(varchar)": "VARCHAR[]",
  };
  const athena = await overRecords([], []);
  for (const { name, columns } of views) {
    const described = await athena.rows(`DESCRIBE ${name}`);
    expect(described.map(({ column_name, column_type }) => [column_name, column_type])).toEqual(
      columns.map((column) => [column.name, duckTypes[column.type]]),
    );
  }
  athena.close();
});

test("a text stays inside its literal", () => {
  expect(literal("it's ' OR 1=1 --")).toBe("'it''s '' OR 1=1 --'");
  expect(timestamp(Date.UTC(2026, 0, 31, 13, 0, 0, 5))).toBe("TIMESTAMP '2026-01-31 13:00:00.005'");
});
