import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance, type Json } from "@duckdb/node-api";
import { views } from "../../../handlers/archive/sql";
import { literal } from "../../../handlers/archive/sql/expressions";
import { type RawData, tables as rawTables } from "./athena";

export type Row = Record<string, Json>;

/** Functions that Athena has and DuckDB has not. */
const macros = `
CREATE MACRO from_iso8601_timestamp(text) AS CAST(text AS TIMESTAMP);
CREATE MACRO json_extract_scalar(json, path) AS CASE WHEN json_valid(json) THEN json_extract_string(json, path) END;
CREATE MACRO regexp_like(text, pattern) AS regexp_matches(text, pattern);
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

type RawTable = (typeof rawTables)[number];

/** Fills a table of lines with its rows: its own columns, its partitions and Athena's hidden one. */
function linesSql({ tableName, columns, projection }: RawTable, rows: readonly object[], directory: string): string {
  const file = join(directory, `${tableName}.jsonl`);
  writeFileSync(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
  const names = ["$path", ...projection.partitionKeys, ...columns.map(({ name }) => name)];
  const types = names.map((name) => `${literal(name)}: 'VARCHAR'`).join(", ");
  return `CREATE TABLE ${tableName} AS SELECT * FROM read_json('${file}', format = 'newline_delimited', columns = {${types}})`;
}

/** Fills a table of Parquet from the files themselves. Athena's timestamps have no zone, and are in UTC. */
function parquetSql(
  { tableName, columns, projection }: RawTable,
  files: RawData["files"][string],
  directory: string,
): string {
  const types = { string: "VARCHAR", timestamp: "TIMESTAMP_MS" } as const;
  const own = columns.map(({ name, type }) => {
    const value = type === "timestamp" ? `${name} AT TIME ZONE 'UTC'` : name;
    return { name, none: `NULL::${types[type]}`, value: `(${value})::${types[type]}` };
  });
  const selects = files.map(({ $path, partition, body }, index) => {
    const file = join(directory, `${tableName}-${index}.parquet`);
    writeFileSync(file, body);
    const known = projection.partitionKeys.map((key) => `${literal(partition[key] ?? "")} AS ${key}`);
    const read = own.map(({ name, value }) => `${value} AS ${name}`);
    return `SELECT ${literal($path)} AS "$path", ${[...known, ...read].join(", ")} FROM read_parquet('${file}')`;
  });
  const nothing = [
    `NULL::VARCHAR AS "$path"`,
    ...projection.partitionKeys.map((key) => `NULL::VARCHAR AS ${key}`),
    ...own.map(({ name, none }) => `${none} AS ${name}`),
  ];
  return `CREATE TABLE ${tableName} AS ${[`SELECT ${nothing.join(", ")} WHERE false`, ...selects].join(" UNION ALL ")}`;
}

/** The audit database over raw tables that were read as Athena would read them. */
export class LocalAthena {
  private constructor(
    private readonly instance: DuckDBInstance,
    private readonly connection: Awaited<ReturnType<DuckDBInstance["connect"]>>,
  ) {}

  static async create({ rows, files }: RawData): Promise<LocalAthena> {
    const instance = await DuckDBInstance.create(":memory:");
    const connection = await instance.connect();
    const directory = mkdtempSync(join(tmpdir(), "org-log-archive-audit-"));
    try {
      await connection.run(macros);
      for (const table of rawTables) {
        const { tableName, format } = table;
        await connection.run(
          format.kind === "lines"
            ? linesSql(table, rows[tableName] ?? [], directory)
            : parquetSql(table, files[tableName] ?? [], directory),
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
