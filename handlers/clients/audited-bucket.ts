import {
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketLoggingCommand,
  GetBucketPolicyCommand,
  GetBucketVersioningCommand,
  GetObjectLockConfigurationCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { S3Store } from "../archive/s3-store";
import type { BucketSettings } from "../archive/store";
import { type RetrySource, withRetries } from "./retries";

/** How S3 says that a bucket has nothing of the kind. */
const absent = new Set([
  "ObjectLockConfigurationNotFoundError",
  "NoSuchLifecycleConfiguration",
  "ServerSideEncryptionConfigurationNotFoundError",
]);

/** An archive bucket that also tells how it is set, which no handler asks. */
export class AuditedBucket extends S3Store {
  async settings(): Promise<BucketSettings | "denied"> {
    try {
      return await bucketSettings(this.client, this.source, this.bucket);
    } catch (error) {
      if (error instanceof Error && error.name === "AccessDenied") return "denied";
      throw error;
    }
  }

  /** The bucket policy as JSON; undefined where the bucket has none. */
  async policy(): Promise<unknown> {
    try {
      const command = new GetBucketPolicyCommand({ Bucket: this.bucket });
      const { Policy = "{}" } = await withRetries(this.source, () => this.client.send(command));
      return JSON.parse(Policy);
    } catch (error) {
      if (error instanceof Error && error.name === "NoSuchBucketPolicy") return undefined;
      throw error;
    }
  }
}

/**
 * What a bucket is set to now, of all that decides how long its objects stay and who sees their use.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectLockConfiguration.html and its neighbours
 */
async function bucketSettings(client: S3Client, source: RetrySource, bucket: string): Promise<BucketSettings> {
  const of = { Bucket: bucket };
  const asked = async <T>(ask: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await withRetries(source, ask);
    } catch (error) {
      if (error instanceof Error && absent.has(error.name)) return undefined;
      throw error;
    }
  };
  const [versioning, lock, encryption, lifecycle, logging] = await Promise.all([
    asked(() => client.send(new GetBucketVersioningCommand(of))),
    asked(() => client.send(new GetObjectLockConfigurationCommand(of))),
    asked(() => client.send(new GetBucketEncryptionCommand(of))),
    asked(() => client.send(new GetBucketLifecycleConfigurationCommand(of))),
    asked(() => client.send(new GetBucketLoggingCommand(of))),
  ]);
  const retention = lock?.ObjectLockConfiguration?.Rule?.DefaultRetention;
  const days = retention?.Days ?? (retention?.Years === undefined ? undefined : retention.Years * 365);
  const [rule] = encryption?.ServerSideEncryptionConfiguration?.Rules ?? [];
  const { SSEAlgorithm, KMSMasterKeyID } = rule?.ApplyServerSideEncryptionByDefault ?? {};
  return {
    versioning: versioning?.Status === "Enabled" || versioning?.Status === "Suspended" ? versioning.Status : "never on",
    objectLock: retention?.Mode !== undefined && days !== undefined ? { mode: retention.Mode, days } : null,
    encryption:
      SSEAlgorithm === undefined
        ? null
        : { algorithm: SSEAlgorithm, ...(KMSMasterKeyID === undefined ? {} : { keyArn: KMSMasterKeyID }) },
    lifecycle: (lifecycle?.Rules ?? [])
      .filter(({ Status }) => Status === "Enabled")
      .map(({ ID = "", Filter, Expiration, NoncurrentVersionExpiration, Transitions = [] }) => ({
        id: ID,
        prefix: Filter?.Prefix ?? Filter?.And?.Prefix ?? "",
        ...(Expiration?.Days === undefined ? {} : { expiresAfterDays: Expiration.Days }),
        ...(NoncurrentVersionExpiration?.NoncurrentDays === undefined
          ? {}
          : { versionsExpireAfterDays: NoncurrentVersionExpiration.NoncurrentDays }),
        movesTo: Transitions.map(({ StorageClass = "", Days = 0 }) => ({
          storageClass: String(StorageClass),
          afterDays: Days,
        })),
      })),
    accessLogs: logging?.LoggingEnabled?.TargetBucket ?? null,
  };
}
