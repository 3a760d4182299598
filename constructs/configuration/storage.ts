import { z } from "zod";
import type { Problem } from "./invalid-configuration";
import { wholeNumber } from "./numbers";

/** How the archive's data is kept: encrypted, locked, moved to cheaper classes, expired. */

/** What lifecycle rules may move log data to, with the days that S3 asks for before and charges for after the move. */
interface StorageClassRules {
  /** S3 refuses an earlier transition. */
  readonly earliestAfterDays: number;
  /** What is deleted earlier is charged for as long as this. */
  readonly minimumDays: number;
}

/**
 * The storage classes that Athena reads without a restore: https://docs.aws.amazon.com/athena/latest/ug/querying-glacier.html
 * The days: https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html
 */
export const storageClasses = {
  STANDARD_IA: { earliestAfterDays: 30, minimumDays: 30 },
  ONEZONE_IA: { earliestAfterDays: 30, minimumDays: 30 },
  INTELLIGENT_TIERING: { earliestAfterDays: 0, minimumDays: 0 },
  GLACIER_IR: { earliestAfterDays: 0, minimumDays: 90 },
} as const satisfies Record<string, StorageClassRules>;
export type StorageClassName = keyof typeof storageClasses;

const classNames = Object.keys(storageClasses) as [StorageClassName, ...StorageClassName[]];

/** 100 years: the longest retention that Object Lock takes. */
const longestDays = 36_500;

const TransitionShape = z.strictObject({
  storageClass: z.enum(
    classNames,
    `must be a storage class that Athena reads without a restore: ${classNames.join(", ")}`,
  ),
  afterDays: wholeNumber(0, longestDays, "days"),
});

export const StorageShape = {
  /** `kms`: with a key of each Region's own. */
  encryption: z
    .enum(["s3", "kms"], 'must be "s3" or "kms": export tasks write to no bucket with dual-layer encryption (DSSE-KMS)')
    .default("s3"),
  /** Every object version is locked for so many days after it is written. */
  objectLock: z
    .strictObject({
      mode: z.enum(["GOVERNANCE", "COMPLIANCE"], "must be GOVERNANCE or COMPLIANCE"),
      days: wholeNumber(1, longestDays, "days"),
    })
    .optional(),
  /** For log data only: receipts, coverage and run records stay as they are. */
  lifecycle: z
    .strictObject({
      transition: TransitionShape.optional(),
      expireAfterDays: wholeNumber(1, longestDays, "days").optional(),
    })
    .optional(),
};

const Storage = z.object(StorageShape);
export type Encryption = z.output<typeof Storage>["encryption"];
export type ObjectLock = NonNullable<z.output<typeof Storage>["objectLock"]>;
export type Lifecycle = NonNullable<z.output<typeof Storage>["lifecycle"]>;

/** Where lock, transition and expiry contradict each other. */
export function storageProblems({
  objectLock,
  lifecycle,
}: Pick<z.output<typeof Storage>, "objectLock" | "lifecycle">): Problem[] {
  if (!lifecycle) return [];
  const { transition, expireAfterDays } = lifecycle;
  if (!transition && expireAfterDays === undefined)
    return [
      {
        path: "lifecycle",
        given: lifecycle,
        allowed: "transition, expireAfterDays or both",
        change: "Add one of them, or remove lifecycle.",
      },
    ];
  return [
    ...(transition ? transitionProblems(transition, expireAfterDays) : []),
    ...(objectLock && expireAfterDays !== undefined ? lockProblems(objectLock, expireAfterDays) : []),
  ];
}

function transitionProblems(
  { storageClass, afterDays }: z.output<typeof TransitionShape>,
  expireAfterDays: number | undefined,
): Problem[] {
  const { earliestAfterDays, minimumDays } = storageClasses[storageClass];
  const problems: Problem[] = [];
  if (afterDays < earliestAfterDays)
    problems.push({
      path: "lifecycle.transition.afterDays",
      given: afterDays,
      allowed: `at least ${earliestAfterDays} days: S3 moves nothing younger to ${storageClass}`,
      change: `Set it to ${earliestAfterDays} or more, or choose INTELLIGENT_TIERING or GLACIER_IR.`,
    });
  const earliestExpiry = afterDays + Math.max(1, minimumDays);
  if (expireAfterDays !== undefined && expireAfterDays < earliestExpiry)
    problems.push({
      path: "lifecycle.expireAfterDays",
      given: expireAfterDays,
      allowed: `at least ${earliestExpiry} days: after the transition (${afterDays} days) and the ${minimumDays} days that ${storageClass} charges for at least`,
      change: `Set it to ${earliestExpiry} or more, or remove lifecycle.transition.`,
    });
  return problems;
}

/** An expiry under lock would hide data that queries need and that is still paid for. */
function lockProblems({ mode, days }: ObjectLock, expireAfterDays: number): Problem[] {
  if (expireAfterDays >= days) return [];
  return [
    {
      path: "lifecycle.expireAfterDays",
      given: expireAfterDays,
      allowed: `at least objectLock.days (${days}): until then the ${mode} lock keeps the data, and an expiry would only hide it`,
      change: `Set it to ${days} or more, or lock for ${expireAfterDays} days at most.`,
    },
  ];
}
