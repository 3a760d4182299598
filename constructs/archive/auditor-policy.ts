import { ManagedPolicy, PolicyStatement } from "aws-cdk-lib/aws-iam";
import { Construct } from "constructs";
import { archiveBucketName } from "../../handlers/archive/layout";
import { domainSuffixOf, partitionOf } from "../configuration/regions";
import { archiveKeyAlias, auditorPolicyName, signingKeyAlias } from "../names";

export interface AuditorPolicyProps {
  readonly logArchiveAccount: string;
  /** Any of the archive's Regions: all are of one partition. */
  readonly region: string;
  /** Of the key that signs digests, if it is none of the stacks'. */
  readonly signingKeyArn: string | undefined;
}

/**
 * What auditors may do: read the archive of every Region, its versions and locks too. Attached to no one; the audit
 * database adds what querying it needs.
 */
export class AuditorPolicy extends Construct {
  readonly managedPolicy: ManagedPolicy;

  constructor(scope: Construct, id: string, props: AuditorPolicyProps) {
    super(scope, id);
    const { logArchiveAccount, region } = props;
    const partition = partitionOf(region);
    // However many Regions there are, the policy has to fit into IAM's 6,144 characters.
    const buckets = `arn:${partition}:s3:::${archiveBucketName(logArchiveAccount, "*")}`;
    // Any account can take a free bucket name.
    const ownBuckets = { StringEquals: { "aws:ResourceAccount": logArchiveAccount } };
    this.managedPolicy = new ManagedPolicy(this, "Policy", {
      managedPolicyName: auditorPolicyName,
      description: "Reads the organisation's log archive, and changes nothing",
      statements: [
        new PolicyStatement({
          sid: "ListArchive",
          actions: [
            "s3:GetBucketLocation",
            "s3:GetBucketLogging",
            "s3:GetBucketObjectLockConfiguration",
            "s3:GetBucketPolicy",
            "s3:GetBucketVersioning",
            "s3:GetEncryptionConfiguration",
            "s3:GetLifecycleConfiguration",
            "s3:ListBucket",
            "s3:ListBucketVersions",
          ],
          resources: [buckets],
          conditions: ownBuckets,
        }),
        new PolicyStatement({
          sid: "ReadArchive",
          actions: ["s3:GetObject", "s3:GetObjectRetention", "s3:GetObjectVersion"],
          resources: [`${buckets}/*`],
          conditions: ownBuckets,
        }),
        // Also while the archive is not encrypted with a key of its own: it may be one day.
        new PolicyStatement({
          sid: "DecryptArchive",
          actions: ["kms:Decrypt"],
          resources: [`arn:${partition}:kms:*:${logArchiveAccount}:key/*`],
          conditions: {
            StringLike: { "kms:ViaService": `s3.*.${domainSuffixOf(region)}` },
            "ForAnyValue:StringEquals": { "kms:ResourceAliases": archiveKeyAlias },
          },
        }),
        this.readPublicKey(props),
      ],
    });
  }

  /** Of the key that signs: with it the archive is verified without AWS. */
  private readPublicKey({ logArchiveAccount, region, signingKeyArn }: AuditorPolicyProps): PolicyStatement {
    return new PolicyStatement({
      sid: "ReadPublicKey",
      actions: ["kms:GetPublicKey"],
      resources: [signingKeyArn ?? `arn:${partitionOf(region)}:kms:*:${logArchiveAccount}:key/*`],
      ...(signingKeyArn === undefined && {
        conditions: { "ForAnyValue:StringEquals": { "kms:ResourceAliases": signingKeyAlias } },
      }),
    });
  }
}
