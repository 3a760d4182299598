import { historyLimit, historyOfStep } from "../contract/history";

/**
 * When to look at an export task again, and where to wait. Waiting outside costs three transitions at $0.000025 before the next
 * look, as much as 45 seconds of a 128 MB arm64 Lambda at $0.0000017: what is longer is cheaper outside.
 * https://aws.amazon.com/step-functions/pricing/ https://aws.amazon.com/lambda/pricing/
 */
export const longestWaitInsideMs = 45_000;

/** A step that has to end anyway had better end with a wait than go straight on to the next one: from here on that is cheaper. */
export const shortestWaitOutsideMs = 15_000;

/** How long a step may work before it hands back, in milliseconds: half of what Lambda allows, its ending included. */
export const stepBudgetMs = 420_000;

/** What a step keeps of its Lambda's time for ending in good order. */
export const endingMs = 60_000;

/** For so long after a task was created, or may have been, "not listed" means "not yet". */
export const listingLagMs = 60_000;

/** What is known of how long an export task will take, in milliseconds. */
export interface Expectation {
  /** How long the same log group's took for the day before; null if that is not known. */
  readonly dayBefore: number | null;
  /** The account's latest tasks, the newest last. */
  readonly latest: readonly number[];
}

/** So many of the latest tasks tell what the next one will be like. */
export const latestTasks = 8;

/** Fewer say nothing of the next one. */
const fewestTasks = 3;

/** The shortest of the latest tasks is hardly undercut, nor is two thirds of what the day before took. */
const shareOfShortest = 0.92;
const shareOfDayBefore = 0.65;

/** No task ends before it has run at all. */
const shortestTaskMs = 250;

/** The age (milliseconds) before which a task is not expected to end. */
export function earliestEnd({ dayBefore, latest }: Expectation): number {
  const known = latest.slice(-latestTasks);
  const shortest = Math.max(shortestTaskMs, known.length < fewestTasks ? 0 : shareOfShortest * Math.min(...known));
  if (dayBefore === null) return shortest;
  // Tasks that agree with each other, and with the day before, tell more than a single one of another day.
  const agree = known.length >= fewestTasks && known.every((each) => each > dayBefore / 2 && each < dayBefore * 2);
  return agree ? shortest : shareOfDayBefore * dayBefore;
}

/**
 * A look comes late by half of the time between two: that is the slot's idle time. Looks inside the Lambda cost nothing but
 * calls that others in the account may need; those from outside cost transitions.
 */
const inside = { shareOfAge: 0.004, shortestMs: 80, whileShort: { shareOfAge: 0.016, longestMs: 100 } };
const outside = { shareOfKnownAge: 0.01, shareOfUnknownAge: 0.025 };

/** How long to wait between two looks at an own task of this age (milliseconds). */
export function lookDelay(ageMs: number, { dayBefore }: Expectation): number {
  const outsideMs = ageMs * (dayBefore === null ? outside.shareOfUnknownAge : outside.shareOfKnownAge);
  if (outsideMs > longestWaitInsideMs) return Math.round(outsideMs);
  const { shareOfAge, shortestMs, whileShort } = inside;
  const dense = Math.min(ageMs * whileShort.shareOfAge, whileShort.longestMs);
  return Math.round(Math.max(shortestMs, dense, ageMs * shareOfAge));
}

/** How long to wait before the next look at what is not ours, or may be there, by how long it has been waited for (milliseconds). */
export function patientDelay(waitedMs: number): number {
  return Math.round(Math.min(300_000, Math.max(3_000, waitedMs * 0.06)));
}

/** All callers in an account share five DescribeExportTasks calls a second: half of them in the long run, more for a few seconds. */
export const lookRate = { perSecond: 2.4, burst: 18 };

/** What the steps may fill of the history, in events: half of it is for everything else, and for the last steps' retries. */
export const historyForSteps = historyLimit / 2;

/** As long as the history has fewer events, a step may be as short as it likes. */
const freeHistory = historyForSteps / 2;

/**
 * From which wait on (milliseconds) a step hands back. A long run with tasks of a minute would fill the history if each of them
 * took a step of its own: from half of the free history on, a step stays as long as it may.
 */
export function longestWaitInside(events: number): number {
  return events < freeHistory / 2 ? longestWaitInsideMs : stepBudgetMs;
}

/**
 * How long a step lasts at least, from its own start to the next one's, in milliseconds, so that the history lasts until
 * the deadline: 0 at first, later the time that is left spread over the steps that are left.
 * @param events the execution's history when the step starts
 * @param remainingMs from the step's start to the run's deadline
 */
export function shortestStepMs(events: number, remainingMs: number): number {
  if (events < freeHistory) return 0;
  const stepsLeft = Math.max(1, Math.floor((historyForSteps - events) / historyOfStep));
  return Math.ceil(Math.max(0, remainingMs) / stepsLeft);
}
