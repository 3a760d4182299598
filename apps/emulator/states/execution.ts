import { StateFailure } from "./failure";
import { limits } from "./limits";

export type ExecutionStatus = "RUNNING" | "SUCCEEDED" | "FAILED" | "TIMED_OUT";

/** An execution, also a child of a Map Run. Times are epoch milliseconds. */
export interface Execution {
  readonly executionArn: string;
  readonly name: string;
  readonly stateMachineArn: string;
  /** The ARN of the execution whose Map started this one. */
  readonly parent?: string;
  readonly input: unknown;
  readonly startedAt: number;
  readonly status: ExecutionStatus;
  readonly stoppedAt?: number;
  readonly output?: unknown;
  readonly error?: string;
  readonly cause?: string;
  readonly historyEvents: number;
  /** States entered and retried: what AWS charges for. */
  readonly transitions: number;
  /** The clock's time that its Lambda tasks took. */
  readonly lambdaMilliseconds: number;
}

interface Moment {
  readonly executionArn: string;
  readonly parent?: string;
  readonly at: number;
  readonly historyEvents: number;
}
export type ExecutionEvent =
  | (Moment & { readonly type: "execution-started"; readonly input: unknown })
  | (Moment & { readonly type: "state-entered"; readonly state: string; readonly input: unknown })
  | (Moment & { readonly type: "state-exited"; readonly state: string; readonly output: unknown })
  | (Moment & {
      readonly type: "execution-ended";
      readonly status: ExecutionStatus;
      readonly output?: unknown;
      readonly error?: string;
      readonly cause?: string;
    });

type What<T> = T extends ExecutionEvent ? Omit<T, keyof Moment> : never;

export type ExecutionIdentity = Pick<Execution, "executionArn" | "name" | "stateMachineArn" | "parent" | "input">;

/** The record that an execution keeps of itself. */
export class ExecutionRecord implements Execution {
  readonly executionArn: string;
  readonly name: string;
  readonly stateMachineArn: string;
  declare readonly parent?: string;
  readonly input: unknown;
  readonly startedAt: number;
  status: ExecutionStatus = "RUNNING";
  declare stoppedAt?: number;
  declare output?: unknown;
  declare error?: string;
  declare cause?: string;
  historyEvents = 0;
  transitions = 0;
  lambdaMilliseconds = 0;

  readonly #now: () => number;
  readonly #onEvent: (event: ExecutionEvent) => void;

  constructor(identity: ExecutionIdentity, now: () => number, onEvent: (event: ExecutionEvent) => void) {
    this.#now = now;
    this.#onEvent = onEvent;
    this.executionArn = identity.executionArn;
    this.name = identity.name;
    this.stateMachineArn = identity.stateMachineArn;
    if (identity.parent !== undefined) this.parent = identity.parent;
    this.input = identity.input;
    this.startedAt = now();
    this.historyEvents = 1;
    this.emit({ type: "execution-started", input: this.input });
  }

  /** @throws {StateFailure} when the history is full */
  count(events: number): void {
    // The last event is the one that ends the execution.
    if (this.historyEvents + events >= limits.historyEvents) {
      const cause = `The execution reached the maximum number of history events (${limits.historyEvents}).`;
      throw new StateFailure("States.Runtime", cause);
    }
    this.historyEvents += events;
  }

  entered(state: string, input: unknown): void {
    this.transitions += 1;
    this.count(1);
    this.emit({ type: "state-entered", state, input });
  }

  exited(state: string, output: unknown): void {
    this.count(1);
    this.emit({ type: "state-exited", state, output });
  }

  succeed(output: unknown): void {
    this.output = output;
    this.end("SUCCEEDED", { output });
  }

  fail(status: "FAILED" | "TIMED_OUT", error: string, cause: string): void {
    this.error = error;
    this.cause = cause;
    this.end(status, { error, cause });
  }

  private end(status: ExecutionStatus, details: Pick<Execution, "output" | "error" | "cause">): void {
    this.status = status;
    this.stoppedAt = this.#now();
    this.historyEvents += 1;
    this.emit({ type: "execution-ended", status, ...details });
  }

  private emit(what: What<ExecutionEvent>): void {
    const { executionArn, parent, historyEvents } = this;
    this.#onEvent({ ...what, executionArn, ...(parent !== undefined && { parent }), at: this.#now(), historyEvents });
  }
}
