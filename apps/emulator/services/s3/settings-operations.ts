import { z } from "zod";
import { ServiceError } from "../../service/errors";
import { type Operation, operation } from "../../service/service";
import { bucketAccess, requireRegion } from "./bucket-access";
import type { BucketDefinition, Buckets } from "./buckets";

const BucketInput = z.object({ Bucket: z.string() });

/** What S3 tells of how a bucket is set. Operations answer with the elements of S3's XML. */
export function settingsOperations(buckets: Buckets): Readonly<Record<string, Operation>> {
  const setting = (action: string, read: (bucket: BucketDefinition) => object) =>
    operation({
      input: BucketInput,
      access: bucketAccess(buckets, action),
      run: ({ input, region }) => {
        requireRegion(buckets, input.Bucket, region);
        return read(buckets.get(input.Bucket));
      },
    });
  return {
    GetBucketVersioning: setting("s3:GetBucketVersioning", ({ versioning }) =>
      versioning ? { Status: "Enabled" } : {},
    ),

    GetObjectLockConfiguration: setting("s3:GetBucketObjectLockConfiguration", ({ objectLock, retention }) => {
      if (!objectLock)
        throw new ServiceError(
          "ObjectLockConfigurationNotFoundError",
          "Object Lock configuration does not exist for this bucket",
          404,
        );
      return { ObjectLockEnabled: "Enabled", ...(retention && { Rule: { DefaultRetention: retention } }) };
    }),

    GetBucketEncryption: setting("s3:GetEncryptionConfiguration", ({ keyArn }) => ({
      Rule: {
        ApplyServerSideEncryptionByDefault:
          keyArn === undefined ? { SSEAlgorithm: "AES256" } : { SSEAlgorithm: "aws:kms", KMSMasterKeyID: keyArn },
      },
    })),

    GetBucketLifecycleConfiguration: setting("s3:GetLifecycleConfiguration", ({ lifecycle = [] }) => {
      if (lifecycle.length === 0)
        throw new ServiceError("NoSuchLifecycleConfiguration", "The lifecycle configuration does not exist", 404);
      return { Rule: lifecycle };
    }),

    GetBucketPolicy: setting("s3:GetBucketPolicy", ({ policy }) => {
      if (policy === undefined) throw new ServiceError("NoSuchBucketPolicy", "The bucket policy does not exist", 404);
      return { Body: Buffer.from(JSON.stringify(policy)) };
    }),

    GetBucketLogging: setting("s3:GetBucketLogging", ({ accessLogs }) =>
      accessLogs === undefined ? {} : { LoggingEnabled: { TargetBucket: accessLogs, TargetPrefix: "" } },
    ),
  };
}
