import { AnyPrincipal, PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Key } from "aws-cdk-lib/aws-kms";
import { Construct } from "constructs";
import { memberRoleName } from "../../handlers/archive/layout";
import { domainSuffixOf, partitionOf } from "../configuration/regions";
import { archiveKeyAlias } from "../names";

export interface ArchiveKeyProps {
  readonly region: string;
  readonly organizationId: string;
}

/** What a principal needs of a key to write to a bucket with SSE-KMS. */
export const writing = ["kms:Decrypt", "kms:GenerateDataKey"];

/**
 * The key of a Region's archive bucket. Accounts of the organisation use it through S3 only. Rotated, and it outlives
 * its stack: without it the archive cannot be read.
 */
export class ArchiveKey extends Construct {
  readonly key: Key;

  constructor(scope: Construct, id: string, { region, organizationId }: ArchiveKeyProps) {
    super(scope, id);
    const partition = partitionOf(region);
    this.key = new Key(this, "Key", {
      alias: archiveKeyAlias,
      description: "Encrypts the organisation's log archive in this Region",
      enableKeyRotation: true,
    });
    this.key.addToResourcePolicy(
      // AWS does not say whether these keys are there when CloudWatch Logs calls: where they are, they decide; where not, the
      // bucket policy does, without which a key alone is good for nothing.
      new PolicyStatement({
        sid: "CloudWatchLogsExports",
        principals: [new ServicePrincipal(`logs.${region}.${domainSuffixOf(region)}`)],
        actions: writing,
        resources: ["*"],
        conditions: {
          StringEqualsIfExists: { "aws:SourceOrgID": organizationId },
          ArnLikeIfExists: { "aws:SourceArn": `arn:${partition}:logs:${region}:*:log-group:*` },
        },
      }),
    );
    this.key.addToResourcePolicy(
      new PolicyStatement({
        sid: "MemberRolesExport",
        principals: [new AnyPrincipal()],
        actions: writing,
        resources: ["*"],
        conditions: {
          StringEquals: { "aws:PrincipalOrgID": organizationId, "kms:ViaService": servicesOfExports(region) },
          ArnLike: { "aws:PrincipalArn": `arn:${partition}:iam::*:role/${memberRoleName}` },
        },
      }),
    );
  }
}

/** S3 as `kms:ViaService` knows it. */
export function s3Service(region: string): string {
  return `s3.${region}.${domainSuffixOf(region)}`;
}

/** CloudWatch Logs as `kms:ViaService` knows it. */
export function logsService(region: string): string {
  return `logs.${region}.${domainSuffixOf(region)}`;
}

/** Through which an export task's creator uses the archive's key: AWS does not say which of the two asks on its behalf. */
export function servicesOfExports(region: string): string[] {
  return [s3Service(region), logsService(region)];
}
