import { databaseName, workGroupName } from "../../constructs/audit/names";
import { views } from "../../handlers/archive/sql";
import { namedQueries } from "../../handlers/archive/sql/named-queries";
import { configurations } from "../deploy/configurations";
import { about, type Statement } from "../deploy/policies";
import { resource, resources, synthesise, type Template } from "../deploy/synthesise";

interface Table {
  readonly Name: string;
  readonly TableType: string;
  readonly Parameters: Record<string, string>;
  readonly PartitionKeys: { Name: string }[];
  readonly ViewOriginalText: string;
  readonly StorageDescriptor: { Columns: { Name: string; Type: string }[]; SerdeInfo: { Parameters?: object } };
}

const { threeRegions, usGov } = configurations;
const templates = synthesise(threeRegions);
const home = templates["OrgLogArchive-eu-central-1"];
const account = "444455556666";
const tablesOf = (template: Template | undefined) =>
  resources(template, "AWS::Glue::Table").map(({ Properties }) => Properties.TableInput as Table);
const tables = tablesOf(home);
const table = (name: string) => tables.find(({ Name }) => Name === name);

test("there is one audit database, in the home Region", () => {
  expect(resource(home, "AWS::Glue::Database").Properties.DatabaseInput).toMatchObject({ Name: databaseName });
  for (const other of ["OrgLogArchive-us-east-1", "OrgLogArchive-ap-southeast-2"])
    expect(resources(templates[other], "AWS::Glue::Database")).toEqual([]);
});

test("a table spans the buckets of all Regions", () => {
  expect(table("raw_lines")?.Parameters).toMatchObject({
    "projection.enabled": "true",
    "projection.region.values": "eu-central-1,us-east-1,ap-southeast-2",
    "projection.account.type": "injected",
    "storage.location.template": `s3://org-log-archive-${account}-\${region}/\${account}/\${day}/`,
  });
  expect(table("raw_lines")?.PartitionKeys.map(({ Name }) => Name)).toEqual(["region", "account", "day"]);
});

test("questions about the whole organisation need no account: their tables have no such partition", () => {
  for (const name of ["raw_receipts", "raw_coverage"])
    expect(table(name)?.PartitionKeys.map(({ Name }) => Name)).toEqual(["region", "day"]);
  expect(JSON.stringify(table("raw_receipts")?.Parameters)).not.toContain("account=");
});

test("every day of 30 years in all Regions of AWS is fewer partitions than a query may read", () => {
  const [first] = table("raw_receipts")?.Parameters["projection.day.range"]?.split(",") ?? [];
  expect(table("raw_receipts")?.Parameters["projection.day.range"]).toBe(`${first},NOW`);
  const days = (Date.parse("2045-01-01") - Date.parse(`${first}`)) / 86_400_000;
  expect(days * 40).toBeLessThan(1_000_000);
});

test("a view says to Glue and to Athena the same columns, and its SQL", () => {
  const hive: Record<string, string> = {
    varchar: "string",
    bigint: "bigint",
    integer: "int",
    boolean: "boolean",
    "timestamp(3)": "timestamp",
    "array(varchar)": "array<string>",
  };
  for (const { name, sql } of views) {
    const found = table(name);
    expect(found).toMatchObject({ TableType: "VIRTUAL_VIEW", Parameters: { presto_view: "true" } });
    const [, base64 = ""] = /^\/\* Presto View: ([A-Za-z0-9+/=]+) \*\/$/.exec(found?.ViewOriginalText ?? "") ?? [];
    const definition = JSON.parse(Buffer.from(base64, "base64").toString("utf8"));
    expect(definition).toMatchObject({ originalSql: sql, catalog: "awsdatacatalog", schema: databaseName });
    expect(found?.StorageDescriptor.Columns.map(({ Name, Type }) => [Name, Type])).toEqual(
      definition.columns.map((column: { name: string; type: string }) => [column.name, hive[column.type]]),
    );
  }
});

