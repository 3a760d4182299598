import { eventsPrefix } from "../../handlers/archive/layout";
import { configurations } from "../deploy/configurations";
import { about, type Statement, statementsOf } from "../deploy/policies";
import { resource, resources, synthesise, warnings } from "../deploy/synthesise";

const templates = synthesise(configurations.threeRegions);
const template = templates["OrgLogArchive-us-east-1"];
const bucket = resource(template, "AWS::S3::Bucket").Properties;
const plainBucket = resource(
  synthesise(configurations.oneRegion)["OrgLogArchive-eu-west-1"],
  "AWS::S3::Bucket",
).Properties;

interface Rule {
  readonly Id: string;
  readonly Prefix?: string;
  readonly ExpirationInDays?: number;
  readonly Transitions?: unknown;
  readonly NoncurrentVersionExpiration?: unknown;
}
const rules = (properties: Record<string, unknown>) => (properties.LifecycleConfiguration as { Rules: Rule[] }).Rules;

const keys = resources(template, "AWS::KMS::Key");
const archiveKey = keys.find(({ Properties }) => String(Properties.Description).includes("log archive in this Region"));
const keyPolicy = archiveKey?.Properties.KeyPolicy as { Statement: (Statement & { Principal: unknown })[] };
const sid = (name: string) => keyPolicy.Statement.find(({ Sid }) => Sid === name);

test("with kms, every object is encrypted by default with a key of the Region's own and a bucket key", () => {
  expect(bucket.BucketEncryption).toEqual({
    ServerSideEncryptionConfiguration: [
      {
        BucketKeyEnabled: true,
        ServerSideEncryptionByDefault: {
          SSEAlgorithm: "aws:kms",
          KMSMasterKeyID: { "Fn::GetAtt": [expect.stringContaining("ArchiveKey"), "Arn"] },
        },
      },
    ],
  });
  expect(archiveKey).toMatchObject({ DeletionPolicy: "Retain", Properties: { EnableKeyRotation: true } });
});

test("CloudWatch Logs uses the key for this organisation only, wherever AWS says for whom it calls", () =>
  expect(sid("CloudWatchLogsExports")).toMatchObject({
    Principal: { Service: "logs.us-east-1.amazonaws.com" },
    Action: ["kms:Decrypt", "kms:GenerateDataKey"],
    Condition: {
      StringEqualsIfExists: { "aws:SourceOrgID": "o-abcdefghij" },
      ArnLikeIfExists: { "aws:SourceArn": "arn:aws:logs:us-east-1:*:log-group:*" },
    },
  }));

test("member roles use the key through S3 and CloudWatch Logs only", () =>
  expect(sid("MemberRolesExport")).toMatchObject({
    Action: ["kms:Decrypt", "kms:GenerateDataKey"],
    Condition: {
      StringEquals: {
        "aws:PrincipalOrgID": "o-abcdefghij",
        "kms:ViaService": ["s3.us-east-1.amazonaws.com", "logs.us-east-1.amazonaws.com"],
      },
      ArnLike: { "aws:PrincipalArn": "arn:aws:iam::*:role/OrgLogArchiveMember" },
    },
  }));

test("every handler may use the key through S3 only, and none has a right to it without one", () => {
  for (const name of ["list-accounts", "plan-exports", "run-export-tasks", "record-coverage", "report-run"]) {
    const statements = statementsOf(template, `OrgLogArchive-${name}-us-east-1`);
    expect(statements.filter(({ Sid }) => Sid === "UseArchiveKey")).toMatchObject([
      {
        Action: ["kms:Decrypt", "kms:GenerateDataKey"],
        Resource: { "Fn::GetAtt": [expect.stringContaining("ArchiveKey"), "Arn"] },
        Condition: { StringEquals: { "kms:ViaService": "s3.us-east-1.amazonaws.com" } },
      },
    ]);
    const plain = statementsOf(synthesise()["OrgLogArchive-us-east-1"], `OrgLogArchive-${name}-us-east-1`);
    expect(about(plain, "Allow", "kms:Decrypt", "*")).toEqual([]);
  }
});

test("an object lock is on from the bucket's creation, for every version", () => {
  expect(bucket).toMatchObject({
    ObjectLockEnabled: true,
    ObjectLockConfiguration: {
      ObjectLockEnabled: "Enabled",
      Rule: { DefaultRetention: { Mode: "COMPLIANCE", Days: 365 } },
    },
    VersioningConfiguration: { Status: "Enabled" },
  });
  expect(plainBucket.ObjectLockEnabled).toBeUndefined();
  const governed = synthesise({ objectLock: { mode: "GOVERNANCE", days: 7 } })["OrgLogArchive-us-east-1"];
  expect(resource(governed, "AWS::S3::Bucket").Properties.ObjectLockConfiguration).toMatchObject({
    Rule: { DefaultRetention: { Mode: "GOVERNANCE", Days: 7 } },
  });
});

const records = ["receipts/day=2026-01-31/x", "coverage/day=2026-01-31/x", "runs/run/report.json"];
const touching = (key: string) =>
  rules(bucket).filter(({ Id, Prefix }) => Id !== "IncompleteUploads" && key.startsWith(Prefix ?? ""));

