import { Annotations, Duration, RemovalPolicy } from "aws-cdk-lib";
import type { IKey } from "aws-cdk-lib/aws-kms";
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  CfnBucket,
  ObjectLockRetention,
  ObjectOwnership,
} from "aws-cdk-lib/aws-s3";
import { Construct } from "constructs";
import { archiveBucketName } from "../../handlers/archive/layout";
import type { AccessLogs } from "../configuration/evidence";
import { type Encryption, explainTransition, type ObjectLock } from "../configuration/storage";
import { AccessLogBucket } from "./access-log-bucket";
import { ArchiveKey } from "./archive-key";
import { type BucketPolicyProps, bucketPolicyStatements } from "./bucket-policy";
import { type Lifecycles, lifecycleRules, noncurrentDays } from "./lifecycle-rules";

export interface ArchiveBucketProps extends Omit<BucketPolicyProps, "bucketName">, Lifecycles {
  readonly encryption: Encryption;
  readonly objectLock: ObjectLock | undefined;
  readonly accessLogs: AccessLogs | undefined;
}

/** A Region's part of the archive. It outlives its stack. */
export class ArchiveBucket extends Construct {
  readonly bucketName: string;
  /** Absent: S3's own key. */
  readonly key: IKey | undefined;

  constructor(scope: Construct, id: string, props: ArchiveBucketProps) {
    super(scope, id);
    const { objectLock, lifecycle, eventFiles, accessLogs } = props;
    this.bucketName = archiveBucketName(props.logArchiveAccount, props.region);
    this.key = props.encryption === "kms" ? new ArchiveKey(this, "Key", props).key : undefined;
    const bucket = new Bucket(this, "Bucket", {
      bucketName: this.bucketName,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      // By default and not by a Deny of other headers: CloudWatch Logs sends none.
      ...(this.key
        ? { encryption: BucketEncryption.KMS, encryptionKey: this.key, bucketKeyEnabled: true }
        : { encryption: BucketEncryption.S3_MANAGED }),
      // A write to an existing key adds a version: what was there stays.
      versioned: true,
      ...(objectLock && { objectLockEnabled: true, objectLockDefaultRetention: retention(objectLock) }),
      lifecycleRules: lifecycleRules(props),
      removalPolicy: RemovalPolicy.RETAIN,
    });
    const resource = bucket.node.defaultChild;
    if (accessLogs && resource instanceof CfnBucket) {
      const to = new AccessLogBucket(this, "AccessLogs", {
        ...props,
        ...accessLogs,
        archiveBucketName: this.bucketName,
      });
      resource.loggingConfiguration = { destinationBucketName: to.bucketName };
      resource.node.addDependency(to);
    }
    for (const statement of bucketPolicyStatements(this, { ...props, bucketName: this.bucketName }))
      bucket.addToResourcePolicy(statement);
    bucket.policy?.applyRemovalPolicy(RemovalPolicy.RETAIN);
    if (lifecycle?.transition)
      Annotations.of(this).addWarningV2(
        "org-log-archive:what-a-transition-moves",
        explainTransition("lifecycle", lifecycle.transition),
      );
    if (eventFiles?.transition)
      Annotations.of(this).addWarningV2(
        "org-log-archive:what-a-transition-of-event-files-moves",
        explainTransition("eventFiles", eventFiles.transition),
      );
    if (lifecycle?.expireAfterDays !== undefined && !objectLock)
      Annotations.of(this).addWarningV2(
        "org-log-archive:expiry-without-lock",
        `lifecycle.expireAfterDays without objectLock: an original that is overwritten is kept for ${noncurrentDays} days only. Lock the archive, or verify it more often than that.`,
      );
  }
}

function retention({ mode, days }: ObjectLock): ObjectLockRetention {
  const duration = Duration.days(days);
  return mode === "COMPLIANCE" ? ObjectLockRetention.compliance(duration) : ObjectLockRetention.governance(duration);
}
