import pRetry from "p-retry";
import type { Clock } from "../clock";
import { LookBudget } from "./look-budget";
import { shortestWaitOutsideMs } from "./pacing";

/** Why a step returns before the account is finished, and after how many seconds it wants to go on. */
export interface HandBack {
  readonly status: "more" | "waiting";
  readonly waitSeconds: number;
}

/** What became of waiting for something: it came, the step should hand back, or the time allowed for it is over. */
export type Awaited<T> =
  | { readonly kind: "came"; readonly value: T }
  | { readonly kind: "hand-back"; readonly handBack: HandBack }
  | { readonly kind: "out-of-time" };

class NotYet extends Error {
  override readonly name = "NotYet";
}

export interface PatienceOptions {
  readonly clock: Clock;
  /** When the step's own time is over (epoch milliseconds). */
  readonly stepEndsAt: number;
  /** A longer wait (milliseconds) is spent outside. */
  readonly longestWaitInside: number;
  /** Spends waiting time on other work, until a moment at the latest. */
  readonly meanwhile: (until: number) => Promise<void>;
}

/** What is waited for, and how. Moments are epoch milliseconds. */
export interface Wait<T> {
  /** Answers undefined as long as there is nothing. */
  readonly check: () => Promise<T | undefined>;
  /** From when it counts: the moment is the same for every step that waits for it. */
  readonly since: number;
  /** Before this it cannot come. */
  readonly notBefore?: number;
  /** How long to wait between two checks, by how long it has been waited for (milliseconds). */
  readonly delay: (waitedMs: number) => number;
  /** When to give up. */
  readonly until: number;
}

/** Waits for something by looking again and again: inside the Lambda while that is cheaper, else by handing back. */
export class Patience {
  private readonly budget = new LookBudget();

  constructor(private readonly options: PatienceOptions) {}

  async await<T>({ check, since, notBefore = since, delay, until }: Wait<T>): Promise<Awaited<T>> {
    const { clock } = this.options;
    let end = await this.pause<T>(Math.min(notBefore, until));
    if (end) return end;
    try {
      const value = await pRetry(
        async () => {
          const found = await check();
          if (found === undefined) throw new NotYet();
          return found;
        },
        {
          retries: Number.POSITIVE_INFINITY,
          minTimeout: 0,
          shouldRetry: async ({ error }) => {
            if (!(error instanceof NotYet)) return false;
            const now = clock.now();
            end =
              now >= until
                ? { kind: "out-of-time" }
                : await this.pause<T>(this.budget.take(Math.min(now + delay(now - since), until)));
            return end === undefined;
          },
        },
      );
      return { kind: "came", value };
    } catch (error) {
      if (error instanceof NotYet && end) return end;
      throw error;
    }
  }

  /** Waits for a moment (epoch milliseconds), unless handing back is better. */
  async until(moment: number): Promise<HandBack | undefined> {
    const { clock, stepEndsAt, longestWaitInside, meanwhile } = this.options;
    const now = clock.now();
    const delay = moment - now;
    if (delay <= 0) return undefined;
    const isLong = delay > longestWaitInside || (moment > stepEndsAt && delay > shortestWaitOutsideMs);
    // Rounded down: to come back takes a moment, too.
    if (isLong) return { status: "waiting", waitSeconds: Math.floor(delay / 1000) };
    if (moment > stepEndsAt) return { status: "more", waitSeconds: 0 };
    await meanwhile(moment);
    await clock.sleep(Math.max(0, moment - clock.now()));
    return undefined;
  }

  private async pause<T>(moment: number): Promise<Awaited<T> | undefined> {
    const handBack = await this.until(moment);
    return handBack && { kind: "hand-back", handBack };
  }
}
