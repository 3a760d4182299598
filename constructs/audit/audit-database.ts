import { CfnDatabase } from "aws-cdk-lib/aws-glue";
import type { ManagedPolicy, PolicyStatement } from "aws-cdk-lib/aws-iam";
import { Construct } from "constructs";
import { archiveBucketName } from "../../handlers/archive/layout";
import { views } from "../../handlers/archive/sql";
import { namedQueries } from "../../handlers/archive/sql/named-queries";
import type { Configuration } from "../configuration";
import { AuditView } from "./audit-view";
import { AuditWorkGroup } from "./audit-work-group";
import { databaseName, workGroupName } from "./names";
import { RawTable } from "./raw-table";
import { rawTables } from "./raw-tables";
import { readStatements } from "./read-statements";

export interface AuditDatabaseProps {
  readonly configuration: Configuration;
}

/** The archive of all Regions as SQL: tables, views, saved queries and the workgroup to ask them in. For the home Region. */
export class AuditDatabase extends Construct {
  private readonly configuration: Configuration;

  constructor(scope: Construct, id: string, { configuration }: AuditDatabaseProps) {
    super(scope, id);
    this.configuration = configuration;
    const { logArchiveAccount, homeRegion, regions } = configuration;
    const place = { catalogId: logArchiveAccount, databaseName };
    const database = new CfnDatabase(this, "Database", {
      catalogId: logArchiveAccount,
      databaseInput: { name: databaseName, description: "The organisation's log archive" },
    });
    const tables = rawTables(
      logArchiveAccount,
      regions.map(({ name }) => name),
    );
    const bucketName = archiveBucketName(logArchiveAccount, homeRegion);
    for (const table of tables)
      new RawTable(this, table.tableName, { ...place, ...table, bucketName }).node.addDependency(database);
    for (const view of views) new AuditView(this, view.name, { ...place, view }).node.addDependency(database);
    new AuditWorkGroup(this, "WorkGroup", {
      name: workGroupName,
      databaseName,
      namedQueries: namedQueries(logArchiveAccount),
    });
  }

  /** What querying takes besides reading the archive's buckets. */
  statements(): PolicyStatement[] {
    const { logArchiveAccount, homeRegion } = this.configuration;
    return readStatements(logArchiveAccount, homeRegion);
  }

  grantRead(policy: ManagedPolicy): void {
    policy.addStatements(...this.statements());
  }
}
