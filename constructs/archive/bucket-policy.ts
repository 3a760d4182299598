import { Stack } from "aws-cdk-lib";
import { AnyPrincipal, Effect, PolicyDocument, PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { Construct } from "constructs";
import { memberRoleName } from "../../handlers/archive/layout";
import { InvalidConfiguration } from "../configuration";
import { domainSuffixOf, partitionOf } from "../configuration/regions";
import { type FunctionName, functionNames, functionRoleName } from "../names";
import { principalAccount } from "../policy-variables";

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html */
export const maxBucketPolicyBytes = 20 * 1024;

/** Where this project writes about the archive, and who writes there. */
const records: readonly {
  readonly sid: string;
  readonly keys: readonly string[];
  readonly writers: readonly FunctionName[];
}[] = [
  { sid: "HandlersAloneWriteRecords", keys: ["receipts/*", "coverage/*", "runs/*"], writers: functionNames },
  { sid: "SealAccountAloneSeals", keys: ["seals/*", "events/*"], writers: ["seal-account"] },
  // Heads say how far the chain went where its end is removed.
  { sid: "SignDigestAloneSigns", keys: ["digests/*", "runs/*/head.json"], writers: ["sign-digest"] },
];

/**
 * What CloudWatch Logs demands of an export task's creator. AWS asks for the latter only where a bucket has access control
 * lists, and users needed it elsewhere; this bucket has none that it could change.
 * https://github.com/awsdocs/amazon-cloudwatch-logs-user-guide/issues/17
 */
export const writingObjects = ["s3:PutObject", "s3:PutObjectAcl"];

/**
 * `<account>/<day>/...`: where exported data lies. AWS does not say whether `${aws:SourceAccount}` may stand in a
 * resource when CloudWatch Logs calls; the shape of the key holds whether it may or not. What keeps an account to its own prefix is
 * the member roles' statement: CloudWatch Logs demands the same permission of the export task's creator.
 */
export const exportedKeys = "????????????/????-??-??/*";

export interface BucketPolicyProps {
  readonly bucketName: string;
  readonly region: string;
  readonly logArchiveAccount: string;
  readonly organizationId: string;
  /** Names the accounts for which CloudWatch Logs may write one by one, instead of by their organisation. */
  readonly sourceAccounts?: readonly string[];
}

/**
 * Who may write to the archive bucket from outside its account, in literal ARNs so that synth can measure it.
 * @throws {InvalidConfiguration} when there are more `sourceAccounts` than a bucket policy holds.
 */
export function bucketPolicyStatements(scope: Construct, props: BucketPolicyProps): PolicyStatement[] {
  const { sourceAccounts = [] } = props;
  const statements = statementsOf(props);
  const surplus = policyBytes(scope, statements) - maxBucketPolicyBytes;
  if (surplus <= 0) return statements;
  const bytesPerAccount = '"111122223333",'.length;
  throw new InvalidConfiguration([
    {
      path: "sourceAccounts",
      given: `${sourceAccounts.length} accounts`,
      allowed: `at most ${sourceAccounts.length - Math.ceil(surplus / bytesPerAccount)} accounts, because a bucket policy holds 20 KB`,
      change: 'List fewer accounts, or set bucketPolicy to "organization".',
    },
  ]);
}

function policyBytes(scope: Construct, statements: PolicyStatement[]): number {
  return JSON.stringify(Stack.of(scope).resolve(new PolicyDocument({ statements }))).length;
}

function statementsOf(props: BucketPolicyProps): PolicyStatement[] {
  const { bucketName, region, logArchiveAccount, organizationId, sourceAccounts } = props;
  const partition = partitionOf(region);
  const bucket = `arn:${partition}:s3:::${bucketName}`;
  const keys = (patterns: readonly string[]) => patterns.map((pattern) => `${bucket}/${pattern}`);
  return [
    // The two permissions of https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/S3ExportTasks.html share a statement,
    // because the accounts in it are what fills the policy.
    new PolicyStatement({
      sid: "CloudWatchLogsExports",
      principals: [new ServicePrincipal(`logs.${region}.${domainSuffixOf(region)}`)],
      actions: ["s3:GetBucketAcl", "s3:PutObject"],
      resources: [bucket, ...keys([exportedKeys])],
      conditions: {
        StringEquals: sourceAccounts ? { "aws:SourceAccount": sourceAccounts } : { "aws:SourceOrgID": organizationId },
        ArnLike: { "aws:SourceArn": `arn:${partition}:logs:${region}:*:log-group:*` },
      },
    }),
    // The organisation's id never matches a service principal, nor does the service's statement match a role.
    new PolicyStatement({
      sid: "MemberRolesExport",
      principals: [new AnyPrincipal()],
      actions: writingObjects,
      resources: keys([`${principalAccount}/*`]),
      conditions: {
        StringEquals: { "aws:PrincipalOrgID": organizationId },
        ArnLike: { "aws:PrincipalArn": `arn:${partition}:iam::*:role/${memberRoleName}` },
      },
    }),
    ...records.map(
      ({ sid, keys: patterns, writers }) =>
        new PolicyStatement({
          sid,
          effect: Effect.DENY,
          principals: [new AnyPrincipal()],
          actions: ["s3:PutObject"],
          resources: keys(patterns),
          // One by one: a principal that creates roles in the account could give one any name that a pattern matches.
          // A service's call has no such key, and is denied too.
          conditions: {
            ArnNotEquals: {
              "aws:PrincipalArn": writers.map(
                (name) => `arn:${partition}:iam::${logArchiveAccount}:role/${functionRoleName(name, region)}`,
              ),
            },
          },
        }),
    ),
    // Lifecycle rules are not bound by it, nor is a principal that changes this policy first; CloudTrail tells of both. Only a lock holds.
    new PolicyStatement({
      sid: "NobodyDeletes",
      effect: Effect.DENY,
      principals: [new AnyPrincipal()],
      actions: ["s3:BypassGovernanceRetention", "s3:DeleteObject", "s3:DeleteObjectVersion"],
      resources: keys(["*"]),
    }),
    new PolicyStatement({
      sid: "TlsOnly",
      effect: Effect.DENY,
      principals: [new AnyPrincipal()],
      actions: ["s3:*"],
      resources: [bucket, `${bucket}/*`],
      conditions: { Bool: { "aws:SecureTransport": "false" } },
    }),
  ];
}
