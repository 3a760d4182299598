import { about, statementsOf } from "../deploy/policies";
import { resources, synthesise } from "../deploy/synthesise";

const region = "eu-central-1";
const template = synthesise()[`OrgLogArchive-${region}`];
const bucket = `arn:aws:s3:::org-log-archive-111122223333-${region}`;
const functions = resources(template, "AWS::Lambda::Function");
const memberRole = "arn:aws:iam::222222222222:role/OrgLogArchiveMember";

const allowed = (name: string, action: string, resource: string) =>
  about(statementsOf(template, `OrgLogArchive-${name}-${region}`), "Allow", action, resource).length > 0;

test("every function runs Node.js 24 on arm64 with a log group of its own, and there is no other", () => {
  expect(functions).toHaveLength(7);
  for (const { Properties } of functions)
    expect(Properties).toMatchObject({
      Runtime: "nodejs24.x",
      Architectures: ["arm64"],
      MemorySize: expect.any(Number),
      Handler: "index.handler",
      LoggingConfig: { LogGroup: expect.anything() },
    });
  const groups = resources(template, "AWS::Logs::LogGroup");
  expect(groups.every(({ Properties }) => Number(Properties.RetentionInDays) > 0)).toBe(true);
});

test("functions get the environment that their handlers read", () => {
  const environments = functions.map(({ Properties }) => Properties.Environment);
  const archive = { ARCHIVE_BUCKET: "org-log-archive-111122223333-eu-central-1" };
  const member = {
    ...archive,
    MEMBER_ROLE_NAME: "OrgLogArchiveMember",
    EXTERNAL_ID: "example-external-id",
    PARTITION: "aws",
  };
  const signing = {
    ...archive,
    SIGNING_KEY_ARN: { "Fn::GetAtt": [expect.stringContaining("SigningKey"), "Arn"] },
    CONFIGURATION_SHA256: expect.stringMatching(/^[0-9a-f]{64}$/),
    CODE_SHA256: "0".repeat(64),
  };
  expect(environments).toEqual(
    [archive, member, member, archive, archive, archive, signing].map((Variables) => ({ Variables })),
  );
});

const rights: [name: string, action: string, resource: string, who: string[]][] = [
  ["list the accounts", "organizations:ListAccounts", "*", ["list-accounts"]],
  ["enter member accounts", "sts:AssumeRole", memberRole, ["plan-exports", "run-export-tasks"]],
  ["commit receipts", "s3:PutObject", `${bucket}/receipts/day=2026-01-31/x`, ["run-export-tasks"]],
  [
    "read receipts",
    "s3:GetObject",
    `${bucket}/receipts/day=2026-01-31/x`,
    // The first to tell the zone of the days in it.
    ["list-accounts", "run-export-tasks", "record-coverage", "seal-account", "report-run"],
  ],
  [
    "read coverage",
    "s3:GetObject",
    `${bucket}/coverage/day=2026-01-31/x`,
    ["plan-exports", "seal-account", "sign-digest"],
  ],
  ["write coverage", "s3:PutObject", `${bucket}/coverage/day=2026-01-31/x`, ["record-coverage", "report-run"]],
  ["write exported data", "s3:PutObject", `${bucket}/222222222222/2026-01-31/task/stream/000000.gz`, []],
  ["read exported data", "s3:GetObject", `${bucket}/222222222222/2026-01-31/task/stream/000000.gz`, ["seal-account"]],
  ["seal", "s3:PutObject", `${bucket}/seals/day=2026-01-31/account=222222222222/1.json`, ["seal-account"]],
  ["write digests", "s3:PutObject", `${bucket}/digests/0000000001.json`, ["sign-digest"]],
  ["write event files", "s3:PutObject", `${bucket}/events/day=2026-01-31/x`, ["seal-account"]],
  ["delete anything", "s3:DeleteObject", `${bucket}/runs/run/report.json`, []],
  ["assume any other role", "sts:AssumeRole", "arn:aws:iam::222222222222:role/Admin", []],
  ["read log events", "logs:FilterLogEvents", "*", []],
];
const names = [
  "list-accounts",
  "plan-exports",
  "run-export-tasks",
  "record-coverage",
  "seal-account",
  "report-run",
  "sign-digest",
];

test.each(rights)("those who may %s are known", (_, action, resource, who) =>
  expect(names.filter((name) => allowed(name, action, resource))).toEqual(who),
);

test("every function keeps its run's records", () => {
  for (const name of names)
    for (const action of ["s3:GetObject", "s3:PutObject"])
      expect(allowed(name, action, `${bucket}/runs/run/plan.json`)).toBe(true);
});

test("a missing key is told from an unreadable one, and listings stay inside what a function needs", () => {
  const prefixes = (name: string, action = "s3:ListBucket") =>
    about(statementsOf(template, `OrgLogArchive-${name}-${region}`), "Allow", action, bucket).map(
      ({ Condition }) => Condition,
    );
  expect(prefixes("run-export-tasks")).toEqual([
    { StringLike: { "s3:prefix": ["runs/*/outcomes/*"] } },
    { Null: { "s3:prefix": "true" } },
  ]);
  expect(prefixes("run-export-tasks", "s3:ListBucketVersions")).toEqual([
    { StringLike: { "s3:prefix": ["????????????/????-??-??/*"] } },
  ]);
  expect(prefixes("plan-exports")).toEqual([{ StringLike: { "s3:prefix": ["receipts/*", "coverage/*"] } }]);
});

test("no function may do everything with anything", () => {
  for (const { Properties } of resources(template, "AWS::IAM::Role"))
    expect(JSON.stringify(Properties.ManagedPolicyArns ?? [])).toBe("[]");
  for (const name of names)
    for (const { Action } of statementsOf(template, `OrgLogArchive-${name}-${region}`))
      expect(JSON.stringify(Action)).not.toContain("*");
});
