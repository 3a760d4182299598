import { CfnTable } from "aws-cdk-lib/aws-glue";
import { Construct } from "constructs";
import type { Projection } from "./projection";

/** How the objects of a table are read. */
export type RawFormat =
  /** Line by line: a column per group of the pattern, which matches every line. */
  | { readonly kind: "lines"; readonly pattern: string }
  /** Parquet: columns by their names. */
  | { readonly kind: "parquet" };

export interface RawTableProps {
  readonly catalogId: string;
  readonly databaseName: string;
  readonly tableName: string;
  readonly description: string;
  readonly columns: readonly RawColumn[];
  readonly format: RawFormat;
  readonly projection: Projection;
  /** A bucket of the archive; the projection says where the partitions are. */
  readonly bucketName: string;
}

export interface RawColumn {
  readonly name: string;
  /** As Glue spells it. */
  readonly type: "string" | "timestamp";
}

/** What lies in the archive, as it is. */
export class RawTable extends Construct {
  constructor(scope: Construct, id: string, props: RawTableProps) {
    super(scope, id);
    const { catalogId, databaseName, tableName, description, columns, format, projection, bucketName } = props;
    new CfnTable(this, "Table", {
      catalogId,
      databaseName,
      tableInput: {
        name: tableName,
        description,
        tableType: "EXTERNAL_TABLE",
        parameters: { EXTERNAL: "TRUE", ...projection.parameters },
        partitionKeys: projection.partitionKeys.map((name) => ({ name, type: "string" })),
        storageDescriptor: { columns: [...columns], location: `s3://${bucketName}/`, ...storageOf(format) },
      },
    });
  }
}

function storageOf(format: RawFormat): Omit<CfnTable.StorageDescriptorProperty, "columns" | "location"> {
  if (format.kind === "lines")
    return {
      inputFormat: "org.apache.hadoop.mapred.TextInputFormat",
      outputFormat: "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
      serdeInfo: {
        serializationLibrary: "org.apache.hadoop.hive.serde2.RegexSerDe",
        parameters: { "input.regex": format.pattern },
      },
    };
  return {
    inputFormat: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
    outputFormat: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
    serdeInfo: { serializationLibrary: "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe" },
  };
}
