import { ByteWriter, type ColumnSource, ParquetWriter, type SchemaElement } from "hyparquet-writer";
import type { Compression } from "./compression";

/** What every event of a file has in common. */
export interface FileColumns {
  readonly region: string;
  readonly account: string;
  readonly day: string;
}

/** Events in their order, column by column: each list has a value for every one of them. */
export interface EventColumns {
  /** Epoch milliseconds; null for text before any time stamp. */
  readonly ts: (bigint | null)[];
  readonly logGroup: string[];
  readonly logStream: string[];
  readonly taskId: string[];
  /** UTF-8. */
  readonly message: Uint8Array[];
}

/** Longer texts have their beginnings in statistics. No log group's name is longer. */
const longestBound = 512;

const text = (name: string): SchemaElement => ({
  name,
  type: "BYTE_ARRAY",
  converted_type: "UTF8",
  logical_type: { type: "STRING" },
  repetition_type: "REQUIRED",
});

const columns: readonly SchemaElement[] = [
  {
    name: "ts",
    type: "INT64",
    converted_type: "TIMESTAMP_MILLIS",
    logical_type: { type: "TIMESTAMP", isAdjustedToUTC: true, unit: "MILLIS" },
    repetition_type: "OPTIONAL",
  },
  ...["region", "account", "day", "log_group", "log_stream", "task_id", "message"].map(text),
];

const schema: SchemaElement[] = [{ name: "event", num_children: columns.length }, ...columns];

/** By log group, log stream and time, text without a time first. */
const sortingColumns = ["log_group", "log_stream", "ts"].map((name) => ({
  column_idx: columns.findIndex((column) => column.name === name),
  descending: false,
  nulls_first: true,
}));

/** A Parquet file of events, made row group by row group. The same events give the same bytes. */
export class EventParquet {
  private readonly bytes = new ByteWriter();
  private readonly writer: ParquetWriter;

  constructor(
    private readonly file: FileColumns,
    compression: Compression,
  ) {
    this.writer = new ParquetWriter({
      writer: this.bytes,
      schema,
      codec: compression.codec,
      compressors: { [compression.codec]: (page: Uint8Array) => compression.compress(page) },
      statisticsTruncateLength: longestBound,
      createdBy: "org-log-archive",
    });
  }

  addRowGroup({ ts, logGroup, logStream, taskId, message }: EventColumns): void {
    const { region, account, day } = this.file;
    const rows = ts.length;
    const same = (value: string) => new Array<string>(rows).fill(value);
    const columnData: ColumnSource[] = [
      { name: "ts", data: ts, encoding: "DELTA_BINARY_PACKED" },
      { name: "region", data: same(region) },
      { name: "account", data: same(account) },
      { name: "day", data: same(day) },
      { name: "log_group", data: logGroup },
      { name: "log_stream", data: logStream },
      { name: "task_id", data: taskId },
      { name: "message", data: message, encoding: "PLAIN" },
    ];
    this.writer.write({ columnData, rowGroupSize: rows });
    const group = this.writer.row_groups.at(-1);
    if (group) group.sorting_columns = sortingColumns;
  }

  /** The whole file. */
  finish(): Uint8Array {
    this.writer.finish();
    return this.bytes.getBytes();
  }
}
