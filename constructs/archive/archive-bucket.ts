import { RemovalPolicy } from "aws-cdk-lib";
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from "aws-cdk-lib/aws-s3";
import { Construct } from "constructs";
import { archiveBucketName } from "../../handlers/contract/layout";
import { type BucketPolicyProps, bucketPolicyStatements } from "./bucket-policy";

export type ArchiveBucketProps = Omit<BucketPolicyProps, "bucketName">;

/** A Region's part of the archive. It outlives its stack. */
export class ArchiveBucket extends Construct {
  readonly bucketName: string;

  constructor(scope: Construct, id: string, props: ArchiveBucketProps) {
    super(scope, id);
    this.bucketName = archiveBucketName(props.logArchiveAccount, props.region);
    const bucket = new Bucket(this, "Bucket", {
      bucketName: this.bucketName,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      encryption: BucketEncryption.S3_MANAGED,
      // Whoever writes to an existing key adds a version: what was there stays.
      versioned: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    for (const statement of bucketPolicyStatements(this, { ...props, bucketName: this.bucketName }))
      bucket.addToResourcePolicy(statement);
    bucket.policy?.applyRemovalPolicy(RemovalPolicy.RETAIN);
  }
}
