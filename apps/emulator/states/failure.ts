import { jsonBytes, limits } from "./limits";

/** An error as a state machine sees it: `Error` and `Cause`. */
export class StateFailure extends Error {
  override readonly name = "StateFailure";

  constructor(
    readonly error: string,
    readonly reason: string,
    options?: ErrorOptions,
  ) {
    super(`${error}: ${reason}`, options);
  }

  /** `$states.errorOutput` */
  get output(): { Error: string; Cause: string } {
    return { Error: this.error, Cause: this.reason };
  }
}

/** @throws {StateFailure} States.DataLimitExceeded for more than 256 KiB in UTF-8 */
export function checkSize(value: unknown, what: string): void {
  const bytes = jsonBytes(value);
  if (bytes <= limits.payloadBytes) return;
  throw new StateFailure(
    "States.DataLimitExceeded",
    `${what} has ${bytes} bytes, which exceeds the maximum number of bytes service limit of ${limits.payloadBytes}.`,
  );
}

/** No wildcard matches these. */
const outsideWildcards = ["States.DataLimitExceeded", "States.Runtime"];

/**
 * Whether one of a retrier's or catcher's `ErrorEquals` is the error.
 * https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
 */
export function matches(errorEquals: readonly string[], error: string): boolean {
  // An execution that the service itself gives up cannot go on.
  if (error === "States.Runtime") return false;
  if (errorEquals.includes(error)) return true;
  if (outsideWildcards.includes(error)) return false;
  return (
    errorEquals.includes("States.ALL") || (errorEquals.includes("States.TaskFailed") && error !== "States.Timeout")
  );
}
