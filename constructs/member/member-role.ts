import { Duration } from "aws-cdk-lib";
import { ArnPrincipal, PolicyDocument, PolicyStatement, Role } from "aws-cdk-lib/aws-iam";
import { Construct } from "constructs";
import { archiveBucketName, memberRoleName } from "../../handlers/archive/layout";
import { logsService, servicesOfExports, writing } from "../archive/archive-key";
import { writingObjects } from "../archive/bucket-policy";
import { partitionOf } from "../configuration/regions";
import type { Encryption } from "../configuration/storage";
import { exporters, functionRoleName } from "../names";
import { principalAccount } from "../policy-variables";

export interface MemberRoleProps {
  readonly logArchiveAccount: string;
  readonly organizationId: string;
  readonly externalId: string;
  readonly regions: readonly string[];
  /** Of the archive buckets. */
  readonly encryption: Encryption;
}

/** The role by which an account lets its log groups be exported, and nothing be read. */
export class MemberRole extends Construct {
  constructor(scope: Construct, id: string, props: MemberRoleProps) {
    super(scope, id);
    new Role(this, "Role", {
      roleName: memberRoleName,
      description: "Exports this account's log groups to the organisation's log archive; cannot read log events",
      // Sessions of Lambda functions cannot chain to longer ones.
      maxSessionDuration: Duration.hours(1),
      assumedBy: new ArnPrincipal(accountRoot(props)).withConditions(trust(props)),
      inlinePolicies: { ExportLogGroups: new PolicyDocument({ statements: permissions(props) }) },
    });
  }
}

function accountRoot({ logArchiveAccount, regions }: MemberRoleProps): string {
  return `arn:${partition(regions)}:iam::${logArchiveAccount}:root`;
}

/** Patterns, because a trust policy of 2,048 characters holds the exporters of ten Regions at most. */
function trust({ logArchiveAccount, organizationId, externalId, regions }: MemberRoleProps) {
  const roles = `arn:${partition(regions)}:iam::${logArchiveAccount}:role/`;
  return {
    ArnLike: { "aws:PrincipalArn": exporters.map((exporter) => roles + functionRoleName(exporter, "*")) },
    StringEquals: { "sts:ExternalId": externalId, "aws:PrincipalOrgID": organizationId },
  };
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/S3ExportTasks.html */
function permissions({ logArchiveAccount, regions, encryption }: MemberRoleProps): PolicyStatement[] {
  const inRegions = { StringEquals: { "aws:RequestedRegion": regions } };
  // Log groups are reached in their own account only; whether the key is there in every call, AWS does not say.
  const inOwnAccount = { ...inRegions, StringEqualsIfExists: { "aws:ResourceAccount": principalAccount } };
  const arn = `arn:${partition(regions)}`;
  return [
    new PolicyStatement({
      sid: "ListLogGroupsAndTasks",
      actions: ["logs:DescribeExportTasks", "logs:DescribeLogGroups", "logs:ListLogGroups"],
      // These have no narrower resource.
      resources: ["*"],
      conditions: inOwnAccount,
    }),
    new PolicyStatement({
      sid: "ExportLogGroups",
      actions: ["logs:CreateExportTask", "logs:DescribeLogStreams"],
      resources: [`${arn}:logs:*:*:log-group:*`],
      conditions: inOwnAccount,
    }),
    // Any account can take a bucket name once it is free.
    new PolicyStatement({
      sid: "WriteToArchive",
      actions: writingObjects,
      resources: regions.map(
        (region) => `${arn}:s3:::${archiveBucketName(logArchiveAccount, region)}/${principalAccount}/*`,
      ),
      conditions: { StringEquals: { "aws:ResourceAccount": logArchiveAccount } },
    }),
    // https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
    new PolicyStatement({
      sid: "DecryptLogGroups",
      actions: ["kms:Decrypt", "kms:DescribeKey"],
      resources: ["*"],
      conditions: {
        StringEquals: {
          "kms:ViaService": regions.map(logsService),
          "aws:ResourceAccount": principalAccount,
        },
      },
    }),
    ...(encryption === "kms" ? [useArchiveKeys(logArchiveAccount, regions)] : []),
  ];
}

/** Which of the account's keys are the archive's is in their key policies: ids are not known before they are deployed. */
function useArchiveKeys(logArchiveAccount: string, regions: readonly string[]): PolicyStatement {
  return new PolicyStatement({
    sid: "UseArchiveKeys",
    actions: writing,
    resources: regions.map((region) => `arn:${partition(regions)}:kms:${region}:${logArchiveAccount}:key/*`),
    conditions: { StringEquals: { "kms:ViaService": regions.flatMap(servicesOfExports) } },
  });
}

/** Regions of one configuration are of one partition. */
function partition([region = ""]: readonly string[]): string {
  return partitionOf(region);
}
