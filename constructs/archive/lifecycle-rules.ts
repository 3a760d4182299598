import { Duration } from "aws-cdk-lib";
import { type LifecycleRule, StorageClass } from "aws-cdk-lib/aws-s3";
import type { Lifecycle, StorageClassName } from "../configuration/storage";

/** Lifecycle filters know prefixes, tags and sizes. Log data begins with its account's id, and nothing else begins with a digit. */
const logDataPrefixes = Array.from({ length: 10 }, (_, digit) => String(digit));

/**
 * What remains of a version after it has been overwritten or has expired: a quarter, which leaves time to find out that
 * it was overwritten. Object Lock keeps it for longer.
 */
export const noncurrentDays = 90;

const classes: Readonly<Record<StorageClassName, StorageClass>> = {
  STANDARD_IA: StorageClass.INFREQUENT_ACCESS,
  ONEZONE_IA: StorageClass.ONE_ZONE_INFREQUENT_ACCESS,
  INTELLIGENT_TIERING: StorageClass.INTELLIGENT_TIERING,
  GLACIER_IR: StorageClass.GLACIER_INSTANT_RETRIEVAL,
};

/**
 * The bucket's lifecycle. Expiry removes delete markers too once nothing is behind them. Versions are never expired
 * unless log data is: until then an overwritten original stays for ever.
 */
export function lifecycleRules(lifecycle: Lifecycle | undefined): LifecycleRule[] {
  // An upload that was begun and never completed is no object: listings do not show it, and it costs money.
  const uploads: LifecycleRule = {
    id: "IncompleteUploads",
    abortIncompleteMultipartUploadAfter: Duration.days(7),
  };
  if (!lifecycle) return [uploads];
  const { transition, expireAfterDays } = lifecycle;
  // Rules of their own: a size would keep small objects from expiring, too.
  const moving = transition && {
    transitions: [
      { storageClass: classes[transition.storageClass], transitionAfter: Duration.days(transition.afterDays) },
    ],
    ...(transition.objectSizeGreaterThan !== undefined && { objectSizeGreaterThan: transition.objectSizeGreaterThan }),
  };
  const expiring = expireAfterDays !== undefined && {
    expiration: Duration.days(expireAfterDays),
    noncurrentVersionExpiration: Duration.days(noncurrentDays),
  };
  return [
    uploads,
    ...logDataPrefixes.flatMap((prefix) => [
      ...(moving ? [{ id: `MoveLogDataOfAccounts${prefix}`, prefix, ...moving }] : []),
      ...(expiring ? [{ id: `ExpireLogDataOfAccounts${prefix}`, prefix, ...expiring }] : []),
    ]),
  ];
}
