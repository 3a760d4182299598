import * as z from "zod";
import {
  AccountId,
  Day,
  DayWindow,
  EpochMilliseconds,
  LogGroupClass,
  LogGroupName,
  RunId,
  SealRange,
  Timestamp,
  Window,
} from "../contract/values";
import { Sha256 } from "./hashing";

/** The JSON that the archive holds about itself. Field names are what auditors' queries rely on. */

/** An export task that wrote one window of an item. */
export const ReceiptTask = Window.extend({
  taskId: z.string().min(1),
  taskName: z.string().min(1),
  /** `<account>/<day>/<taskId>/` */
  prefix: z.string().min(1),
  /** Objects under the prefix; CloudWatch Logs' write test is never one of them. */
  objects: z.number().int().nonnegative(),
  /** Sum of the stored (compressed) sizes. */
  bytes: z.number().int().nonnegative(),
  /** SHA-256, in hex, of the lines `key TAB size NEWLINE` in the keys' UTF-8 byte order. */
  listingSha256: Sha256,
  /**
   * Since version 2: SHA-256, in hex, of the lines `key TAB size TAB ETag TAB version id NEWLINE` in the same order, ETags
   * without quotes, and `-` where an object has no version id. A copy of the archive has neither ETags nor version ids: there
   * the seal's stand for them.
   */
  versionsSha256: Sha256.optional(),
  createdAt: Timestamp,
  completedAt: Timestamp,
  /** The task is known by its name alone, which any principal of the account may use: it may hold only a part of its window. */
  adopted: z.literal(true).optional(),
});
export type ReceiptTask = z.infer<typeof ReceiptTask>;

/** The object, written once, that commits an item to the archive. */
export const Receipt = Window.extend({
  /** Version 1 knows objects by their keys and sizes alone. */
  version: z.union([z.literal(1), z.literal(2)]),
  account: AccountId,
  region: z.string().min(1),
  logGroup: LogGroupName,
  day: Day,
  tasks: z.array(ReceiptTask).min(1),
  objects: z.number().int().nonnegative(),
  bytes: z.number().int().nonnegative(),
  runId: RunId,
  at: Timestamp,
}).refine(
  ({ version, tasks }) => tasks.every(({ versionsSha256 }) => (version === 2) === (versionsSha256 !== undefined)),
  {
    path: ["tasks"],
    error: "a task has versionsSha256 in a receipt of version 2, and only there",
  },
);
export type Receipt = z.infer<typeof Receipt>;

export const Outcome = z.enum(["exported", "empty", "skipped", "failed"]);
export type Outcome = z.infer<typeof Outcome>;

/** What became of one item, or with `logGroup: null` of a whole account. The latest `at` of an item stands. */
export const CoverageLine = z.object({
  account: AccountId,
  region: z.string().min(1),
  logGroup: LogGroupName.nullable(),
  day: Day,
  outcome: Outcome,
  /** A code of `reasons`, and after a colon what a person needs besides. */
  reason: z.string().min(1).optional(),
  /** The export tasks that a receipt commits: no line without a receipt has it. */
  taskIds: z.array(z.string().min(1)).optional(),
  /** Export tasks that were begun for a failed item, and that no receipt commits: the next run looks at them first. */
  openTaskIds: z.array(z.string().min(1)).optional(),
  objects: z.number().int().nonnegative().optional(),
  bytes: z.number().int().nonnegative().optional(),
  logClass: LogGroupClass.optional(),
  retentionInDays: z.number().int().positive().optional(),
  /** A data protection policy masked this group's events. */
  masked: z.boolean().optional(),
  runId: RunId,
  at: Timestamp,
});
export type CoverageLine = z.infer<typeof CoverageLine>;

/** A log group as planning saw it. */
export const PlannedLogGroup = z.object({
  name: LogGroupName,
  createdAt: EpochMilliseconds,
  logClass: LogGroupClass,
  retentionInDays: z.number().int().positive().optional(),
  masked: z.boolean(),
});
export type PlannedLogGroup = z.infer<typeof PlannedLogGroup>;

/** A setting by its path in the configuration, and its value. */
export const SettingValue = z.object({ setting: z.string().min(1), value: z.string() });
export type SettingValue = z.infer<typeof SettingValue>;

/** Something about the configuration that a person should know: no failure, and nothing that a run can cure. */
export const Notice = SettingValue.extend({ message: z.string().min(1) });
export type Notice = z.infer<typeof Notice>;

const Index = z.number().int().nonnegative();

/**
 * What a run has to do in an account, in this order. Items and what is settled are rows of indices, flat, because 50,000 log
 * groups over a look-back of days would not fit a function's memory spelt out: `handlers/archive/items.ts` reads them.
 */
