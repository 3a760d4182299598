import { maxBucketPolicyBytes } from "../../constructs/archive/bucket-policy";
import { InvalidConfiguration } from "../../constructs/configuration";
import { functionNames } from "../../constructs/names";
import { about, type Statement } from "../deploy/policies";
import { resource, resources, synthesise, type Template } from "../deploy/synthesise";

const bucketName = "org-log-archive-111122223333-eu-central-1";
const bucket = `arn:aws:s3:::${bucketName}`;
const exported = `${bucket}/222222222222/2026-01-31/0f3e0c3a-0000-4000-8000-000000000000/stream/000000.gz`;

const policyOf = (template: Template | undefined) => {
  const { Properties } = resource(template, "AWS::S3::BucketPolicy");
  return (Properties.PolicyDocument as { Statement: (Statement & { Principal: unknown })[] }).Statement;
};
const region = "OrgLogArchive-eu-central-1";
const template = synthesise()[region];
const policy = policyOf(template);
const sid = (name: string) => policy.find(({ Sid }) => Sid === name);

test("the archive is private, versioned, encrypted and outlives its stack", () => {
  expect(resources(template, "AWS::S3::Bucket")).toMatchObject([
    {
      DeletionPolicy: "Retain",
      Properties: {
        BucketName: bucketName,
        VersioningConfiguration: { Status: "Enabled" },
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" } }],
        },
        OwnershipControls: { Rules: [{ ObjectOwnership: "BucketOwnerEnforced" }] },
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
      },
    },
  ]);
  expect(resources(template, "AWS::S3::BucketPolicy")).toMatchObject([{ DeletionPolicy: "Retain" }]);
});

test("CloudWatch Logs may write for accounts of the organisation only", () => {
  expect(sid("CloudWatchLogsExports")).toMatchObject({
    Effect: "Allow",
    Principal: { Service: "logs.eu-central-1.amazonaws.com" },
    Action: ["s3:GetBucketAcl", "s3:PutObject"],
    Condition: {
      StringEquals: { "aws:SourceOrgID": "o-exampleorgid" },
      ArnLike: { "aws:SourceArn": "arn:aws:logs:eu-central-1:*:log-group:*" },
    },
  });
});

test("exports reach account prefixes and never the records about them", () => {
  const service = policy.filter(({ Sid }) => Sid === "CloudWatchLogsExports");
  expect(about(service, "Allow", "s3:PutObject", exported)).toHaveLength(1);
  expect(about(service, "Allow", "s3:PutObject", `${bucket}/222222222222/2026-01-31/aws-logs-write-test`)).toHaveLength(
    1,
  );
  for (const key of [
    "receipts/day=2026-01-31/account=222222222222/0.1.json",
    "coverage/day=2026-01-31/account=222222222222/run-1.jsonl",
    "runs/2026-01-31/report.json",
  ]) {
    expect(about(service, "Allow", "s3:PutObject", `${bucket}/${key}`)).toEqual([]);
    expect(about(policy, "Deny", "s3:PutObject", `${bucket}/${key}`)).toContainEqual(sid("HandlersAloneWriteRecords"));
  }
});

test.each([
  ["SealAccountAloneSeals", ["events/*", "seals/*"], "seal-account"],
  ["SignDigestAloneSigns", ["digests/*", "runs/*/head.json"], "sign-digest"],
])("%s: one role of this Region writes there, and no other that is allowed to", (name, patterns, writer) => {
  const { Effect, Principal, Action, Resource, Condition } = sid(name) ?? {};
  expect({ Effect, Principal, Action }).toEqual({ Effect: "Deny", Principal: { AWS: "*" }, Action: "s3:PutObject" });
  expect([Resource].flat().map((arn) => String(arn).split("/").slice(1).join("/"))).toEqual(patterns);
  expect(Condition).toEqual({
    ArnNotEquals: { "aws:PrincipalArn": [`arn:aws:iam::111122223333:role/OrgLogArchive-${writer}-eu-central-1`] },
  });
});

test("only this Region's handlers are exempt from the records' protection", () =>
  expect(sid("HandlersAloneWriteRecords")?.Condition).toEqual({
    ArnNotEquals: {
      "aws:PrincipalArn": functionNames.map(
        (name) => `arn:aws:iam::111122223333:role/OrgLogArchive-${name}-eu-central-1`,
      ),
    },
  }));

test("no principal deletes a version or gets round a lock, not even the log archive account", () =>
  expect(sid("NobodyDeletes")).toEqual({
    Sid: "NobodyDeletes",
    Effect: "Deny",
    Principal: { AWS: "*" },
    Action: ["s3:BypassGovernanceRetention", "s3:DeleteObject", "s3:DeleteObjectVersion"],
    Resource: `${bucket}/*`,
  }));

test("no statement denies what CloudWatch Logs sends: it names no encryption, ACL or checksum", () => {
  const denied = policy.filter(({ Effect }) => Effect === "Deny").map(({ Condition }) => Condition);
  expect(JSON.stringify(denied)).not.toMatch(/s3:x-amz/);
});

test("member roles of the organisation write below their own account only", () => {
  expect(sid("MemberRolesExport")).toMatchObject({
    Effect: "Allow",
    Action: ["s3:PutObject", "s3:PutObjectAcl"],
    Resource: `${bucket}/\${aws:PrincipalAccount}/*`,
    Condition: {
      StringEquals: { "aws:PrincipalOrgID": "o-exampleorgid" },
      ArnLike: { "aws:PrincipalArn": "arn:aws:iam::*:role/OrgLogArchiveMember" },
    },
  });
});

test("no request reaches the archive without TLS", () =>
  expect(sid("TlsOnly")).toMatchObject({
    Effect: "Deny",
    Action: "s3:*",
    Resource: [bucket, `${bucket}/*`],
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  }));

const accounts = (count: number) => Array.from({ length: count }, (_, index) => String(100000000000 + index));

test("the accounts form names the source accounts instead of the organisation", () => {
  const sourceAccounts = accounts(2);
  const [service] = policyOf(synthesise({ bucketPolicy: "accounts", sourceAccounts })[region]);
  expect(service?.Condition?.StringEquals).toEqual({ "aws:SourceAccount": sourceAccounts });
});

test("source accounts that do not fit a bucket policy are refused with the number that does", () => {
  const tooMany = () => synthesise({ bucketPolicy: "accounts", sourceAccounts: accounts(2000) });
  expect(tooMany).toThrow(InvalidConfiguration);
  const most = Number(/at most (\d+) accounts/.exec(messageOf(tooMany))?.[1]);
  const fits = (count: number) =>
    synthesise({ bucketPolicy: "accounts", sourceAccounts: accounts(count), regions: ["eu-central-1"] });
  const document = resource(fits(most)[region], "AWS::S3::BucketPolicy").Properties.PolicyDocument;
  const bytes = JSON.stringify(document).length;
  expect(bytes).toBeLessThanOrEqual(maxBucketPolicyBytes);
  expect(bytes).toBeGreaterThan(maxBucketPolicyBytes - 15);
  expect(() => fits(most + 1)).toThrow(InvalidConfiguration);
});

function messageOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof Error) return error.message;
  }
  return "";
}
