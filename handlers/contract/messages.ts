import * as z from "zod";
import { CoverageSettings, PlanSettings, RunSettings, SlotSettings } from "./settings";
import { AccountId, Day, DayRange, DayWindow, LogGroupName, RunId, SealRange, Timestamp, Window } from "./values";

/** What the state machine passes to the handlers and gets back. Every handler parses its event with one of these. */

/** Days that one run covers at most, as the longest look-back: the plan of more would not fit a function's memory. */
export const mostDaysOfRun = 31;

/** An execution's input: what the schedule sends, or a person who starts a run by hand. */
export const RunRequest = z
  .strictObject({
    /** The moment for which the run was scheduled; now, if absent. */
    scheduledTime: z.iso.datetime({ offset: true }).optional(),
    /** These days instead of yesterday and the look-back. */
    days: z
      .array(Day)
      .min(1)
      .max(mostDaysOfRun, `must be at most ${mostDaysOfRun} days: start a run for each part`)
      .optional(),
    /** Only these of the accounts that the configuration targets. */
    accounts: z.array(AccountId).min(1).optional(),
    /** Only these of an account's log groups, by their whole names. */
    logGroups: z.array(LogGroupName).min(1).max(100).optional(),
    /** Days that this run and the scheduled ones after it archive beside their own, until all are; null ends what was asked so. */
    backfill: DayRange.nullable().optional(),
  })
  .refine(({ backfill, days, accounts, logGroups }) => backfill === undefined || !(days || accounts || logGroups), {
    path: ["backfill"],
    message: "must stand alone: scheduled runs go on with it, and they are about all accounts and log groups",
  });
export type RunRequest = z.infer<typeof RunRequest>;

export const ListAccountsInput = z.object({
  execution: z.object({ name: RunId, startTime: z.iso.datetime({ offset: true }) }),
  request: RunRequest,
  settings: RunSettings,
});
export type ListAccountsInput = z.infer<typeof ListAccountsInput>;

/** A run, as every handler after the first knows it. */
export const Run = z.object({
  runId: RunId,
  startedAt: Timestamp,
  /** After this moment no export task is created. */
  deadline: Timestamp,
  days: z.array(DayWindow),
  /** The only log groups that it is about; null: all of them. */
  logGroups: z.array(LogGroupName).nullable().default(null),
  /** Days before the look-back whose receipts this run seals, oldest first. */
  backlog: z.array(Day),
  /** Those of its days that are a backfill's: the others go first. */
  backfill: z.array(Day).default([]),
});
export type Run = z.infer<typeof Run>;

/** Accounts by reference: the ids of some 17,000 accounts fill a payload of Step Functions. */
const AccountsByReference = z.object({
  /** Of the object in the archive bucket that has the ids as a JSON array. */
  key: z.string().min(1),
  count: z.number().int().nonnegative(),
});

export const ListAccountsOutput = Run.extend({
  /** To archive. */
  accounts: AccountsByReference,
  /** Not archived any more, with receipts that are to be sealed. */
  formerAccounts: AccountsByReference,
});
export type ListAccountsOutput = z.infer<typeof ListAccountsOutput>;

export const PlanExportsInput = z.object({ run: Run, account: AccountId, settings: PlanSettings });
export type PlanExportsInput = z.infer<typeof PlanExportsInput>;

/** An export task of ours, as much of it as the archive will want to know. */
export const OwnTask = Window.extend({
  taskId: z.string().min(1),
  taskName: z.string().min(1),
  createdAt: Timestamp,
  /** Known by its name alone. */
  adopted: z.literal(true).optional(),
});
export type OwnTask = z.infer<typeof OwnTask>;

export const CompletedTask = OwnTask.extend({ completedAt: Timestamp });
export type CompletedTask = z.infer<typeof CompletedTask>;

/** Where the loop stands in the item that it exports. */
export const ItemProgress = z.object({
  /** Index of the item in the plan. */
  index: z.number().int().nonnegative(),
  /** Whether the log group has been written to so lately that an export without any objects would be a surprise. */
  isRecent: z.boolean().default(true),
  /** How long the log group's export tasks took for the day before, in milliseconds; null if that is not known. */
  dayBeforeMs: z.number().int().nonnegative().nullable().default(null),
  /** The windows still to export: the day, or its pieces once a task has timed out. */
  remaining: z.array(Window),
  completed: z.array(CompletedTask),
  /** The task that holds the slot. */
  running: OwnTask.nullable(),
  /** When a task was asked for whose answer was lost, and which may still show up. */
  lostAt: Timestamp.nullable().default(null),
  /** Export tasks of this run that failed on this item. */
  attempts: z.number().int().nonnegative(),
});
export type ItemProgress = z.infer<typeof ItemProgress>;

/** An item whose tasks have completed, and which has no receipt yet. */
export const Uncommitted = z.object({
  index: z.number().int().nonnegative(),
  isRecent: z.boolean(),
  completed: z.array(CompletedTask).min(1),
  /** What the tasks had written when they were looked at first, and when to look again. */
  seen: z.object({ objects: z.number().int().nonnegative(), bytes: z.number().int().nonnegative() }).nullable(),
  lookAt: Timestamp.nullable(),
});
export type Uncommitted = z.infer<typeof Uncommitted>;

