import { isThrottlingError, isTransientError } from "@smithy/core/retry";
import pRetry from "p-retry";
import type { Clock } from "../clock";

/** How long a call that fails for a passing reason is repeated: full jitter, doubling, about 90 s in all at the most. */
const retries = 8;
const firstDelayMs = 200;
const longestDelayMs = 20_000;

/** What a retry needs from the outside. */
export interface RetrySource {
  readonly clock: Clock;
  readonly random: () => number;
  /** Told of each call that is made again, with why. */
  readonly onRetry?: (error: Error) => void;
}

type SdkError = Parameters<typeof isThrottlingError>[0];

/** Throttled: the service did nothing, for certain. */
export function isThrottled(error: unknown): boolean {
  // The SDK counts LimitExceededException as throttling; for export tasks it means that the slot is taken.
  return error instanceof Error && error.name !== "LimitExceededException" && isThrottlingError(error as SdkError);
}

/**
 * Whether an error that is known by its name alone, as a Catch has it, says that a call was throttled. Step Functions puts
 * the service before the name of its own call: `Lambda.TooManyRequestsException`.
 */
export function isThrottlingName(name: string): boolean {
  return isThrottled(Object.assign(new Error(), { name: name.split(".").at(-1) }));
}

/** The connection or the service failed: whether the call had an effect is unknown. */
export function isUnknownOutcome(error: unknown): boolean {
  return (
    error instanceof Error && (isTransientError(error as SdkError) || error.name === "ServiceUnavailableException")
  );
}

/**
 * Makes a call until it succeeds, fails for good, or the retries are used up. Only for calls that may take effect twice.
 * The SDK's own retries are off (`maxAttempts: 1`), because they wait on timers that no clock controls.
 */
export function withRetries<T>(
  source: RetrySource,
  call: () => Promise<T>,
  isPassing: (error: unknown) => boolean = (error) => isThrottled(error) || isUnknownOutcome(error),
): Promise<T> {
  return pRetry(call, {
    retries,
    minTimeout: 0,
    shouldRetry: async ({ error, attemptNumber }) => {
      if (!isPassing(error)) return false;
      source.onRetry?.(error);
      const ceiling = Math.min(longestDelayMs, firstDelayMs * 2 ** attemptNumber);
      await source.clock.sleep(Math.ceil(source.random() * ceiling));
      return true;
    },
  });
}
