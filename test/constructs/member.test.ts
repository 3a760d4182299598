import type { ConfigurationInput } from "../../constructs/configuration";
import { about, type Statement } from "../deploy/policies";
import { example, resource, synthesise, type Template } from "../deploy/synthesise";

const stackSet = (changes?: Partial<ConfigurationInput>) =>
  resource(synthesise(changes)["OrgLogArchive-Members"], "AWS::CloudFormation::StackSet").Properties;

const shipped = stackSet();
const body = String(shipped.TemplateBody);
const template: Template & Record<string, unknown> = JSON.parse(body);
const role = resource(template, "AWS::IAM::Role");
const statements = (role.Properties.Policies as { PolicyDocument: { Statement: Statement[] } }[]).flatMap(
  ({ PolicyDocument }) => PolicyDocument.Statement,
);

test("the member template stands alone: a role, no bootstrapping, no assets", () => {
  expect(Object.keys(template).sort()).toEqual(["Description", "Resources"]);
  expect(Object.values(template.Resources).map(({ Type }) => Type)).toEqual(["AWS::IAM::Role"]);
  expect(body).not.toMatch(/cdk-bootstrap|CDKMetadata|Fn::|"Ref"/);
});

test("the member template fits a StackSet in as many Regions as there are", () => {
  const regions = [
    "eu-central-1",
    "us-east-1",
    "us-west-2",
    "eu-west-1",
    "ap-southeast-2",
    "ap-northeast-1",
    "sa-east-1",
  ];
  const { TemplateBody } = stackSet({ regions });
  const role = resource(JSON.parse(String(TemplateBody)), "AWS::IAM::Role");
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
  expect(JSON.stringify(role.Properties.AssumeRolePolicyDocument).length).toBeLessThan(2048);
  expect(JSON.stringify(role.Properties.Policies).length).toBeLessThan(10_240);
  expect(String(TemplateBody).length).toBeLessThan(51_200);
});

test("only the exporters of the log archive account get in, with the external id and from the organisation", () => {
  expect(role.Properties).toMatchObject({ RoleName: "OrgLogArchiveMember", MaxSessionDuration: 3600 });
  expect(role.Properties.AssumeRolePolicyDocument).toMatchObject({
    Statement: [
      {
        Action: "sts:AssumeRole",
        Principal: { AWS: "arn:aws:iam::111122223333:root" },
        Condition: {
          ArnLike: {
            "aws:PrincipalArn": [
              "arn:aws:iam::111122223333:role/OrgLogArchive-plan-exports-*",
              "arn:aws:iam::111122223333:role/OrgLogArchive-run-export-tasks-*",
            ],
          },
          StringEquals: { "sts:ExternalId": "example-external-id", "aws:PrincipalOrgID": "o-exampleorgid" },
        },
      },
    ],
  });
});

const logGroup = "arn:aws:logs:eu-central-1:222222222222:log-group:/app:*";

test.each(["DescribeLogGroups", "ListLogGroups", "DescribeLogStreams", "CreateExportTask", "DescribeExportTasks"])(
  "the member role may logs:%s in the configured Regions",
  (action) => {
    expect(about(statements, "Allow", `logs:${action}`, logGroup)).toMatchObject([
      {
        Condition: {
          StringEquals: { "aws:RequestedRegion": ["eu-central-1", "us-east-1"] },
          StringEqualsIfExists: { "aws:ResourceAccount": `\${aws:PrincipalAccount}` },
        },
      },
    ]);
  },
);

test.each([
  "logs:GetLogEvents",
  "logs:FilterLogEvents",
  "logs:StartQuery",
  "logs:Unmask",
  "logs:CancelExportTask",
  "logs:DeleteLogGroup",
  "logs:PutRetentionPolicy",
  "s3:GetObject",
  "s3:ListBucket",
  "s3:DeleteObject",
  "kms:Encrypt",
  "iam:PassRole",
])("the member role may not %s", (action) => {
  for (const resource of ["*", logGroup, "arn:aws:s3:::org-log-archive-111122223333-eu-central-1/222222222222/x"])
    expect(about(statements, "Allow", action, resource)).toEqual([]);
});

