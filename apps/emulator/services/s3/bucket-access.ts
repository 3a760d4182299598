import { bucketArn } from "../../service/arn";
import type { Access } from "../../service/calls";
import { ServiceError } from "../../service/errors";
import type { Buckets } from "./buckets";

/** The right that an operation on a bucket needs. */
export function bucketAccess(
  buckets: Buckets,
  action: string,
): (input: { Bucket: string; Prefix?: string | undefined }) => Access {
  return ({ Bucket, Prefix }) => ({
    action,
    resource: bucketArn(Bucket),
    resourceAccount: buckets.get(Bucket).account,
    ...(Prefix !== undefined && { context: { "s3:prefix": Prefix } }),
  });
}

/** @throws {ServiceError} PermanentRedirect to the bucket's own Region */
export function requireRegion(buckets: Buckets, name: string, region: string): void {
  const bucket = buckets.get(name);
  if (bucket.region === region) return;
  const message = "The bucket you are attempting to access must be addressed using the specified endpoint.";
  throw new ServiceError("PermanentRedirect", message, 301, { "x-amz-bucket-region": bucket.region });
}
