import * as z from "zod";

/** The values that configuration, messages and records are made of. */

/** 12 digits. https://docs.aws.amazon.com/organizations/latest/APIReference/API_Account.html */
export const AccountId = z
  .string("must be an AWS account id: 12 digits, as text in quotes")
  .regex(/^\d{12}$/, "must be an AWS account id: 12 digits");

/** A calendar day, `YYYY-MM-DD`, that exists. */
export const Day = z.iso.date("must be a day that exists, YYYY-MM-DD");
export type Day = z.infer<typeof Day>;

/** Days from the first to the last. */
export const DayRange = z
  .strictObject({ from: Day, to: Day })
  .refine(({ from, to }) => from <= to, { path: ["from"], message: "must not be later than `to`" });
export type DayRange = z.infer<typeof DayRange>;

/** A moment as ISO 8601 in UTC. */
export const Timestamp = z.iso.datetime({ precision: 3, error: "must be a moment such as 2026-11-22T13:30:00.000Z" });

/** Epoch milliseconds, the unit of `CreateExportTask`'s `from` and `to`. */
export const EpochMilliseconds = z.number().int().nonnegative();

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_LogGroup.html */
export const LogGroupName = z.string().min(1).max(512);

/** `STANDARD`, `INFREQUENT_ACCESS`, `DELIVERY`, or what AWS adds: a new class must not stop an account. */
export const LogGroupClass = z.string().min(1);

/**
 * What Step Functions allows in an execution's name without breaking its own logging. The run's objects are named after it,
 * and Athena does not see names that begin with an underscore.
 */
export const RunId = z
  .string()
  .regex(/^(?!_)[0-9A-Za-z_-]{1,80}$/, "must be 1 to 80 letters, digits, hyphens or underscores, and not begin with _");

/**
 * A span of time to export. Both ends belong to it when CloudWatch Logs filters by event time, only `from` when it
 * filters by ingestion time (its texts disagree), so that adjacent windows share a millisecond and lose none.
 */
export const Window = z.object({ from: EpochMilliseconds, to: EpochMilliseconds });
export type Window = z.infer<typeof Window>;

/** A day of the archive and the moments at which it starts and ends in the configured zone. */
export const DayWindow = Window.extend({ day: Day });
export type DayWindow = z.infer<typeof DayWindow>;

/** Seals of an account's day with adjacent numbers, the first and the last included. */
export const SealRange = z.strictObject({
  day: Day,
  first: z.number().int().positive(),
  last: z.number().int().positive(),
});
export type SealRange = z.infer<typeof SealRange>;