/** All that a step of the loop hands to the next one. */
export const Cursor = z.object({
  /** Counts the steps. */
  step: z.number().int().nonnegative(),
  /** Index of the plan's first item that no step has looked at. */
  position: z.number().int().nonnegative(),
  item: ItemProgress.nullable(),
  uncommitted: z.array(Uncommitted).default([]),
  /** How long the account's latest export tasks took, in milliseconds, the newest last. */
  latestMs: z.array(z.number().int().nonnegative()).default([]),
  /** Whether the slot was free when the step before ended, but for a task that `item` names. */
  slotIsFree: z.boolean().default(false),
  /** Since when an export task that is not ours has held the slot. */
  foreignSince: Timestamp.nullable(),
});
export type Cursor = z.infer<typeof Cursor>;

/** Of an account's first step. */
export const firstCursor: Cursor = {
  step: 0,
  position: 0,
  item: null,
  uncommitted: [],
  latestMs: [],
  slotIsFree: false,
  foreignSince: null,
};

export const RunExportTasksInput = z.object({
  run: Run,
  account: AccountId,
  cursor: Cursor,
  /** Events that the execution's history had before this step. */
  historyEvents: z.number().int().nonnegative(),
  settings: SlotSettings,
});
export type RunExportTasksInput = z.infer<typeof RunExportTasksInput>;

/** What planning and every step of the loop return: what to do next, and for people where it is. */
export const Progress = z.object({
  status: z.enum(["more", "waiting", "finished"]),
  /** How long to wait before the next step. */
  waitSeconds: z.number().int().nonnegative(),
  logGroup: z.string().nullable(),
  taskId: z.string().nullable(),
  done: z.number().int().nonnegative(),
  total: z.number().int().nonnegative(),
  cursor: Cursor,
});
export type Progress = z.infer<typeof Progress>;

/** An error as a Catch receives it. */
export const CaughtError = z.object({ Error: z.string(), Cause: z.string().optional() });
export type CaughtError = z.infer<typeof CaughtError>;

export const RecordCoverageInput = z.object({
  run: Run,
  account: AccountId,
  error: CaughtError.nullable(),
  settings: CoverageSettings,
});
export type RecordCoverageInput = z.infer<typeof RecordCoverageInput>;

export const RecordCoverageOutput = z.object({
  account: AccountId,
  /** `failed`: something that a retry or an operator can cure. */
  status: z.enum(["clean", "failed"]),
  exported: z.number(),
  empty: z.number(),
  skipped: z.number(),
  failed: z.number(),
});
export type RecordCoverageOutput = z.infer<typeof RecordCoverageOutput>;

/** Where the sealing of an account stands. */
export const SealCursor = z.strictObject({
  /** Counts the steps. */
  step: z.number().int().nonnegative(),
  /** Index of the day among the run's days and its backlog. */
  day: z.number().int().nonnegative(),
  /** Key of the last receipt of the day that was dealt with. */
  after: z.string().min(1).nullable(),
  /** A receipt with more objects than a step can read, and the key of what steps have read of it. */
  partial: z.strictObject({ receipt: z.string().min(1), key: z.string().min(1) }).nullable(),
  /** After this moment nothing is read any more: the next run goes on. */
  until: Timestamp,
  /** What steps have written: seals of a day, by their numbers. */
  seals: z.array(SealRange),
  objects: z.number().int().nonnegative(),
  bytes: z.number().int().nonnegative(),
});
export type SealCursor = z.infer<typeof SealCursor>;

/** `cursor` is null in the first step. */
export const SealAccountInput = z.strictObject({ run: Run, account: AccountId, cursor: SealCursor.nullable() });
export type SealAccountInput = z.infer<typeof SealAccountInput>;

export const SealProgress = z.strictObject({
  status: z.enum(["more", "finished"]),
  /** For people: which day is next, and how many objects are sealed so far. */
  day: Day.nullable(),
  objects: z.number().int().nonnegative(),
  /** How much could not be sealed; known when finished. */
  notSealed: z.number().int().nonnegative(),
  cursor: SealCursor,
});
export type SealProgress = z.infer<typeof SealProgress>;

export const ReportRunInput = z.object({ run: Run, error: CaughtError.nullable(), settings: CoverageSettings });
export type ReportRunInput = z.infer<typeof ReportRunInput>;

export const SignDigestInput = z.strictObject({ run: Run });
export type SignDigestInput = z.infer<typeof SignDigestInput>;

export const SignDigestOutput = z.strictObject({
  /** Key of the newest digest. */
  digest: z.string().min(1),
  /** What is to be kept outside the archive. */
  head: z.strictObject({ sequence: z.number().int().positive(), sha256: z.string().min(1) }),
  /** One sentence that names the digests which are lost; null where none is. */
  loss: z.string().min(1).nullable(),
});
export type SignDigestOutput = z.infer<typeof SignDigestOutput>;

export const ReportRunOutput = z.object({
  status: z.enum(["complete", "incomplete"]),
  /** One sentence for the console and the notification. */
  summary: z.string(),
  /** Key of the report in the archive bucket. */
  report: z.string(),
  accounts: z.number().int().nonnegative(),
  exported: z.number().int().nonnegative(),
  empty: z.number().int().nonnegative(),
  skipped: z.number().int().nonnegative(),
  failed: z.number().int().nonnegative(),
});
export type ReportRunOutput = z.infer<typeof ReportRunOutput>;
