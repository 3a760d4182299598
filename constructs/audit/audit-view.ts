import { CfnTable } from "aws-cdk-lib/aws-glue";
import { Construct } from "constructs";
import type { View } from "../../handlers/archive/sql";
import type { ColumnType } from "../../handlers/archive/sql/columns";

export interface AuditViewProps {
  readonly catalogId: string;
  readonly databaseName: string;
  readonly view: View;
}

/** How Glue spells the types. https://docs.aws.amazon.com/athena/latest/ug/data-types.html */
const glueTypes: Readonly<Record<ColumnType, string>> = {
  varchar: "string",
  bigint: "bigint",
  integer: "int",
  boolean: "boolean",
  "timestamp(3)": "timestamp",
  "array(varchar)": "array<string>",
};

/** A view as `CREATE VIEW` in Athena would leave it in the Glue Data Catalog. */
export class AuditView extends Construct {
  constructor(scope: Construct, id: string, { catalogId, databaseName, view }: AuditViewProps) {
    super(scope, id);
    const definition = {
      originalSql: view.sql,
      catalog: "awsdatacatalog",
      schema: databaseName,
      columns: view.columns.map(({ name, type }) => ({ name, type })),
    };
    const base64 = Buffer.from(JSON.stringify(definition), "utf8").toString("base64");
    new CfnTable(this, "View", {
      catalogId,
      databaseName,
      tableInput: {
        name: view.name,
        description: view.description,
        tableType: "VIRTUAL_VIEW",
        parameters: { presto_view: "true", comment: "Presto View" },
        partitionKeys: [],
        storageDescriptor: {
          columns: view.columns.map(({ name, type }) => ({ name, type: glueTypes[type] })),
          serdeInfo: {},
        },
        viewOriginalText: `/* Presto View: ${base64} */`,
        viewExpandedText: "/* Presto View */",
      },
    });
  }
}