test("log data of every account is moved and expired", () => {
  for (let digit = 0; digit < 10; digit += 1) {
    const found = touching(`${String(digit).repeat(12)}/2026-01-31/task/stream/000000.gz`);
    expect(found).toMatchObject([
      { Transitions: [{ StorageClass: "GLACIER_IR", TransitionInDays: 90 }] },
      { ExpirationInDays: 2557, NoncurrentVersionExpiration: { NoncurrentDays: 90 } },
    ]);
  }
});

test("a size says which objects are moved, and keeps none from expiring", () => {
  const transition = { storageClass: "GLACIER_IR" as const, afterDays: 90, objectSizeGreaterThan: 32_768 };
  const sized = synthesise({ lifecycle: { transition, expireAfterDays: 2557 } })["OrgLogArchive-us-east-1"];
  const [, moving, expiring] = rules(resource(sized, "AWS::S3::Bucket").Properties);
  expect(moving).toMatchObject({ Transitions: expect.anything(), ObjectSizeGreaterThan: 32_768 });
  expect(expiring).toMatchObject({ ExpirationInDays: 2557 });
  expect(expiring).not.toHaveProperty("ObjectSizeGreaterThan");
  // S3's own default stands where nothing is said.
  for (const rule of rules(bucket)) expect(rule).not.toHaveProperty("ObjectSizeGreaterThan");
});

test.each([
  [
    { storageClass: "GLACIER_IR" as const },
    ["no object below 128 KB to GLACIER_IR", "$0.02", "23 KB", "objectSizeGreaterThan"],
  ],
  [{ storageClass: "STANDARD_IA" as const }, ["no object below 128 KB to STANDARD_IA", "$0.01", "70 KB"]],
  [
    { storageClass: "GLACIER_IR" as const, objectSizeGreaterThan: 65_536 },
    ["objects above 65536 bytes", "$0.02", "23 KB"],
  ],
  [{ storageClass: "INTELLIGENT_TIERING" as const }, ["no object below 128 KB", "as in S3 Standard", "$0.01"]],
])("synth says what %j moves and what a thousand moves cost", (transition, words) => {
  const lifecycle = { transition: { afterDays: 90, ...transition } };
  const said = warnings({ lifecycle }).filter((warning) => warning.includes("lifecycle.transition"));
  expect(said).toHaveLength(2);
  for (const word of words) expect(said[0]).toContain(word);
});

test("event files have a lifecycle of their own: log data's does not touch them, and theirs nothing else", () => {
  const key = `${eventsPrefix("2026-01-31", "111122223333")}events-x.parquet`;
  expect(touching(key)).toEqual([]);
  const transition = { storageClass: "STANDARD_IA" as const, afterDays: 30, objectSizeGreaterThan: 1024 };
  const template = synthesise({ eventFiles: { transition, expireAfterDays: 400 } })["OrgLogArchive-us-east-1"];
  expect(rules(resource(template, "AWS::S3::Bucket").Properties).slice(1)).toMatchObject([
    {
      Prefix: "events/",
      Transitions: [{ StorageClass: "STANDARD_IA", TransitionInDays: 30 }],
      ObjectSizeGreaterThan: 1024,
    },
    { Prefix: "events/", ExpirationInDays: 400, NoncurrentVersionExpiration: { NoncurrentDays: 1 } },
  ]);
  expect(key.startsWith("events/")).toBe(true);
  expect(warnings({ eventFiles: { transition } }).join()).toContain("eventFiles.transition moves objects above 1024");
});

test.each(records)("no lifecycle rule touches %s", (key) => expect(touching(key)).toEqual([]));

test("incomplete uploads are cleared everywhere, and nothing else is removed unless it is asked for", () => {
  const uploads = {
    Id: "IncompleteUploads",
    Status: "Enabled",
    AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
  };
  expect(rules(bucket)[0]).toEqual(uploads);
  expect(rules(plainBucket)).toEqual([uploads]);
});

test("auditors read every Region's archive with its versions, decrypt it through S3, and change nothing", () => {
  const policies = resources(templates["OrgLogArchive-eu-central-1"], "AWS::IAM::ManagedPolicy");
  const auditor = policies.find(({ Properties }) => Properties.ManagedPolicyName === "OrgLogArchiveAuditor");
  const { Statement } = (auditor?.Properties.PolicyDocument ?? { Statement: [] }) as { Statement: Statement[] };
  for (const region of ["eu-central-1", "us-east-1", "ap-southeast-2"]) {
    const object = `arn:aws:s3:::org-log-archive-444455556666-${region}/222222222222/2026-01-31/task/stream/000000.gz`;
    expect(about(Statement, "Allow", "s3:GetObjectVersion", object)).toHaveLength(1);
    expect(about(Statement, "Allow", "kms:Decrypt", `arn:aws:kms:${region}:444455556666:key/1`)).toHaveLength(1);
  }
  const actions = Statement.flatMap(({ Action }) => [Action].flat());
  const reading = /:(Get|List|BatchGet)|^kms:Decrypt$|^athena:(Start|Stop)QueryExecution$/;
  expect(actions.filter((action) => !reading.test(action))).toEqual([]);
  expect(resources(template, "AWS::IAM::ManagedPolicy")).toEqual([]);
});
