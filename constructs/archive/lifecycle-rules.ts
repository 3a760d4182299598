import { Duration } from "aws-cdk-lib";
import { type LifecycleRule, StorageClass } from "aws-cdk-lib/aws-s3";
import { eventsRoot } from "../../handlers/archive/layout";
import type { Lifecycle, StorageClassName } from "../configuration/storage";

/** What lifecycle rules are about: lifecycle filters know prefixes, tags and sizes. */
interface Kept {
  readonly prefix: string;
  /** How its rules' names end. */
  readonly name: string;
  /** What remains of a version after it has been overwritten or has expired. */
  readonly noncurrentDays: number;
}

/**
 * What remains of a version after it has been overwritten or has expired: a quarter, which leaves time to find out that
 * it was overwritten. Object Lock keeps it for longer.
 */
export const noncurrentDays = 90;

/** Log data begins with its account's id, and nothing else begins with a digit. */
const logData = Array.from({ length: 10 }, (_, digit): Kept => {
  return { prefix: String(digit), name: `LogDataOfAccounts${digit}`, noncurrentDays };
});

/** Made from log data, and made again from it: no version of it is evidence. */
const eventFiles: Kept = { prefix: eventsRoot, name: "EventFiles", noncurrentDays: 1 };

const classes: Readonly<Record<StorageClassName, StorageClass>> = {
  STANDARD_IA: StorageClass.INFREQUENT_ACCESS,
  ONEZONE_IA: StorageClass.ONE_ZONE_INFREQUENT_ACCESS,
  INTELLIGENT_TIERING: StorageClass.INTELLIGENT_TIERING,
  GLACIER_IR: StorageClass.GLACIER_INSTANT_RETRIEVAL,
};

export interface Lifecycles {
  /** Of log data. */
  readonly lifecycle: Lifecycle | undefined;
  readonly eventFiles: Lifecycle | undefined;
}

/**
 * The bucket's lifecycle. Expiry removes delete markers too once nothing is behind them. Versions are never expired
 * unless log data is: until then an overwritten original stays for ever.
 */
export function lifecycleRules(lifecycles: Lifecycles): LifecycleRule[] {
  // An upload that was begun and never completed is no object: listings do not show it, and it costs money.
  const uploads: LifecycleRule = {
    id: "IncompleteUploads",
    abortIncompleteMultipartUploadAfter: Duration.days(7),
  };
  return [
    uploads,
    ...logData.flatMap((kept) => rulesOf(kept, lifecycles.lifecycle)),
    ...rulesOf(eventFiles, lifecycles.eventFiles),
  ];
}

/** Rules of their own for moving and expiring: a size would keep small objects from expiring, too. */
function rulesOf({ prefix, name, noncurrentDays }: Kept, lifecycle: Lifecycle | undefined): LifecycleRule[] {
  const { transition, expireAfterDays } = lifecycle ?? {};
  const rules: LifecycleRule[] = [];
  if (transition) {
    const { storageClass, afterDays, objectSizeGreaterThan } = transition;
    rules.push({
      id: `Move${name}`,
      prefix,
      transitions: [{ storageClass: classes[storageClass], transitionAfter: Duration.days(afterDays) }],
      ...(objectSizeGreaterThan !== undefined && { objectSizeGreaterThan }),
    });
  }
  if (expireAfterDays !== undefined)
    rules.push({
      id: `Expire${name}`,
      prefix,
      expiration: Duration.days(expireAfterDays),
      noncurrentVersionExpiration: Duration.days(noncurrentDays),
    });
  return rules;
}
