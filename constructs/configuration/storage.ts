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
  /** For moving a thousand objects. */
  readonly usdPerThousand: number;
  /** For a GB and month, where the class has one price and charges small objects as larger ones. */
  readonly usdPerGbMonth?: number;
}

/**
 * The storage classes that Athena reads without a restore: https://docs.aws.amazon.com/athena/latest/ug/querying-glacier.html
 * The days: https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html
 * The prices of us-east-1, in November 2026: https://aws.amazon.com/s3/pricing/
 */
export const storageClasses = {
  STANDARD_IA: { earliestAfterDays: 30, minimumDays: 30, usdPerThousand: 0.01, usdPerGbMonth: 0.0125 },
  ONEZONE_IA: { earliestAfterDays: 30, minimumDays: 30, usdPerThousand: 0.01, usdPerGbMonth: 0.01 },
  INTELLIGENT_TIERING: { earliestAfterDays: 0, minimumDays: 0, usdPerThousand: 0.01 },
  GLACIER_IR: { earliestAfterDays: 0, minimumDays: 90, usdPerThousand: 0.02, usdPerGbMonth: 0.004 },
} as const satisfies Record<string, StorageClassRules>;
export type StorageClassName = keyof typeof storageClasses;

const classNames = Object.keys(storageClasses) as [StorageClassName, ...StorageClassName[]];

/** 100 years: the longest retention that Object Lock takes. */
const longestDays = 36_500;

/** 5 TB, S3's own limit. */
const largestObject = 5 * 2 ** 40;

const usdPerGbMonthInStandard = 0.023;

/** S3 charges smaller objects of most classes as if they had this many bytes, and moves none of them unless it is told to. */
const smallBytes = 128 * 1024;

const TransitionShape = z.strictObject({
  storageClass: z.enum(
    classNames,
    `must be a storage class that Athena reads without a restore: ${classNames.join(", ")}`,
  ),
  afterDays: wholeNumber(0, longestDays, "days"),
  /** In bytes, as in S3's filter; S3 moves nothing below 128 KB where it is not said. */
  objectSizeGreaterThan: wholeNumber(0, largestObject, "bytes").optional(),
});
export type Transition = z.output<typeof TransitionShape>;

const LifecycleShape = z.strictObject({
  transition: TransitionShape.optional(),
  expireAfterDays: wholeNumber(1, longestDays, "days").optional(),
});
export type Lifecycle = z.output<typeof LifecycleShape>;

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
  /** For log data only: receipts, coverage, seals, digests and run records stay as they are. */
  lifecycle: LifecycleShape.optional(),
  /** For what queries read. The evidence that it was made from stays, and so does the right to make it again. */
  eventFiles: LifecycleShape.optional(),
};

const Storage = z.object(StorageShape);
export type Encryption = z.output<typeof Storage>["encryption"];
export type ObjectLock = NonNullable<z.output<typeof Storage>["objectLock"]>;

/** What has a lifecycle of its own, by the path of its setting. */
export type LifecyclePath = "lifecycle" | "eventFiles";
const lifecyclePaths: readonly LifecyclePath[] = ["lifecycle", "eventFiles"];

/** Where lock, transition and expiry contradict each other. */
export function storageProblems(storage: Pick<z.output<typeof Storage>, "objectLock" | LifecyclePath>): Problem[] {
  return lifecyclePaths.flatMap((path) => lifecycleProblems(path, storage[path], storage.objectLock));
}

function lifecycleProblems(
  path: LifecyclePath,
  lifecycle: Lifecycle | undefined,
  objectLock: ObjectLock | undefined,
): Problem[] {
  if (!lifecycle) return [];
  const { transition, expireAfterDays } = lifecycle;
  if (!transition && expireAfterDays === undefined)
    return [
      {
        path,
        given: lifecycle,
        allowed: "transition, expireAfterDays or both",
        change: `Add one of them, or remove ${path}.`,
      },
    ];
  return [
    ...(transition ? transitionProblems(path, transition, expireAfterDays) : []),
    ...(objectLock && expireAfterDays !== undefined ? lockProblems(path, objectLock, expireAfterDays) : []),
  ];
}

