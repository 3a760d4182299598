import { z } from "zod";
import { archiveBucketName } from "../../handlers/archive/layout";
import { AccountId } from "../../handlers/contract/values";
import type { Problem } from "./invalid-configuration";
import { wholeNumber } from "./numbers";
import { partitionOf } from "./regions";

/** What makes the archive evidence: who signs, where heads and digests are kept besides, and who has read it. */

/** 100 years, as for everything else that is kept. */
const longestDays = 36_500;

export const EvidenceShape = {
  /** The key that signs each run's digest. */
  signing: z
    .strictObject({
      /** Absent: each Region's stack has a key of its own. One of another account is out of this account's administrators' reach. */
      keyArn: z
        .string()
        .regex(
          /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[\w-]+$/,
          "must be the ARN of an asymmetric KMS key with its id, not an alias: arn:aws:kms:eu-central-1:111122223333:key/...",
        )
        .optional(),
    })
    .prefault({}),
  /** A bucket, best of another account, that gets a copy of each digest and its signature. */
  digestCopies: z
    .strictObject({
      bucket: z
        .string()
        .regex(
          /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
          "must be the name of an S3 bucket: 3 to 63 letters, digits, dots, hyphens",
        ),
    })
    .optional(),
  /** S3's server access logs of each archive bucket, in a bucket of their own: who has read what. */
  accessLogs: z.strictObject({ expireAfterDays: wholeNumber(1, longestDays, "days").default(400) }).optional(),
};

const Evidence = z.object({ ...EvidenceShape, logArchiveAccount: AccountId, homeRegion: z.string() });
export type AccessLogs = NonNullable<z.output<typeof Evidence>["accessLogs"]>;

export function evidenceProblems(
  { signing, digestCopies, logArchiveAccount, homeRegion }: z.output<typeof Evidence>,
  regions: readonly string[],
): Problem[] {
  const problems: Problem[] = [];
  const partition = partitionOf(homeRegion);
  if (signing.keyArn && signing.keyArn.split(":")[1] !== partition)
    problems.push({
      path: "signing.keyArn",
      given: signing.keyArn,
      allowed: `a key of the partition ${partition}, in which homeRegion is`,
      change: "Choose a key of that partition, or remove signing.keyArn for a key in each Region's stack.",
    });
  const own = regions.map((region) => archiveBucketName(logArchiveAccount, region));
  if (digestCopies && own.includes(digestCopies.bucket))
    problems.push({
      path: "digestCopies.bucket",
      given: digestCopies.bucket,
      allowed: "another bucket than the archive's: a copy beside the original goes with it",
      change: "Name a bucket of another account, or remove digestCopies.",
    });
  return problems;
}
