import {
  BIGINT,
  BOOLEAN,
  type DuckDBType,
  type DuckDBValue,
  INTEGER,
  LIST,
  listValue,
  TIMESTAMP,
  timestampValue,
  VARCHAR,
} from "@duckdb/node-api";
import { parseCoverage } from "../../handlers/archive/coverage";
import type { FolderStore } from "../../handlers/archive/folder-store";
import type { CoverageLine } from "../../handlers/archive/records";
import { type ColumnType, viewColumns } from "../../handlers/archive/sql/columns";
import { eventFiller, scannedColumns } from "./event-chunk";
import type { Scan } from "./pruning";
import { type BytesRead, ifReadable, readText } from "./reading";
import { accountDays, selectedReceipts } from "./receipts";
import { archivedEvents, type EventSource } from "./scan-events";
import { rawLines } from "./scan-raw-lines";
import { type Selection, selects } from "./selection";
import { type Filler, type Row, rowFiller } from "./table-function";

/** Rows from an archive's files, as a function of what is selected. */
export interface ScanDefinition {
  readonly columns: readonly { readonly name: string; readonly type: DuckDBType }[];
  open(source: EventSource, selection: Selection): Filler;
}

const types: Readonly<Record<ColumnType, DuckDBType>> = {
  varchar: VARCHAR,
  bigint: BIGINT,
  integer: INTEGER,
  boolean: BOOLEAN,
  "timestamp(3)": TIMESTAMP,
  "array(varchar)": LIST(VARCHAR),
};

const columnsOf = (view: keyof typeof viewColumns) =>
  viewColumns[view].map(({ name, type }) => ({ name, type: types[type] }));

const eventColumnTypes: Readonly<Record<string, DuckDBType>> = { ts: TIMESTAMP, place: BIGINT };

/** The tables that the audit views are made of, here. Columns of the views have the views' names and types. */
export const scanDefinitions: Readonly<Record<Scan, ScanDefinition>> = {
  events: {
    columns: scannedColumns.map((name) => ({ name, type: eventColumnTypes[name] ?? VARCHAR })),
    open: (source, selection) => eventFiller(archivedEvents(source, selection), () => performance.now()),
  },
  raw_lines: {
    columns: ["ts", "message", "region", "account", "day", "$path"].map((name) => ({ name, type: VARCHAR })),
    open: ofRows(function* ({ buckets, read }, selection) {
      for (const { ts, message, region, account, day, path } of rawLines(buckets, selection, read))
        yield [ts, message, region, account, day, path];
    }),
  },
  receipts: {
    columns: columnsOf("receipts"),
    open: ofRows(function* ({ buckets, read }, selection) {
      for (const bucket of buckets)
        for (const { account, region, logGroup, day, tasks, runId, at } of selectedReceipts(bucket, selection, read))
          for (const task of tasks)
            yield [
              ...[account, region, logGroup, day, task.taskId, task.prefix],
              ...[task.from, task.to, task.objects, task.bytes].map(BigInt),
              task.listingSha256,
              ...[moment(task.createdAt), moment(task.completedAt), runId, moment(at)],
            ];
    }),
  },
  coverage: {
    columns: columnsOf("coverage"),
    open: ofRows(function* ({ buckets, read }, selection) {
      for (const bucket of buckets) for (const line of coverageLines(bucket, selection, read)) yield coverageRow(line);
    }),
  },
};

function ofRows(rows: (source: EventSource, selection: Selection) => Generator<Row>): ScanDefinition["open"] {
  return (source, selection) => rowFiller(rows(source, selection));
}

function* coverageLines(bucket: FolderStore, selection: Selection, read: BytesRead): Generator<CoverageLine> {
  for (const { account, day } of accountDays(bucket, "coverage/", selection)) {
    for (const file of bucket.files(`coverage/day=${day}/account=${account}/`)) {
      for (const line of ifReadable(read, () => parseCoverage(file.key, readText(file, read))) ?? []) {
        const { region, logGroup } = line;
        // A line about a whole account answers no question about one log group.
        if (selects(selection, { region, account, day, log_group: logGroup ?? "" })) yield line;
      }
    }
  }
}

function coverageRow(line: CoverageLine): Row {
  const { account, region, logGroup, day, outcome, reason, taskIds, objects, bytes, logClass, runId, at } = line;
  return [
    ...[account, region, logGroup, day, outcome, reason ?? null],
    taskIds ? listValue(taskIds) : null,
    objects === undefined ? null : BigInt(objects),
    bytes === undefined ? null : BigInt(bytes),
    logClass ?? null,
    line.retentionInDays ?? null,
    line.masked ?? null,
    runId,
    moment(at),
  ];
}

/** Epoch milliseconds or ISO 8601 as DuckDB counts time. */
function moment(at: number | string | null): DuckDBValue {
  if (at === null) return null;
  return timestampValue(BigInt(typeof at === "string" ? Date.parse(at) : at) * 1000n);
}
