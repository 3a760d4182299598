import { CfnNamedQuery, CfnWorkGroup } from "aws-cdk-lib/aws-athena";
import { Construct } from "constructs";
import type { NamedQuery } from "../../handlers/archive/sql/named-queries";

export interface AuditWorkGroupProps {
  readonly name: string;
  readonly databaseName: string;
  readonly namedQueries: readonly NamedQuery[];
}

/**
 * Where auditors query, on terms that they cannot change. Results lie in Athena's own storage, encrypted, for a day: no
 * auditor needs to write to any bucket.
 * https://docs.aws.amazon.com/athena/latest/ug/managed-results.html
 */
export class AuditWorkGroup extends Construct {
  constructor(scope: Construct, id: string, { name, databaseName, namedQueries }: AuditWorkGroupProps) {
    super(scope, id);
    const workGroup = new CfnWorkGroup(this, "WorkGroup", {
      name,
      description: "Questions to the organisation's log archive",
      // Saved queries and a history do not keep it from being deleted.
      recursiveDeleteOption: true,
      workGroupConfiguration: {
        enforceWorkGroupConfiguration: true,
        // No limit to what a query scans: CloudFormation takes 2 GB at most, and a day of an organisation may have more.
        publishCloudWatchMetricsEnabled: true,
        requesterPaysEnabled: false,
        engineVersion: { selectedEngineVersion: "Athena engine version 3" },
        managedQueryResultsConfiguration: { enabled: true },
      },
    });
    for (const query of namedQueries)
      new CfnNamedQuery(this, query.name.replaceAll(/[^A-Za-z]/g, ""), {
        name: query.name,
        description: query.description,
        database: databaseName,
        queryString: query.sql,
        workGroup: name,
      }).addResourceDependency(workGroup);
  }
}
