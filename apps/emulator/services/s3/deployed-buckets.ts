import { z } from "zod";
import { resourcesOf, type Stack } from "../../cloudformation/stack";
import type { Buckets } from "./buckets";

/** A rule of a template, to a rule as S3's XML has it. */
const LifecycleRule = z
  .object({
    Id: z.string().optional(),
    Status: z.string(),
    Prefix: z.string().default(""),
    ExpirationInDays: z.number().optional(),
    NoncurrentVersionExpiration: z.object({ NoncurrentDays: z.number() }).optional(),
    Transitions: z.array(z.object({ StorageClass: z.string(), TransitionInDays: z.number() })).default([]),
    AbortIncompleteMultipartUpload: z.object({ DaysAfterInitiation: z.number() }).optional(),
  })
  .transform((rule) => ({
    ID: rule.Id,
    Filter: { Prefix: rule.Prefix },
    Status: rule.Status,
    Expiration: rule.ExpirationInDays === undefined ? undefined : { Days: rule.ExpirationInDays },
    Transition: rule.Transitions.map(({ StorageClass, TransitionInDays }) => ({
      Days: TransitionInDays,
      StorageClass,
    })),
    NoncurrentVersionExpiration: rule.NoncurrentVersionExpiration,
    AbortIncompleteMultipartUpload: rule.AbortIncompleteMultipartUpload,
  }));

const Bucket = z.object({
  ObjectLockEnabled: z.boolean().default(false),
  VersioningConfiguration: z.object({ Status: z.string() }).optional(),
  ObjectLockConfiguration: z
    .object({ Rule: z.object({ DefaultRetention: z.object({ Mode: z.string(), Days: z.number() }) }).optional() })
    .optional(),
  LifecycleConfiguration: z.object({ Rules: z.array(LifecycleRule) }).optional(),
  LoggingConfiguration: z.object({ DestinationBucketName: z.string().optional() }).optional(),
  BucketEncryption: z
    .object({
      ServerSideEncryptionConfiguration: z.array(
        z.object({ ServerSideEncryptionByDefault: z.object({ KMSMasterKeyID: z.string().optional() }).optional() }),
      ),
    })
    .optional(),
});
const BucketPolicy = z.object({ Bucket: z.string(), PolicyDocument: z.unknown() });

/** Creates a stack's buckets with their policies. */
export function createBuckets(stack: Stack, buckets: Buckets): void {
  const policies = new Map(
    [...resourcesOf(stack, "AWS::S3::BucketPolicy", BucketPolicy)].map(({ read }) => [
      read.Bucket,
      read.PolicyDocument,
    ]),
  );
  for (const { ref: name, read } of resourcesOf(stack, "AWS::S3::Bucket", Bucket)) {
    const policy = policies.get(name);
    const [rule] = read.BucketEncryption?.ServerSideEncryptionConfiguration ?? [];
    const keyArn = rule?.ServerSideEncryptionByDefault?.KMSMasterKeyID;
    const retention = read.ObjectLockConfiguration?.Rule?.DefaultRetention;
    const accessLogs = read.LoggingConfiguration?.DestinationBucketName;
    buckets.createBucket({
      ...stack.environment,
      name,
      ...(policy !== undefined && { policy }),
      ...(keyArn !== undefined && { keyArn }),
      versioning: read.VersioningConfiguration?.Status === "Enabled",
      objectLock: read.ObjectLockEnabled,
      ...(retention && { retention }),
      lifecycle: read.LifecycleConfiguration?.Rules ?? [],
      ...(accessLogs !== undefined && { accessLogs }),
    });
  }
}
