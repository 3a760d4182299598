import type { Retrier } from "./definition";
import { matches } from "./failure";

/** The retries of one visit to a state. Each retrier counts its own. */
export class Retrying {
  /** `$states.context.State.RetryCount` */
  count = 0;
  private readonly attempts = new Map<Retrier, number>();

  constructor(
    private readonly retriers: readonly Retrier[],
    private readonly random: () => number,
  ) {}

  /** Milliseconds until the next attempt, or undefined if the error is not retried any more. */
  delayAfter(error: string): number | undefined {
    const retrier = this.retriers.find(({ ErrorEquals }) => matches(ErrorEquals, error));
    if (!retrier) return undefined;
    const attempt = this.attempts.get(retrier) ?? 0;
    if (attempt >= retrier.MaxAttempts) return undefined;
    this.attempts.set(retrier, attempt + 1);
    this.count += 1;
    const backedOff = retrier.IntervalSeconds * retrier.BackoffRate ** attempt;
    const seconds = Math.min(backedOff, retrier.MaxDelaySeconds ?? backedOff);
    return Math.round(1000 * seconds * (retrier.JitterStrategy === "FULL" ? this.random() : 1));
  }
}
