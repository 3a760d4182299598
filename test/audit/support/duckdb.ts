import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance, type Json } from "@duckdb/node-api";
import { views } from "../../../handlers/archive/sql";
import { type RawRow, tables as rawTables } from "./athena";

export type Row = Record<string, Json>;

/** Functions that Athena has and DuckDB has not. */
const macros = `
CREATE MACRO from_iso8601_timestamp(text) AS CAST(text AS TIMESTAMP);
CREATE MACRO json_extract_scalar(json, path) AS json_extract_string(json, path);
CREATE MACRO sequence(first, last, step) AS generate_series(first, last, step);
CREATE MACRO date_format(moment, format) AS strftime(moment, format);
CREATE MACRO array_join(list, separator) AS array_to_string(list, separator);
`;

/** What is spelt otherwise in DuckDB, whose regexp_extract answers with an empty text where Athena has NULL. */
export function toDuckDb(sql: string): string {
  return sql
    .replaceAll(
      /regexp_extract\((.*?), ('.*?'), (\d)\)/g,
      "CASE WHEN regexp_matches($1, $2) THEN regexp_extract($1, $2, $3) END",
    )
    .replaceAll("array(json)", "JSON[]")
    .replaceAll("array(varchar)", "VARCHAR[]");
}

/** A raw table's own columns, its partitions and Athena's hidden one. */
const rawColumns = Object.fromEntries(
  rawTables.map(({ tableName, columns, projection }) => [
    tableName,
    ["$path", ...projection.partitionKeys, ...columns],
  ]),
);

/** The audit database over raw tables that were read as Athena would read them. */
export class LocalAthena {
  private constructor(
    private readonly instance: DuckDBInstance,
    private readonly connection: Awaited<ReturnType<DuckDBInstance["connect"]>>,
  ) {}

  static async create(tables: Readonly<Record<string, readonly RawRow[]>>): Promise<LocalAthena> {
    const instance = await DuckDBInstance.create(":memory:");
    const connection = await instance.connect();
    const directory = mkdtempSync(join(tmpdir(), "org-log-archive-audit-"));
    try {
      await connection.run(macros);
      for (const [name, rows] of Object.entries(tables)) {
        const file = join(directory, `${name}.jsonl`);
        writeFileSync(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
        const columns = (rawColumns[name] ?? []).map((column) => `'${column}': 'VARCHAR'`);
        await connection.run(
          `CREATE TABLE ${name} AS SELECT * FROM read_json('${file}', format = 'newline_delimited', columns = {${columns.join(", ")}})`,
        );
      }
      for (const { name, sql } of views) await connection.run(`CREATE VIEW ${name} AS ${toDuckDb(sql)}`);
    } finally {
      rmSync(directory, { recursive: true });
    }
    return new LocalAthena(instance, connection);
  }

  async rows(sql: string): Promise<Row[]> {
    const result = await this.connection.runAndReadAll(toDuckDb(sql));
    return result.getRowObjectsJson();
  }

  close(): void {
    this.connection.closeSync();
    this.instance.closeSync();
  }
}