test("the member role writes below its own account of the archive buckets only", () => {
  const writes = statements.filter(({ Action }) => [Action].flat().some((action) => action.startsWith("s3:")));
  expect(writes).toMatchObject([
    {
      Action: ["s3:PutObject", "s3:PutObjectAcl"],
      Condition: { StringEquals: { "aws:ResourceAccount": "111122223333" } },
      Resource: ["eu-central-1", "us-east-1"].map(
        (region) => `arn:aws:s3:::org-log-archive-111122223333-${region}/\${aws:PrincipalAccount}/*`,
      ),
    },
  ]);
});

test("keys serve to read encrypted log groups through CloudWatch Logs only", () => {
  const keys = statements.filter(({ Action }) => [Action].flat().some((action) => action.startsWith("kms:")));
  expect(keys).toMatchObject([
    {
      Action: ["kms:Decrypt", "kms:DescribeKey"],
      Condition: {
        StringEquals: {
          "kms:ViaService": ["logs.eu-central-1.amazonaws.com", "logs.us-east-1.amazonaws.com"],
          "aws:ResourceAccount": `\${aws:PrincipalAccount}`,
        },
      },
    },
  ]);
});

test("the archive's own keys serve the member role only where there are any, and through the services of exports only", () => {
  const { TemplateBody } = stackSet({ encryption: "kms" });
  const encrypted = resource(JSON.parse(String(TemplateBody)), "AWS::IAM::Role");
  const [inline] = encrypted.Properties.Policies as { PolicyDocument: { Statement: Statement[] } }[];
  expect(inline?.PolicyDocument.Statement.slice(statements.length)).toEqual([
    {
      Sid: "UseArchiveKeys",
      Effect: "Allow",
      Action: ["kms:Decrypt", "kms:GenerateDataKey"],
      Resource: ["eu-central-1", "us-east-1"].map((region) => `arn:aws:kms:${region}:111122223333:key/*`),
      Condition: {
        StringEquals: {
          "kms:ViaService": ["eu-central-1", "us-east-1"].flatMap((region) => [
            `s3.${region}.amazonaws.com`,
            `logs.${region}.amazonaws.com`,
          ]),
        },
      },
    },
  ]);
});

test("a staged roll-out begins with one unit: it alone gets the role", () => {
  const targets = { organizationalUnits: ["ou-abcd-12345678"] };
  expect(stackSet({ targets }).StackInstancesGroup).toEqual([
    { DeploymentTargets: { OrganizationalUnitIds: ["ou-abcd-12345678"] }, Regions: ["eu-central-1"] },
  ]);
});

test("the StackSet reaches accounts of the targets, now and later, and no failing account stops another", () => {
  expect(shipped).toMatchObject({
    StackSetName: "OrgLogArchive-Member",
    PermissionModel: "SERVICE_MANAGED",
    CallAs: "DELEGATED_ADMIN",
    AutoDeployment: { Enabled: true, RetainStacksOnAccountRemoval: false },
    Capabilities: ["CAPABILITY_NAMED_IAM"],
    ManagedExecution: { Active: true },
    OperationPreferences: { ConcurrencyMode: "SOFT_FAILURE_TOLERANCE", FailureTolerancePercentage: 100 },
    StackInstancesGroup: [
      { DeploymentTargets: { OrganizationalUnitIds: ["r-examplerootid111"] }, Regions: ["eu-central-1"] },
    ],
  });
});

test("accounts that are excluded do not get the role", () => {
  const targets = { ...example.targets, excludeAccounts: ["222222222222"] };
  expect(stackSet({ targets }).StackInstancesGroup).toMatchObject([
    { DeploymentTargets: { AccountFilterType: "DIFFERENCE", Accounts: ["222222222222"] } },
  ]);
});

test("a list of accounts is not widened by automatic deployment", () => {
  const restricted = stackSet({ targets: { ...example.targets, includeAccounts: ["222222222222"] } });
  expect(restricted.AutoDeployment).toEqual({ Enabled: false });
  expect(restricted.StackInstancesGroup).toMatchObject([
    { DeploymentTargets: { AccountFilterType: "INTERSECTION", Accounts: ["222222222222"] } },
  ]);
});
