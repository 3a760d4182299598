import type { Json } from "@duckdb/node-api";
import { folderStores } from "../../handlers/archive/folder-store";
import { ArchiveDatabase } from "../query/archive-database";
import { toJson } from "../query/values";

/** An audit question over the archive's files, and its answer. */
export interface SampleAnswer {
  readonly question: string;
  readonly sql: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Json[])[];
}

/** Asks which log groups wrote most about errors on a day; of an account's log files, how much each wrote at all. */
export async function askSampleQuery(archive: string, day: string, ownFiles?: string): Promise<SampleAnswer> {
  const { question, sql } = ownFiles === undefined ? aboutErrors(day) : aboutFiles(ownFiles);
  const database = await ArchiveDatabase.open(folderStores(archive));
  try {
    const { columns, batches } = await database.ask({ sql });
    const rows: Json[][] = [];
    for await (const batch of batches) rows.push(...batch.map((row) => row.map(toJson)));
    return { question, sql, columns, rows };
  } finally {
    database.close();
  }
}

function aboutErrors(day: string) {
  return {
    question: `Which log groups wrote most about errors on ${day}?`,
    sql: `SELECT account, account_name, region, log_group, count(*) AS events
FROM events
WHERE day = '${day}' AND contains(lower(message), 'error')
GROUP BY ALL
ORDER BY events DESC, account, region, log_group
LIMIT 8`,
  };
}

function aboutFiles(account: string) {
  return {
    question: "What is in your log files, and how much of it is about errors?",
    sql: `SELECT log_group, min(day) AS first_day, max(day) AS last_day, count(*) AS events,
  count(*) FILTER (WHERE contains(lower(message), 'error')) AS about_errors
FROM events
WHERE account = '${account}'
GROUP BY log_group
ORDER BY about_errors DESC, events DESC, log_group
LIMIT 8`,
  };
}
