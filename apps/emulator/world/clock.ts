import { AsyncLocalStorage } from "node:async_hooks";
import { setTimeout as realTime } from "node:timers/promises";
import type { Clock } from "../../../handlers/clock";

/** Something that takes part in the simulation: a Lambda invocation, an execution, a child execution. */
interface Actor {
  readonly clock: VirtualClock;
  /** What it waits for inside the simulation: timers, other actors. */
  waits: number;
  /** Requests to the emulator that have no answer yet. */
  requests: number;
  /** Its time ran out, or it has ended: whatever still runs in it stays asleep for ever. */
  gone: boolean;
  /** Ends it with an error. */
  stall(reason: string): void;
}

/** One for all clocks: Node.js hands each storage that was ever used on with every promise, and never lets go of one. */
const runningActor = new AsyncLocalStorage<Actor>();

interface Timer {
  readonly at: number;
  wake(): void;
}

export interface VirtualClockOptions {
  /** Epoch milliseconds. */
  readonly start: number;
  /** Real milliseconds that a simulated hour takes; none unless set. */
  readonly millisecondsPerHour?: number;
  /** Real milliseconds for which an actor may neither wait nor end before it counts as stuck: ten minutes unless set. */
  readonly patienceMilliseconds?: number;
}

export interface ActorOptions {
  /** How much of the clock's time the actor has. */
  readonly timeoutMilliseconds?: number;
}

/** An actor that did not end within its time. What it waits for never arrives. */
export class ActorTimedOut extends Error {
  override readonly name = "ActorTimedOut";
}

/** All actors wait and nothing is left to happen, or one actor is stuck. */
export class ClockStalled extends Error {
  override readonly name = "ClockStalled";
}

/**
 * The time of a simulation, which passes only while all actors wait. Actors take turns: whenever all of them wait, the
 * clock goes to the earliest timer and wakes the one that set it. Equal times are served in the order in which they were
 * asked for. Same actors, same order: a simulation repeats exactly.
 *
 * An actor waits inside `sleep`, `idle`, and `run` of another actor. With several flows of its own (`Promise.all`), it waits
 * as soon as one of them does and the others have nothing left to do; requests in flight are announced with `request`.
 */
export class VirtualClock implements Clock {
  private current: number;
  /** Sorted by time; equal times in order of registration. */
  private readonly timers: Timer[] = [];
  private readonly actors = new Set<Actor>();
  private turnIsComing = false;
  private patience: NodeJS.Timeout | undefined;

  constructor(private readonly options: VirtualClockOptions) {
    this.current = options.start;
  }

  now(): number {
    return this.current;
  }

  /** Moves the time of a clock that has no timers. */
  advance(milliseconds: number): void {
    if (this.timers.length > 0) throw new Error("An actor waits on this clock: sleep instead");
    this.current += milliseconds;
  }

  /** Resolves after `milliseconds` of the simulation; never if the actor's own time is over by then. */
  sleep(milliseconds: number): Promise<void> {
    return this.idle(new Promise((resolve) => this.at(this.current + Math.max(0, milliseconds), resolve)));
  }

  /** `sleep`, where something may take no time at all: then no other actor gets a turn. */
  async pause(milliseconds = 0): Promise<void> {
    if (milliseconds > 0) await this.sleep(milliseconds);
  }

