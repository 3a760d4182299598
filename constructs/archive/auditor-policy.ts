import { ManagedPolicy, PolicyStatement } from "aws-cdk-lib/aws-iam";
import { Construct } from "constructs";
import { archiveBucketName } from "../../handlers/contract/layout";
import { partitionOf } from "../configuration/regions";
import { archiveKeyAlias, auditorPolicyName } from "../names";
import { s3Service } from "./archive-key";

export interface AuditorPolicyProps {
  readonly logArchiveAccount: string;
  readonly regions: readonly string[];
}

/**
 * What auditors may do: read the archive of every Region, its versions and locks too. Attached to nobody; the audit
 * database adds what querying it needs.
 */
export class AuditorPolicy extends Construct {
  readonly managedPolicy: ManagedPolicy;

  constructor(scope: Construct, id: string, { logArchiveAccount, regions }: AuditorPolicyProps) {
    super(scope, id);
    const partition = partitionOf(regions[0] ?? "");
    const buckets = regions.map((region) => `arn:${partition}:s3:::${archiveBucketName(logArchiveAccount, region)}`);
    this.managedPolicy = new ManagedPolicy(this, "Policy", {
      managedPolicyName: auditorPolicyName,
      description: "Reads the organisation's log archive, and changes nothing",
      statements: [
        new PolicyStatement({
          sid: "ListArchive",
          actions: [
            "s3:GetBucketLocation",
            "s3:GetBucketObjectLockConfiguration",
            "s3:GetBucketVersioning",
            "s3:ListBucket",
            "s3:ListBucketVersions",
          ],
          resources: buckets,
        }),
        new PolicyStatement({
          sid: "ReadArchive",
          actions: ["s3:GetObject", "s3:GetObjectRetention", "s3:GetObjectVersion"],
          resources: buckets.map((bucket) => `${bucket}/*`),
        }),
        // Also while the archive is not encrypted with a key of its own: it may be one day.
        new PolicyStatement({
          sid: "DecryptArchive",
          actions: ["kms:Decrypt"],
          resources: regions.map((region) => `arn:${partition}:kms:${region}:${logArchiveAccount}:key/*`),
          conditions: {
            StringEquals: { "kms:ViaService": regions.map(s3Service) },
            "ForAnyValue:StringEquals": { "kms:ResourceAliases": archiveKeyAlias },
          },
        }),
      ],
    });
  }
}
