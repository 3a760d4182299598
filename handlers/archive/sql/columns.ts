/** A column of a table or view, with its type as Athena's SQL spells it. */
export interface Column {
  readonly name: string;
  readonly type: ColumnType;
}

/**
 * What a Glue column can hold, too: Athena's `timestamp with time zone` cannot be stored in a view.
 * https://docs.aws.amazon.com/athena/latest/ug/data-types.html
 */
export type ColumnType = "varchar" | "bigint" | "integer" | "boolean" | "timestamp(3)" | "array(varchar)";

const text = (name: string): Column => ({ name, type: "varchar" });
const number = (name: string): Column => ({ name, type: "bigint" });
const moment = (name: string): Column => ({ name, type: "timestamp(3)" });

/** The columns of every view, in order. The `query` command has views of the same names and columns. */
export const viewColumns = {
  events: [moment("ts"), ...["region", "account", "log_group", "log_stream", "task_id", "day", "message"].map(text)],
  receipts: [
    ...["account", "region", "log_group", "day", "task_id", "prefix"].map(text),
    ...["from_ms", "to_ms", "objects", "bytes"].map(number),
    text("listing_sha256"),
    moment("created_at"),
    moment("completed_at"),
    text("run_id"),
    moment("at"),
  ],
  coverage: coverageColumns(),
  coverage_latest: coverageColumns(),
  gaps: ["account", "region", "log_group", "day", "outcome", "reason"].map(text),
} as const satisfies Record<string, readonly Column[]>;

export type ViewName = keyof typeof viewColumns;

function coverageColumns(): Column[] {
  return [
    ...["account", "region", "log_group", "day", "outcome", "reason"].map(text),
    { name: "task_ids", type: "array(varchar)" },
    number("objects"),
    number("bytes"),
    text("log_class"),
    { name: "retention_in_days", type: "integer" },
    { name: "masked", type: "boolean" },
    text("run_id"),
    moment("at"),
  ];
}
