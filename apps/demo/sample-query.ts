import { join } from "node:path";
import type { Json } from "@duckdb/node-api";
import { DuckDBInstance } from "@duckdb/node-api";
import { bucketFolders } from "../archive/folder";

/** An audit question over the archive's files, and its answer. */
export interface SampleAnswer {
  readonly question: string;
  readonly sql: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Json[])[];
}

/** Asks which log groups wrote most about errors on a day: receipted export tasks only, with the log groups' names; undefined if the day has none. */
export async function askSampleQuery(s3Directory: string, day: string): Promise<SampleAnswer | undefined> {
  const hasReceipts = bucketFolders(s3Directory).some((folder) => !folder.list(`receipts/day=${day}/`).next().done);
  if (!hasReceipts) return undefined;
  const sql = `
WITH tasks AS (
  SELECT region, account, "logGroup" AS log_group, unnest(tasks).taskId AS task_id
  FROM read_json('${quote(join(s3Directory, "*", "receipts", `day=${day}`, "*", "*.json"))}', format = 'unstructured')
), lines AS (
  SELECT regexp_extract(filename, '/${day}/([0-9a-f-]{36})/', 1) AS task_id, line
  FROM read_csv('${quote(join(s3Directory, "*", "*", day, "**", "*.gz"))}', columns = {'line': 'VARCHAR'},
    delim = '\\x01', quote = '', escape = '', header = false, auto_detect = false, filename = true,
    new_line = '\\n', strict_mode = false)
)
SELECT region, account, log_group, count(*) AS lines
FROM lines JOIN tasks USING (task_id)
WHERE line ILIKE '%error%'
GROUP BY ALL ORDER BY lines DESC, region, account, log_group LIMIT 8`;
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  try {
    const result = await connection.runAndReadAll(sql);
    return {
      question: `Which log groups wrote most about errors on ${day}?`,
      sql: sql.trim(),
      columns: result.columnNames(),
      rows: result.getRowsJson(),
    };
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** A text inside an SQL string literal. */
function quote(text: string): string {
  return text.replaceAll("'", "''");
}
