import { z } from "zod";
import type { CloudPorts } from "../ports";
import { resourcesOf, type Stack } from "./stack";

const Bucket = z.object({
  ObjectLockEnabled: z.boolean().default(false),
  VersioningConfiguration: z.object({ Status: z.string() }).optional(),
});
const BucketPolicy = z.object({ Bucket: z.string(), PolicyDocument: z.unknown() });

/** Creates a stack's buckets with their policies. */
export function createBuckets(stack: Stack, { s3 }: CloudPorts): void {
  const policies = new Map(
    [...resourcesOf(stack, "AWS::S3::BucketPolicy", BucketPolicy)].map(({ read }) => [
      read.Bucket,
      read.PolicyDocument,
    ]),
  );
  for (const { ref: name, read } of resourcesOf(stack, "AWS::S3::Bucket", Bucket)) {
    const policy = policies.get(name);
    s3.createBucket({
      ...stack.environment,
      name,
      ...(policy !== undefined && { policy }),
      versioning: read.VersioningConfiguration?.Status === "Enabled",
      objectLock: read.ObjectLockEnabled,
    });
  }
}
