import pRetry from "p-retry";
import type { Clock } from "../clock";
import { longestWaitInsideMs, pollDelay } from "./pacing";

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
  /** Spends waiting time on other work, until a moment at the latest. */
  readonly meanwhile: (until: number) => Promise<void>;
}

/** Waits for something by looking at ever longer intervals: inside the Lambda while that is cheaper, else by handing back. */
export class Patience {
  constructor(private readonly options: PatienceOptions) {}

  /**
   * @param check answers undefined as long as there is nothing.
   * @param since from when the wait counts (epoch milliseconds): the longer ago, the longer the intervals.
   * @param until when to give up.
   */
  async await<T>(check: () => Promise<T | undefined>, since: number, until: number): Promise<Awaited<T>> {
    let end: Awaited<T> | undefined;
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
            end = await this.pause<T>(since, until);
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
    const delay = moment - this.options.clock.now();
    if (delay > longestWaitInsideMs) return { status: "waiting", waitSeconds: Math.ceil(delay / 1000) };
    if (delay > 0) await this.options.clock.sleep(delay);
    return undefined;
  }

  /** Sleeps until the next look is due, or says why it should not be taken here. */
  private async pause<T>(since: number, until: number): Promise<Awaited<T> | undefined> {
    const { clock, stepEndsAt, meanwhile } = this.options;
    const now = clock.now();
    if (now >= until) return { kind: "out-of-time" };
    const delay = Math.min(pollDelay(now - since), until - now);
    if (delay > longestWaitInsideMs)
      return { kind: "hand-back", handBack: { status: "waiting", waitSeconds: Math.ceil(delay / 1000) } };
    if (now + delay > stepEndsAt) return { kind: "hand-back", handBack: { status: "more", waitSeconds: 0 } };
    await meanwhile(now + delay);
    await clock.sleep(Math.max(0, now + delay - clock.now()));
    return undefined;
  }
}
