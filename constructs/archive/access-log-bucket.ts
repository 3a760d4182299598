import { Duration, RemovalPolicy } from "aws-cdk-lib";
import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from "aws-cdk-lib/aws-s3";
import { Construct } from "constructs";
import type { AccessLogs } from "../configuration/evidence";
import { partitionOf } from "../configuration/regions";

export interface AccessLogBucketProps extends AccessLogs {
  readonly region: string;
  readonly logArchiveAccount: string;
  /** Whose requests are logged. */
  readonly archiveBucketName: string;
}

/**
 * Where S3 writes who asked what of the archive. A bucket of its own, because S3 writes no access logs to one with Object Lock, and
 * a bucket that logs to itself logs its logs.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html
 */
export class AccessLogBucket extends Construct {
  readonly bucketName: string;

  constructor(scope: Construct, id: string, props: AccessLogBucketProps) {
    super(scope, id);
    const { archiveBucketName, region, logArchiveAccount, expireAfterDays } = props;
    this.bucketName = `${archiveBucketName}-access-logs`;
    const bucket = new Bucket(this, "Bucket", {
      bucketName: this.bucketName,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      // S3 writes its logs with no other encryption.
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      lifecycleRules: [{ id: "AccessLogs", expiration: Duration.days(expireAfterDays) }],
      removalPolicy: RemovalPolicy.RETAIN,
    });
    bucket.addToResourcePolicy(
      new PolicyStatement({
        sid: "S3WritesAccessLogs",
        principals: [new ServicePrincipal("logging.s3.amazonaws.com")],
        actions: ["s3:PutObject"],
        resources: [bucket.arnForObjects("*")],
        conditions: {
          ArnEquals: { "aws:SourceArn": `arn:${partitionOf(region)}:s3:::${archiveBucketName}` },
          StringEquals: { "aws:SourceAccount": logArchiveAccount },
        },
      }),
    );
  }
}
