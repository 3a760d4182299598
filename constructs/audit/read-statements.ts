import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import { partitionOf } from "../configuration/regions";
import { databaseName, dataCatalog, workGroupName } from "./names";

/**
 * What an auditor may do in Athena and Glue: query in the one workgroup and see the one database. Neither tables nor saved
 * queries can be changed; results are read from the workgroup itself.
 * https://docs.aws.amazon.com/athena/latest/ug/fine-grained-access-to-glue-resources.html
 */
export function readStatements(account: string, region: string): PolicyStatement[] {
  const arn = (service: string, resource: string) =>
    `arn:${partitionOf(region)}:${service}:${region}:${account}:${resource}`;
  return [
    new PolicyStatement({
      sid: "QueryArchive",
      actions: [
        "athena:BatchGetNamedQuery",
        "athena:BatchGetQueryExecution",
        "athena:GetNamedQuery",
        "athena:GetQueryExecution",
        "athena:GetQueryResults",
        "athena:GetQueryResultsStream",
        "athena:GetQueryRuntimeStatistics",
        "athena:GetWorkGroup",
        "athena:ListNamedQueries",
        "athena:ListQueryExecutions",
        "athena:StartQueryExecution",
        "athena:StopQueryExecution",
      ],
      resources: [arn("athena", `workgroup/${workGroupName}`)],
    }),
    new PolicyStatement({
      sid: "BrowseCatalog",
      actions: [
        "athena:GetDataCatalog",
        "athena:GetDatabase",
        "athena:GetTableMetadata",
        "athena:ListDatabases",
        "athena:ListTableMetadata",
      ],
      resources: [arn("athena", `datacatalog/${dataCatalog}`)],
    }),
    // These know no resources: they list what the console offers for choice.
    new PolicyStatement({
      sid: "ListWorkGroups",
      actions: ["athena:ListDataCatalogs", "athena:ListEngineVersions", "athena:ListWorkGroups"],
      resources: ["*"],
    }),
    new PolicyStatement({
      sid: "ReadAuditDatabase",
      actions: [
        "glue:BatchGetPartition",
        "glue:GetDatabase",
        "glue:GetDatabases",
        "glue:GetPartition",
        "glue:GetPartitions",
        "glue:GetTable",
        "glue:GetTables",
      ],
      resources: [
        arn("glue", "catalog"),
        arn("glue", `database/${databaseName}`),
        arn("glue", `table/${databaseName}/*`),
      ],
    }),
    // Athena looks at the default database whatever the query is about.
    new PolicyStatement({
      sid: "SeeDefaultDatabase",
      actions: ["glue:GetDatabase"],
      resources: [arn("glue", "catalog"), arn("glue", "database/default")],
    }),
  ];
}