const CurrentPlan = z.object({
  version: z.literal(2),
  account: AccountId,
  region: z.string().min(1),
  runId: RunId,
  days: z.array(DayWindow),
  logGroups: z.array(PlannedLogGroup),
  /** In twos: log group, day. */
  items: z.array(Index),
  /** Export tasks that earlier runs began and did not commit: the number of the item, and the task's id. */
  begun: z.array(z.tuple([Index, z.string().min(1)])).default([]),
  /** Whether an earlier run ended in this account without telling what it had begun. */
  interrupted: z.boolean().default(false),
  /** What planning settled by itself, in threes: log group, or -1 for the account as a whole, day, and settlement. */
  settled: z.array(Index.or(z.literal(-1))),
  settlements: z.array(z.object({ outcome: Outcome, reason: z.string().min(1) })),
  /** When the plan was made. */
  at: Timestamp,
  /** Log group days that earlier runs have settled. */
  settledBefore: z.number().int().nonnegative().default(0),
  /** Settings that select log groups and match none of this account: `logGroups.exclude[0]`. */
  unmatched: z.array(SettingValue).default([]),
});
export type Plan = z.infer<typeof CurrentPlan>;

/** As plans were written before: what was settled was spelt out, and cannot be told by index where no log group is planned. */
const FirstPlan = CurrentPlan.omit({ settlements: true, at: true }).extend({
  version: z.literal(1),
  items: z.array(z.tuple([Index, Index])),
  settled: z.array(CoverageLine),
});

export const Plan: z.ZodType<Plan> = CurrentPlan.or(FirstPlan.transform(fromFirst));

function fromFirst(plan: z.infer<typeof FirstPlan>): Plan {
  const groups = new Map(plan.logGroups.map(({ name }, index) => [name, index]));
  const days = new Map(plan.days.map(({ day }, index) => [day, index]));
  const settled = plan.settled.flatMap(({ logGroup, day }, index) => [
    logGroup === null ? -1 : (groups.get(logGroup) ?? -1),
    days.get(day) ?? 0,
    index,
  ]);
  return {
    ...plan,
    version: 2,
    items: plan.items.flat(),
    settled,
    settlements: plan.settled.map(({ outcome, reason = outcome }) => ({ outcome, reason })),
    at: plan.settled[0]?.at ?? new Date(0).toISOString(),
  };
}

/** `PENDING_ACTIVATION`, `ACTIVE`, `SUSPENDED`, `PENDING_CLOSURE`, `CLOSED`, or what AWS adds: a new state must not stop a run. */
export const AccountState = z.string().min(1);

/** An account of the organisation, and why it is not archived if it is not. */
export const ListedAccount = z.object({
  id: AccountId,
  name: z.string(),
  state: AccountState,
  /** Absent: the account is archived. */
  skipped: z.string().min(1).optional(),
});
export type ListedAccount = z.infer<typeof ListedAccount>;

/** Days before the look-back whose receipts are to be sealed, too. */
export const Backlog = z.object({
  /** Every day before it is sealed, or was found not to be sealable; null: nothing is known. */
  from: Day.nullable(),
  /** Oldest first. */
  days: z.array(Day),
  /** The accounts that have receipts on these days, also those that have left since. */
  accounts: z.array(AccountId),
});
export type Backlog = z.infer<typeof Backlog>;

/**
 * Days of long ago that scheduled runs archive beside their own, some in each, until all are done. What runs had no time for
 * is covered in another round, as long as each round leaves less than the one before.
 */
export const Backfill = z.object({
  /** When it was asked for. */
  askedAt: Timestamp,
  /** What this round has still to cover, this run's days included, oldest first; empty: it is over. */
  rest: z.array(Day),
  /** The days of it that this run covers. */
  days: z.array(Day),
  /** What this round has covered, and the next one has to cover again. */
  again: z.array(Day),
  /** How much there is in `again`: items, and accounts that were not sealed to the end. */
  left: z.number().int().nonnegative(),
  /** How much the round before left. */
  leftBefore: z.number().int().positive().optional(),
});
export type Backfill = z.infer<typeof Backfill>;

/** Every account of the organisation as a run found it. */
export const AccountList = z.object({
  version: z.literal(1),
  runId: RunId,
  startedAt: Timestamp,
  deadline: Timestamp,
  days: z.array(DayWindow),
  /** IANA name of the zone of the days. */
  dayTimeZone: z.string().min(1).optional(),
  /** The days that no later scheduled run looks at: what fails on them stays open unless a run is started for them. */
  lastChanceDays: z.array(Day).default([]),
  accounts: z.array(ListedAccount),
  /** The run was started for some accounts only; absent: for all, of which `accounts` has those that are left out, too. */
  onlyAccounts: z.literal(true).optional(),
  /** The only log groups that the run was started for; absent: all of them. */
  logGroups: z.array(LogGroupName).optional(),
  /** Absent in lists of before there were seals. */
  backlog: Backlog.optional(),
  /** Absent where none was ever asked for. */
  backfill: Backfill.optional(),
  notices: z.array(Notice).default([]),
});
export type AccountList = z.infer<typeof AccountList>;

