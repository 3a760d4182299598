import { viewColumns } from "../../handlers/archive/sql/columns";
import { gapsSql } from "../../handlers/archive/sql/gaps";
import { latestCoverageSql } from "../../handlers/archive/sql/record-views";
import { functionStatements } from "./athena/functions";
import { formatViews } from "./format-views";
import { everyEvent, everyEventMacro } from "./scan-event-files";

const eventColumns = viewColumns.events.map(({ name }) => name).join(", ");

const views: Readonly<Record<string, string>> = {
  events: `SELECT ${eventColumns} FROM ${everyEvent}`,
  ordered_events: `SELECT * FROM ${everyEvent}`,
  raw_lines: "SELECT * FROM scan_raw_lines()",
  receipts: "SELECT * FROM scan_receipts()",
  coverage: "SELECT * FROM scan_coverage()",
  coverage_latest: latestCoverageSql,
  gaps: gapsSql(),
  ...Object.fromEntries(formatViews.map(({ name, sql }) => [name, sql])),
};

/** The tables and views of the audit database, with its names and columns, over the scans of the archive's files. */
export const viewStatements: readonly string[] = [
  ...functionStatements,
  everyEventMacro(),
  // Which run saw an account last, Athena cannot tell as cheaply.
  ...Object.entries(views).map(
    ([name, sql]) => `CREATE VIEW ${name} AS SELECT *, account_name(account) AS account_name FROM (${sql}) AS rows`,
  ),
  "CREATE SCHEMA org_log_archive",
  ...Object.keys(views).map((name) => `CREATE VIEW org_log_archive.${name} AS SELECT * FROM main.${name}`),
];
