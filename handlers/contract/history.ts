/**
 * The history of an account's execution, in events. The state machine counts them, retries included, and tells each step
 * how many there are.
 */

/** Step Functions ends an execution here: https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
export const historyLimit = 25_000;

/** How many events each thing adds. */
export const historyEvents = {
  executionStarted: 1,
  /** Entered, scheduled, started, succeeded, exited. */
  task: 5,
  /** Entered, exited: a Wait, a Choice. */
  state: 2,
  /** Failed, scheduled, started. */
  retry: 3,
} as const;

/** The most that one step of the loop adds, not counting retries: the task, the choice after it, the wait after that. */
export const historyOfStep = historyEvents.task + 2 * historyEvents.state;
