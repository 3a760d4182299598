import { z } from "zod";
import { mostDaysOfRun } from "../../handlers/contract/messages";
import { CoverageSettings, LogGroupSelection, Schedule, Targets } from "../../handlers/contract/settings";
import { AccountId } from "../../handlers/contract/values";
import { EvidenceShape } from "./evidence";
import { wholeNumber } from "./numbers";
import { isInChina, isRegion } from "./regions";
import { StorageShape } from "./storage";

/** The shape of `orgLogArchive` in `cdk.json`; what its fields have to do with each other is in `consistency.ts`. */

const RegionName = z
  .string()
  .refine(isRegion, "must be the name of an AWS Region that the installed aws-cdk-lib knows, such as eu-central-1")
  .refine(
    (name) => !isInChina(name),
    "must not be in China: CloudFormation has no service-managed StackSets there, and Athena reads no bucket of another Region",
  );

const TimeZone = z.string().refine(isTimeZone, "must be an IANA time zone, such as UTC or Europe/Berlin");

/** A name, or a name with what differs from the common schedule. */
const Region = z.preprocess(
  (value) => (typeof value === "string" ? { name: value } : value),
  z.strictObject({
    name: RegionName,
    schedule: z
      .strictObject({ expression: Schedule.shape.expression.optional(), timeZone: TimeZone.optional() })
      .optional(),
  }),
);

export const ConfigurationShape = z.strictObject({
  organizationId: text(/^o-[a-z0-9]{10,32}$/, "must be the id of an organisation, such as o-exampleorgid"),
  logArchiveAccount: AccountId,
  /** Has the audit database, and the StackSet unless it is an opt-in Region. */
  homeRegion: RegionName,
  regions: z.array(Region).min(1, "must name at least one Region"),
  /** Shared with the member role's trust policy: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
  externalId: text(/^[\w+=,.@:/-]{2,1224}$/, "must be 2 to 1,224 letters, digits or any of _ + = , . @ : / -"),
  targets: Targets,
  stackSet: z
    .strictObject({
      /** As whom the StackSet is managed: `SELF` only if the log archive account is the management account. */
      callAs: z.enum(["DELEGATED_ADMIN", "SELF"]).default("DELEGATED_ADMIN"),
      /** Leaves the member role in an account that leaves the targets. */
      retainOnRemoval: z.boolean().default(false),
    })
    .prefault({}),
  logGroups: LogGroupSelection.prefault({}),
  schedule: z
    .strictObject({
      expression: Schedule.shape.expression.default("cron(30 13 * * ? *)"),
      timeZone: TimeZone.default("UTC"),
    })
    .prefault({}),
  dayTimeZone: TimeZone.default("UTC"),
  /** Days; more than 31 would make every run list receipts that were settled long ago. */
  lookbackDays: wholeNumber(1, mostDaysOfRun, "days").default(7),
  /** An account's step is one Lambda invocation, of which AWS grants 1,000 at once by default, and 10 to a new account. */
  maxConcurrentAccounts: wholeNumber(1, 1000, "accounts").default(100),
  /** Export tasks end after a day, so that longer waits gain nothing. */
  foreignTaskWaitMinutes: wholeNumber(0, 1440, "minutes").default(120),
  /** How the bucket policy tells the organisation's accounts: by the organisation's id, or listed one by one. */
  bucketPolicy: z.enum(["organization", "accounts"]).default("organization"),
  sourceAccounts: z.array(AccountId).default([]),
  ...StorageShape,
  ...EvidenceShape,
  /** Who is told when an alarm goes off. */
  notify: z
    .strictObject({
      emails: z.array(z.email("must be an e-mail address, such as logs@example.com")).default([]),
      /** Tells of every run's end, with the head of the signed chain, which is good for something only outside the archive. */
      everyRun: z.boolean().default(false),
    })
    .prefault({}),
  /** What fails and is known to: runs are not red for it until the day that it names. */
  knownExceptions: CoverageSettings.shape.knownExceptions.default([]),
});

/** The common schedule with what a Region has of its own. */
export function regionSchedule(common: Schedule, { schedule }: z.output<typeof Region>): Schedule {
  return { expression: schedule?.expression ?? common.expression, timeZone: schedule?.timeZone ?? common.timeZone };
}

/** The configuration as it is written. */
export type ConfigurationInput = z.input<typeof ConfigurationShape>;

function text(pattern: RegExp, allowed: string) {
  return z.string(allowed).regex(pattern, allowed);
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    // Newer engines take offsets too, EventBridge Scheduler does not.
    return /^[A-Za-z]/.test(name);
  } catch {
    return false;
  }
}
