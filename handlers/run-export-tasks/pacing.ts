import { historyLimit, historyOfStep } from "../contract/history";

/**
 * When to look at a task again, and where to wait. A poll through a Wait state costs two more transitions at $0.000025 and an
 * invocation; a 256 MB arm64 Lambda second costs $0.0000033. So a wait of up to about 22 s is cheaper inside the Lambda.
 * https://aws.amazon.com/step-functions/pricing/ https://aws.amazon.com/lambda/pricing/
 */
export const longestWaitInsideMs = 22_000;

/** A poll comes late by half of this share of the task's age on average: that is the slot's idle time. */
const share = 0.06;
const shortestMs = 500;
const longestMs = 300_000;

/** How long to wait before the next look at a task of this age (milliseconds). */
export function pollDelay(ageMs: number): number {
  return Math.round(Math.min(longestMs, Math.max(shortestMs, ageMs * share)));
}

/** How long a step may work before it hands back, in milliseconds: a few history events for minutes of work. */
export const stepBudgetMs = 240_000;

/** What a step keeps of its Lambda's time for ending in good order. */
export const endingMs = 60_000;

/** What the steps may fill of the history, in events: half of it is for everything else, and for the last steps' retries. */
export const historyForSteps = historyLimit / 2;

/** As long as the history has fewer events, a step may be as short as it likes. */
const freeHistory = historyForSteps / 2;

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