test("the workgroup enforces encrypted results, and scans whatever a question about a day needs", () => {
  const { Name, WorkGroupConfiguration } = resource(home, "AWS::Athena::WorkGroup").Properties;
  expect(Name).toBe(workGroupName);
  expect(WorkGroupConfiguration).toMatchObject({
    EnforceWorkGroupConfiguration: true,
    PublishCloudWatchMetricsEnabled: true,
    ManagedQueryResultsConfiguration: { Enabled: true },
  });
  expect(WorkGroupConfiguration).not.toHaveProperty("BytesScannedCutoffPerQuery");
});

test("every question is saved in the workgroup, and fits what Athena takes", () => {
  const saved = resources(home, "AWS::Athena::NamedQuery").map(({ Properties }) => Properties);
  expect(saved.map(({ Name }) => Name).sort()).toEqual(
    namedQueries(account)
      .map(({ name }) => name)
      .sort(),
  );
  for (const { Name, Description, QueryString, Database, WorkGroup } of saved) {
    expect({ Database, WorkGroup }).toEqual({ Database: databaseName, WorkGroup: workGroupName });
    expect(String(Name).length).toBeLessThanOrEqual(128);
    expect(String(Description).length).toBeLessThanOrEqual(1024);
    expect(Buffer.byteLength(String(QueryString))).toBeLessThanOrEqual(262_144);
  }
});

describe("an auditor", () => {
  const policies = resources(home, "AWS::IAM::ManagedPolicy");
  const auditor = policies.find(({ Properties }) => Properties.ManagedPolicyName === "OrgLogArchiveAuditor");
  const PolicyDocument = auditor?.Properties.PolicyDocument;
  const statements = (PolicyDocument as { Statement: Statement[] }).Statement;
  const arn = (service: string, rest: string) => `arn:aws:${service}:eu-central-1:${account}:${rest}`;
  const allows = (action: string, resource: string) => about(statements, "Allow", action, resource).length > 0;
  const ours = arn("athena", `workgroup/${workGroupName}`);

  test("queries in the workgroup and reads its results", () => {
    for (const action of ["StartQueryExecution", "GetQueryExecution", "GetQueryResults", "GetNamedQuery"])
      expect(allows(`athena:${action}`, ours)).toBe(true);
    for (const resource of ["catalog", `database/${databaseName}`, `table/${databaseName}/events`])
      expect(allows("glue:GetTable", arn("glue", resource))).toBe(true);
    expect(allows("glue:GetDatabase", arn("glue", "database/default"))).toBe(true);
  });

  test("queries nowhere else, and sees no other database", () => {
    expect(allows("athena:StartQueryExecution", arn("athena", "workgroup/primary"))).toBe(false);
    expect(allows("glue:GetTable", arn("glue", "table/default/any"))).toBe(false);
    expect(allows("glue:GetTable", arn("glue", "table/other/any"))).toBe(false);
  });

  test("changes neither workgroup nor saved queries nor tables, and writes to no bucket", () => {
    for (const action of [
      "UpdateWorkGroup",
      "DeleteWorkGroup",
      "CreateNamedQuery",
      "UpdateNamedQuery",
      "DeleteNamedQuery",
    ])
      expect(allows(`athena:${action}`, ours)).toBe(false);
    for (const action of ["CreateTable", "UpdateTable", "DeleteTable", "CreatePartition", "UpdateDatabase"])
      expect(allows(`glue:${action}`, arn("glue", `table/${databaseName}/events`))).toBe(false);
    expect(allows("s3:PutObject", `arn:aws:s3:::org-log-archive-${account}-eu-central-1/any`)).toBe(false);
  });
});

test("in a partition of its own the policy names that partition's ARNs", () => {
  const policies = resources(synthesise(usGov)["OrgLogArchive-us-gov-west-1"], "AWS::IAM::ManagedPolicy");
  const auditor = policies.find(({ Properties }) => Properties.ManagedPolicyName === "OrgLogArchiveAuditor");
  expect(JSON.stringify(auditor?.Properties.PolicyDocument)).toContain(
    `arn:aws-us-gov:athena:us-gov-west-1:${account}:workgroup/${workGroupName}`,
  );
});