  /**
   * Starts an actor and resolves to its result. It begins when it is its turn, at the present time.
   * @throws {ActorTimedOut} if its time runs out
   * @throws {ClockStalled} if it can never go on
   */
  run<T>(work: () => Promise<T>, { timeoutMilliseconds }: ActorOptions = {}): Promise<T> {
    const ended = new Promise<T>((resolve, reject) => {
      const leave = (report: () => void) => {
        if (actor.gone) return;
        actor.gone = true;
        this.actors.delete(actor);
        if (deadline) this.cancel(deadline);
        report();
        this.proceed();
      };
      const actor: Actor = {
        clock: this,
        // Until its first turn it waits for that.
        waits: 1,
        requests: 0,
        gone: false,
        stall: (reason) => leave(() => reject(new ClockStalled(reason))),
      };
      this.actors.add(actor);
      const timeout = () => leave(() => reject(new ActorTimedOut(`It did not end within ${timeoutMilliseconds} ms`)));
      const start = () => {
        actor.waits -= 1;
        const result = runningActor.run(actor, async () => work());
        result.then(
          (value) => leave(() => resolve(value)),
          (error: unknown) => leave(() => reject(error)),
        );
      };
      this.at(this.current, start);
      const deadline =
        timeoutMilliseconds === undefined ? undefined : this.at(this.current + timeoutMilliseconds, timeout);
    });
    return this.idle(ended);
  }

  /** Waits for what another actor will bring about. Nothing outside the simulation may be waited for in this way. */
  idle<T>(promise: Promise<T>): Promise<T> {
    const actor = this.running();
    if (!actor) return promise;
    actor.waits += 1;
    this.proceed();
    return new Promise((resolve, reject) => {
      const resume = (report: () => void) => {
        actor.waits -= 1;
        if (!actor.gone) report();
      };
      promise.then(
        (value) => resume(() => resolve(value)),
        (error: unknown) => resume(() => reject(error)),
      );
    });
  }

  /** Announces a request to the outside of the simulation: no time passes until the returned function is called. */
  request(): () => void {
    const actor = this.running();
    if (!actor) return () => {};
    actor.requests += 1;
    let open = true;
    return () => {
      if (!open) return;
      open = false;
      actor.requests -= 1;
      this.proceed();
    };
  }

  /** The actor of this clock that calls, if it is one. */
  private running(): Actor | undefined {
    const actor = runningActor.getStore();
    return actor?.clock === this ? actor : undefined;
  }

  private at(at: number, wake: () => void): Timer {
    const timer = { at, wake };
    let index = this.timers.length;
    while (index > 0 && (this.timers[index - 1]?.at ?? at) > at) index -= 1;
    this.timers.splice(index, 0, timer);
    this.proceed();
    return timer;
  }

  private cancel(timer: Timer): void {
    const index = this.timers.indexOf(timer);
    if (index >= 0) this.timers.splice(index, 1);
  }

  /** Once everything that can run without a timer has run: promises settle before an immediate comes. */
  private proceed(): void {
    clearTimeout(this.patience);
    if (this.turnIsComing) return;
    this.turnIsComing = true;
    setImmediate(() => {
      this.turnIsComing = false;
      void this.nextTurn();
    });
  }

  private async nextTurn(): Promise<void> {
    for (const actor of this.actors) if (isBusy(actor)) return this.watch();
    const timer = this.timers.shift();
    if (!timer) {
      for (const actor of this.actors) actor.stall("All actors wait, and nothing is left to happen");
      return;
    }
    const { millisecondsPerHour } = this.options;
    if (millisecondsPerHour && timer.at > this.current) {
      this.turnIsComing = true;
      await realTime(((timer.at - this.current) / 3_600_000) * millisecondsPerHour);
      this.turnIsComing = false;
    }
    this.current = Math.max(this.current, timer.at);
    timer.wake();
    this.proceed();
  }

  /** An actor that waits for something unknown to the clock would hold it for ever. */
  private watch(): void {
    const { patienceMilliseconds = 600_000 } = this.options;
    clearTimeout(this.patience);
    this.patience = setTimeout(() => {
      const reason = `An actor has neither waited nor ended for ${patienceMilliseconds} ms of real time`;
      for (const actor of this.actors) if (isBusy(actor)) actor.stall(reason);
    }, patienceMilliseconds);
  }
}

function isBusy({ waits, requests }: Actor): boolean {
  return waits === 0 || requests > 0;
}
