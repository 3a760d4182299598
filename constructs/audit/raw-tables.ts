import { archiveBucketName } from "../../handlers/archive/layout";
import { exportedLine, wholeLine } from "../../handlers/archive/sql/expressions";
import { placeholder, projection } from "./projection";
import type { RawColumn, RawFormat, RawTableProps } from "./raw-table";

export type RawTableDefinition = Pick<RawTableProps, "tableName" | "description" | "columns" | "format" | "projection">;

/** The tables under the views, over the buckets of all Regions. */
export function rawTables(logArchiveAccount: string, regions: readonly string[]): RawTableDefinition[] {
  const [account, day] = [placeholder("account"), placeholder("day")];
  const under = (folder: string) =>
    projection(regions, (region) => archiveBucketName(logArchiveAccount, region), folder);
  const texts = (...names: string[]): RawColumn[] => names.map((name) => ({ name, type: "string" }));
  const lines = (pattern: string): RawFormat => ({ kind: "lines", pattern });
  const records = { columns: texts("line"), format: lines(wholeLine) };
  return [
    {
      tableName: "raw_lines",
      description:
        "Every exported line, of orphans too; ts is null for the further lines of an event. Needs account = '...'",
      columns: texts("ts", "message"),
      format: lines(exportedLine),
      projection: under(`${account}/${day}`),
    },
    {
      tableName: "raw_events",
      description: "Every event of every event file, of those too that no seal names",
      columns: [
        { name: "ts", type: "timestamp" },
        ...texts("account", "log_group", "log_stream", "task_id", "message"),
      ],
      format: { kind: "parquet" },
      projection: under(`events/day=${day}`),
    },
    {
      tableName: "raw_receipts",
      description: "Every receipt, as JSON, of all accounts",
      ...records,
      projection: under(`receipts/day=${day}`),
    },
    {
      tableName: "raw_coverage",
      description: "Every line of coverage, as JSON, of all accounts",
      ...records,
      projection: under(`coverage/day=${day}`),
    },
    {
      tableName: "raw_seals",
      description: "Every seal, as JSON, of all accounts",
      ...records,
      projection: under(`seals/day=${day}`),
    },
  ];
}
