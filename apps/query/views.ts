import { viewColumns } from "../../handlers/archive/sql/columns";
import { gapsSql } from "../../handlers/archive/sql/gaps";
import { latestCoverageSql } from "../../handlers/archive/sql/record-views";

/** Functions that Athena's SQL has under other names: statements for the one run in the other. */
const dialect = [
  "CREATE MACRO sequence(first, last, step) AS generate_series(first, last, step)",
  "CREATE MACRO date_format(moment, format) AS strftime(moment, format)",
  "CREATE MACRO array_join(list, separator) AS array_to_string(list, separator)",
  "CREATE MACRO from_iso8601_timestamp(text) AS CAST(text AS TIMESTAMPTZ)",
];

const eventColumns = viewColumns.events.map(({ name }) => name).join(", ");

/** The tables and views of the audit database, with its names and columns, over the scans of the archive's files. */
export const viewStatements: readonly string[] = [
  ...dialect,
  `CREATE VIEW events AS SELECT ${eventColumns} FROM scan_events()`,
  "CREATE VIEW ordered_events AS SELECT * FROM scan_events()",
  "CREATE VIEW raw_lines AS SELECT * FROM scan_raw_lines()",
  "CREATE VIEW receipts AS SELECT * FROM scan_receipts()",
  "CREATE VIEW coverage AS SELECT * FROM scan_coverage()",
  `CREATE VIEW coverage_latest AS ${latestCoverageSql}`,
  `CREATE VIEW gaps AS ${gapsSql()}`,
];
