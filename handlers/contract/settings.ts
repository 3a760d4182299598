import * as z from "zod";
import { AccountId, Day, LogGroupName } from "./values";

/**
 * The parts of the configuration that the handlers act on. They travel as literals in the state machine's tasks: a handler's
 * settings have members of the configuration under the configuration's own names, and whatever is added to them here and
 * there crosses by itself.
 */

const OrganizationalUnitOrRoot = z
  .string()
  .regex(
    /^(r-[0-9a-z]{4,32}|ou-[0-9a-z]{4,32}-[0-9a-z]{8,32})$/,
    "must be the id of a root (r-abcd) or an organisational unit (ou-abcd-12345678)",
  );

/** Which accounts are archived. */
export const Targets = z.strictObject({
  /** Ids of roots or organisational units; those nested below them are included. At least one. */
  organizationalUnits: z.array(OrganizationalUnitOrRoot).min(1, "must name at least one organisational unit or root"),
  /** Not empty: only these accounts. */
  includeAccounts: z.array(AccountId).default([]),
  excludeAccounts: z.array(AccountId).default([]),
  /** The management account, which StackSets skip: archived if set, with a stack of its own. */
  managementAccount: AccountId.optional(),
});
export type Targets = z.infer<typeof Targets>;

/** When a Region's runs start. */
export const Schedule = z.strictObject({
  /** An EventBridge Scheduler expression: `cron(30 13 * * ? *)` or `rate(1 day)`. */
  expression: z.string().min(1),
  /** IANA name of the zone in which the expression is read. */
  timeZone: z.string().min(1),
});
export type Schedule = z.infer<typeof Schedule>;

/**
 * A tag value that ListLogGroups takes literally. `*` would match any characters, `!` in front would negate (and whether a
 * log group without the tag passes then is not documented), and what no characters match is not documented either.
 * https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_TagFilter.html
 */
const ExactTagValue = z
  .string("must be the exact value of a tag")
  .regex(
    /^[^!*][^*]*$/,
    "must be the exact value of a tag: not empty, without * and not beginning with !, which CloudWatch Logs would read as a pattern",
  );

/**
 * What `?`, `*`, `**`, `{a,b}` and `[a-z]` can make of the characters of log groups' names; anything else would match none.
 * https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html
 */
const LogGroupGlob = z
  .string("must be a glob in quotes")
  .regex(
    /^(?:[\w.\-/#?*]|\[[\w.\-/#]+\]|\{[\w.\-/#?*,]+\})+$/,
    "must be a glob of log groups' names: letters, digits, . - _ / #, and ? * ** {a,b} [a-z], which close",
  );

/** Which log groups of an account are archived. */
export const LogGroupSelection = z.strictObject({
  /** Globs; a log group has to match one of them. */
  include: z.array(LogGroupGlob).min(1, 'must have at least one glob: ["**"] is every log group').default(["**"]),
  /** Globs; a log group that matches one of them is left out. */
  exclude: z.array(LogGroupGlob).default([]),
  /** Log groups with this tag are left out. */
  excludeTag: z.strictObject({ key: z.string().min(1, "must be the key of a tag"), value: ExactTagValue }).optional(),
});
export type LogGroupSelection = z.infer<typeof LogGroupSelection>;

/** What `plan-exports` acts on. */
export const PlanSettings = z.strictObject({ logGroups: LogGroupSelection });
export type PlanSettings = z.infer<typeof PlanSettings>;

/** What `list-accounts` acts on: what decides a run's days, deadline and accounts. */
export const RunSettings = z.strictObject({
  /** IANA name of the zone whose midnights bound a day. */
  dayTimeZone: z.string().min(1),
  /** How many days back a run looks for what is not settled yet. */
  lookbackDays: z.number().int().min(1),
  schedule: Schedule,
  targets: Targets,
  /** After so many days lifecycle rules delete log data: what is older is not sealed any more. */
  lifecycle: z.object({ expireAfterDays: z.number().int().min(1).optional() }).optional(),
});
export type RunSettings = z.infer<typeof RunSettings>;

/** What `run-export-tasks` acts on: how long an account's exports wait for an export task that is not ours. */
export const SlotSettings = z.strictObject({ foreignTaskWaitMinutes: z.number().int().min(0) });
export type SlotSettings = z.infer<typeof SlotSettings>;

/** Something that fails, is known to, and is not to turn runs red until a day: an account, one of its log groups, or a log group everywhere. */
export const KnownException = z
  .strictObject({
    account: AccountId.optional(),
    /** The whole name. */
    logGroup: LogGroupName.optional(),
    /** For those who read the coverage. */
    reason: z.string().trim().min(1, "must say why it is known to fail"),
    /** The last day (UTC) on which a run may begin for which it holds. */
    until: Day,
  })
  .refine(({ account, logGroup }) => account !== undefined || logGroup !== undefined, {
    error: "must name an account, a log group or both: without them it would be true of everything",
  });
export type KnownException = z.infer<typeof KnownException>;

/** What `record-coverage` and `report-run` act on. */
export const CoverageSettings = z.strictObject({ knownExceptions: z.array(KnownException).max(200) });
export type CoverageSettings = z.infer<typeof CoverageSettings>;