/** How many items had each outcome. */
export const Counts = z.object({
  exported: z.number().int().nonnegative(),
  empty: z.number().int().nonnegative(),
  skipped: z.number().int().nonnegative(),
  /** Without those that are known. */
  failed: z.number().int().nonnegative(),
  /** Failed, and known to by the configuration. */
  known: z.number().int().nonnegative().default(0),
});
export type Counts = z.infer<typeof Counts>;

/** How many items of each day. */
const CountPerDay = z.record(Day, z.number().int().positive()).default({});

/** An item's outcome, where those that failed and are known to are told from the others. */
export const ReportedOutcome = z.enum([...Outcome.options, "known"]);
export type ReportedOutcome = z.infer<typeof ReportedOutcome>;

/** Items that share an outcome and a reason. */
export const Cause = z.object({
  outcome: ReportedOutcome,
  reason: z.string().min(1),
  count: z.number().int().positive(),
  days: CountPerDay,
  /** Some of the items, enough to start looking. */
  examples: z.array(z.object({ logGroup: LogGroupName.nullable(), day: Day, reason: z.string().min(1) })),
});
export type Cause = z.infer<typeof Cause>;

/** What a run did in one account. */
export const AccountSummary = z.object({
  version: z.literal(1),
  account: AccountId,
  runId: RunId,
  counts: Counts,
  bytes: z.number().int().nonnegative(),
  causes: z.array(Cause),
  /** Log group days that earlier runs have settled. */
  settledBefore: z.number().int().nonnegative().default(0),
  /** When the plan was made; absent when there was none. */
  plannedAt: Timestamp.optional(),
  /** As the plan has it; absent when there was no plan. */
  unmatched: z.array(SettingValue).optional(),
  /** Which of the configured known exceptions something failed by, by their indices. */
  knownBy: z.array(Index).default([]),
  at: Timestamp,
});
export type AccountSummary = z.infer<typeof AccountSummary>;

/** What a run sealed of an account, and what it could not seal. */
export const SealingSummary = z.strictObject({
  version: z.literal(1),
  account: AccountId,
  runId: RunId,
  /** The seals that it wrote. */
  seals: z.array(SealRange),
  /** Exported objects, and their bytes as stored. */
  objects: z.number().int().nonnegative(),
  bytes: z.number().int().nonnegative(),
  /** How many receipts, coverage objects and days are not sealed, for reasons that a person has to look at. */
  notSealed: z.number().int().nonnegative(),
  causes: z.array(Cause),
  /** Whether every day was reached before the run's time was over. */
  complete: z.boolean(),
  at: Timestamp,
});
export type SealingSummary = z.infer<typeof SealingSummary>;

/** `runs/<run id>/report.json`: what a run did in the whole organisation. */
export const Report = z.object({
  version: z.literal(1),
  runId: RunId,
  region: z.string().min(1),
  startedAt: Timestamp,
  finishedAt: Timestamp,
  days: z.array(Day),
  /** Those of the days that are a backfill's. */
  backfill: z.array(Day).default([]),
  /** The days that no later scheduled run looks at. */
  lastChanceDays: z.array(Day).default([]),
  status: z.enum(["complete", "incomplete"]),
  /** What went wrong with the run itself, beside its accounts. */
  error: z.string().min(1).optional(),
  counts: Counts,
  /** Log group days that earlier runs have settled, and that are in no count. */
  settledBefore: z.number().int().nonnegative().default(0),
  bytes: z.number().int().nonnegative(),
  accounts: z.array(
    z.object({
      id: AccountId,
      name: z.string(),
      state: AccountState,
      skipped: z.string().optional(),
      counts: Counts,
      bytes: z.number().int().nonnegative(),
    }),
  ),
  /** What was not simply exported, grouped by cause, the most frequent failure first. */
  causes: z.array(
    z.object({
      outcome: ReportedOutcome,
      reason: z.string(),
      /** What it means and what to do. */
      advice: z.string(),
      count: z.number().int().positive(),
      /** How many of these items failed on one of `lastChanceDays`. */
      lastChance: z.number().int().nonnegative().default(0),
      days: CountPerDay,
      accounts: z.array(AccountId),
      examples: z.array(
        z.object({ account: AccountId, logGroup: LogGroupName.nullable(), day: Day, reason: z.string() }),
      ),
    }),
  ),
  /** Settings that match nothing, and known exceptions that are over. */
  notices: z.array(Notice).default([]),
});
export type Report = z.infer<typeof Report>;
