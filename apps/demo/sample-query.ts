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

/** Asks which log groups wrote most about errors on a day. */
export async function askSampleQuery(archive: string, day: string): Promise<SampleAnswer> {
  const sql = `SELECT region, account, log_group, count(*) AS events
FROM events
WHERE day = '${day}' AND contains(lower(message), 'error')
GROUP BY ALL
ORDER BY events DESC, region, account, log_group
LIMIT 8`;
  const database = await ArchiveDatabase.open(folderStores(archive));
  try {
    const { columns, batches } = await database.ask({ sql });
    const rows: Json[][] = [];
    for await (const batch of batches) rows.push(...batch.map((row) => row.map(toJson)));
    return { question: `Which log groups wrote most about errors on ${day}?`, sql, columns, rows };
  } finally {
    database.close();
  }
}