function transitionProblems(
  path: LifecyclePath,
  { storageClass, afterDays, objectSizeGreaterThan }: Transition,
  expireAfterDays: number | undefined,
): Problem[] {
  const { earliestAfterDays, minimumDays } = storageClasses[storageClass];
  const problems: Problem[] = [];
  if (
    storageClass === "INTELLIGENT_TIERING" &&
    objectSizeGreaterThan !== undefined &&
    objectSizeGreaterThan < smallBytes
  )
    problems.push({
      path: `${path}.transition.objectSizeGreaterThan`,
      given: objectSizeGreaterThan,
      allowed: `at least ${smallBytes} bytes for INTELLIGENT_TIERING: S3 keeps smaller objects in its frequent access tier, at the price of S3 Standard`,
      change: "Remove it, or choose GLACIER_IR, STANDARD_IA or ONEZONE_IA.",
    });
  if (afterDays < earliestAfterDays)
    problems.push({
      path: `${path}.transition.afterDays`,
      given: afterDays,
      allowed: `at least ${earliestAfterDays} days: S3 moves nothing younger to ${storageClass}`,
      change: `Set it to ${earliestAfterDays} or more, or choose INTELLIGENT_TIERING or GLACIER_IR.`,
    });
  const earliestExpiry = afterDays + Math.max(1, minimumDays);
  if (expireAfterDays !== undefined && expireAfterDays < earliestExpiry)
    problems.push({
      path: `${path}.expireAfterDays`,
      given: expireAfterDays,
      allowed: `at least ${earliestExpiry} days: after the transition (${afterDays} days) and the ${minimumDays} days that ${storageClass} charges for at least`,
      change: `Set it to ${earliestExpiry} or more, or remove ${path}.transition.`,
    });
  return problems;
}

/** An expiry under lock would hide data that queries need and that is still paid for. */
function lockProblems(path: LifecyclePath, { mode, days }: ObjectLock, expireAfterDays: number): Problem[] {
  if (expireAfterDays >= days) return [];
  return [
    {
      path: `${path}.expireAfterDays`,
      given: expireAfterDays,
      allowed: `at least objectLock.days (${days}): until then the ${mode} lock keeps the data, and an expiry would only hide it`,
      change: `Set it to ${days} or more, or lock for ${expireAfterDays} days at most.`,
    },
  ];
}

/** What a transition does and costs, for the person who configures one: most exported objects are small. */
export function explainTransition(path: LifecyclePath, { storageClass, objectSizeGreaterThan }: Transition): string {
  const { usdPerThousand, usdPerGbMonth }: StorageClassRules = storageClasses[storageClass];
  const moves =
    objectSizeGreaterThan === undefined
      ? `${path}.transition moves no object below 128 KB to ${storageClass}${path === "lifecycle" ? ", and most exported objects are smaller" : ""}.`
      : `${path}.transition moves objects above ${objectSizeGreaterThan} bytes to ${storageClass}.`;
  const costs = `A thousand moves cost $${usdPerThousand}`;
  if (usdPerGbMonth === undefined)
    return `${moves} S3 would charge those there as in S3 Standard. ${costs}, and S3 charges $0.0025 a month for watching a thousand objects there (prices of us-east-1).`;
  const dearerBelow = Math.ceil((smallBytes * usdPerGbMonth) / usdPerGbMonthInStandard / 1024);
  const offer =
    objectSizeGreaterThan === undefined
      ? ` ${path}.transition.objectSizeGreaterThan (bytes) has smaller ones moved, too.`
      : "";
  return `${moves}${offer} ${costs}, and S3 charges each object there as 128 KB at least: one below ${dearerBelow} KB costs more than in S3 Standard (prices of us-east-1).`;
}
