import { z } from "zod";
import { resourcesOf, type Stack } from "../../cloudformation/stack";
import type { Buckets } from "./buckets";

const Bucket = z.object({
  ObjectLockEnabled: z.boolean().default(false),
  VersioningConfiguration: z.object({ Status: z.string() }).optional(),
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
    buckets.createBucket({
      ...stack.environment,
      name,
      ...(policy !== undefined && { policy }),
      ...(keyArn !== undefined && { keyArn }),
      versioning: read.VersioningConfiguration?.Status === "Enabled",
      objectLock: read.ObjectLockEnabled,
    });
  }
}
