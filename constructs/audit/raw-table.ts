import { CfnTable } from "aws-cdk-lib/aws-glue";
import { Construct } from "constructs";
import type { Projection } from "./projection";

export interface RawTableProps {
  readonly catalogId: string;
  readonly databaseName: string;
  readonly tableName: string;
  readonly description: string;
  /** One per group of the pattern. */
  readonly columns: readonly string[];
  /** Matches every line of every object. */
  readonly linePattern: string;
  readonly projection: Projection;
  /** A bucket of the archive; the projection says where the partitions are. */
  readonly bucketName: string;
}

/** Lines of text in the archive, as they are. */
export class RawTable extends Construct {
  constructor(scope: Construct, id: string, props: RawTableProps) {
    super(scope, id);
    const { catalogId, databaseName, tableName, description, columns, linePattern, projection, bucketName } = props;
    new CfnTable(this, "Table", {
      catalogId,
      databaseName,
      tableInput: {
        name: tableName,
        description,
        tableType: "EXTERNAL_TABLE",
        parameters: { EXTERNAL: "TRUE", ...projection.parameters },
        partitionKeys: projection.partitionKeys.map((name) => ({ name, type: "string" })),
        storageDescriptor: {
          columns: columns.map((name) => ({ name, type: "string" })),
          location: `s3://${bucketName}/`,
          inputFormat: "org.apache.hadoop.mapred.TextInputFormat",
          outputFormat: "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
          serdeInfo: {
            serializationLibrary: "org.apache.hadoop.hive.serde2.RegexSerDe",
            parameters: { "input.regex": linePattern },
          },
        },
      },
    });
  }
}
