import { archiveBucketName } from "../../handlers/archive/layout";
import { exportedLine, wholeLine } from "../../handlers/archive/sql/expressions";
import { placeholder, projection } from "./projection";
import type { RawTableProps } from "./raw-table";

export type RawTableDefinition = Pick<
  RawTableProps,
  "tableName" | "description" | "columns" | "linePattern" | "projection"
>;

/** The tables under the views, over the buckets of all Regions. */
export function rawTables(logArchiveAccount: string, regions: readonly string[]): RawTableDefinition[] {
  const [account, day] = [placeholder("account"), placeholder("day")];
  const under = (folder: string) =>
    projection(regions, (region) => archiveBucketName(logArchiveAccount, region), folder);
  const records = { columns: ["line"], linePattern: wholeLine };
  return [
    {
      tableName: "raw_lines",
      description:
        "Every exported line, of orphans too; ts is null for the further lines of an event. Needs account = '...'",
      columns: ["ts", "message"],
      linePattern: exportedLine,
      projection: under(`${account}/${day}`),
    },
    {
      tableName: "raw_receipts",
      description: "Every receipt, as JSON, of all accounts",
      ...records,
      projection: under(`receipts/day=${day}`),
    },
    {
      tableName: "raw_account_receipts",
      description: "The receipts of the accounts that a query names, as JSON. Needs account = '...'",
      ...records,
      projection: under(`receipts/day=${day}/account=${account}`),
    },
    {
      tableName: "raw_coverage",
      description: "Every line of coverage, as JSON, of all accounts",
      ...records,
      projection: under(`coverage/day=${day}`),
    },
  ];
}
