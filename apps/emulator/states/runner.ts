import type { VirtualClock } from "../world/clock";
import type { Catcher, ChoiceState, FailState, Scope, State, WaitState } from "./definition";
import type { ExecutionRecord } from "./execution";
import type { Bindings, ExpressionEvaluator } from "./expressions";
import { checkSize, matches, StateFailure } from "./failure";
import { type MapItem, runMap } from "./map";
import { Retrying } from "./retrying";
import { type InvokeTask, type Publish, runTask } from "./task";
import type { Variables } from "./variables";

/** Starts a child execution of a Map Run and resolves when it has ended. */
export type StartChild = (child: {
  scope: Scope;
  input: unknown;
  label: string;
  parent: string;
}) => Promise<ExecutionRecord>;

/** The text of an object in S3, as the state machine's role may read it. @throws what S3 answers otherwise */
export type ReadObject = (bucket: string, key: string) => Promise<string>;

export interface Machine {
  readonly arn: string;
  readonly name: string;
  readonly clock: VirtualClock;
  readonly random: () => number;
  readonly expressions: ExpressionEvaluator;
  readonly invokeTask: InvokeTask;
  readonly readObject: ReadObject;
  readonly publish: Publish;
  readonly startChild: StartChild;
  readonly transitionMilliseconds: number;
}

/** A state that is being executed. */
export interface Visit {
  readonly name: string;
  readonly input: unknown;
  readonly variables: Variables;
  readonly item: MapItem | undefined;
  /** `$states.context.State.RetryCount` */
  retryCount: number;
  readonly enteredAt: number;
}

/** One item's way through an inline Map. */
interface Iteration {
  readonly item: MapItem;
  /** Another one has failed: this one leads nowhere. */
  readonly isOver: () => boolean;
}

interface Step {
  readonly output: unknown;
  /** Absent after the last state. */
  readonly next: string | undefined;
}

type Transition = { readonly Output?: unknown; readonly Assign?: Bindings | undefined };

/** Runs an execution's states, in one scope or in those of its inline Maps. */
export class Runner {
  constructor(
    readonly machine: Machine,
    readonly execution: ExecutionRecord,
  ) {}

  /**
   * Runs a scope's states from its first to the end, and resolves to the last one's output.
   * @throws {StateFailure} if a state fails and no Catch takes it
   */
  async run(scope: Scope, input: unknown, variables: Variables, iteration?: Iteration) {
    let name: string | undefined = scope.startAt;
    let value = input;
    while (name !== undefined && !iteration?.isOver()) {
      const state: State | undefined = scope.states.get(name);
      if (!state) throw new StateFailure("States.Runtime", `There is no state '${name}'`);
      await this.machine.clock.pause(this.machine.transitionMilliseconds);
      this.execution.entered(name, value);
      const enteredAt = this.machine.clock.now();
      const visit: Visit = { name, input: value, variables, item: iteration?.item, retryCount: 0, enteredAt };
      checkSize(value, `The input of the state '${name}'`);
      const step: Step = await this.step(state, visit);
      checkSize(step.output, `The output of the state '${name}'`);
      this.execution.exited(name, step.output);
      name = step.next;
      value = step.output;
    }
    return value;
  }

  /** Evaluates a field of the state, `$states.result` and the like included if there are any. */
  evaluate(template: unknown, visit: Visit, field: string, states: Bindings = {}): Promise<unknown> {
    const { variables, input } = visit;
    const bindings = { ...variables.all, states: { input, context: this.context(visit), ...states } };
    return this.machine.expressions.evaluate(template, bindings, field);
  }

  /** `$states.context`. https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html */
  private context({ name, enteredAt, retryCount, item }: Visit): Bindings {
    const { executionArn, input, name: executionName, startedAt, stateMachineArn } = this.execution;
    return {
      Execution: {
        Id: executionArn,
        Input: input,
        Name: executionName,
        RedriveCount: 0,
        StartTime: new Date(startedAt).toISOString(),
      },
      State: { EnteredTime: new Date(enteredAt).toISOString(), Name: name, RetryCount: retryCount },
      StateMachine: { Id: stateMachineArn, Name: this.machine.name },
      ...(item && { Map: { Item: { Index: item.index, Value: item.value } } }),
    };
  }

  private async step(state: State, visit: Visit): Promise<Step> {
    switch (state.Type) {
      case "Pass":
        return { output: await this.leave(state, visit, visit.input), next: state.Next };
      case "Succeed":
        return { output: await this.leave(state, visit, visit.input), next: undefined };
      case "Fail":
        throw await this.failure(state, visit);
      case "Choice":
        return this.choose(state, visit);
      case "Wait":
        await this.wait(state, visit);
        return { output: await this.leave(state, visit, visit.input), next: state.Next };
      case "Task":
      case "Map":
        return this.attempt(state, visit);
    }
  }

  /** Output and Assign, which do not see each other. */
  private async leave({ Output, Assign }: Transition, visit: Visit, value: unknown, states: Bindings = {}) {
    const output = Output === undefined ? value : await this.evaluate(Output, visit, "Output", states);
    const assigned = await this.evaluate(Assign ?? {}, visit, "Assign", states);
    for (const [name, content] of Object.entries(assigned as Bindings)) checkSize(content, `The variable '${name}'`);
    visit.variables.assign(assigned as Bindings);
    return output;
  }

  private async attempt(state: Extract<State, { Type: "Task" | "Map" }>, visit: Visit): Promise<Step> {
    const { clock, random, transitionMilliseconds } = this.machine;
    const retrying = new Retrying(state.Retry, random);
    for (;;) {
      try {
        const result = state.Type === "Task" ? await runTask(this, state, visit) : await runMap(this, state, visit);
        return { output: await this.leave(state, visit, result, { result }), next: state.Next };
      } catch (failure) {
        if (!(failure instanceof StateFailure)) throw failure;
        const delay = retrying.delayAfter(failure.error);
        if (delay === undefined) return this.catch(state.Catch, failure, visit);
        await clock.sleep(delay + transitionMilliseconds);
        visit.retryCount = retrying.count;
        this.execution.transitions += 1;
      }
    }
  }

  private async catch(catchers: readonly Catcher[], failure: StateFailure, visit: Visit): Promise<Step> {
    const catcher = catchers.find(({ ErrorEquals }) => matches(ErrorEquals, failure.error));
    if (!catcher) throw failure;
    const errorOutput = failure.output;
    return { output: await this.leave(catcher, visit, errorOutput, { errorOutput }), next: catcher.Next };
  }

  private async choose(state: ChoiceState, visit: Visit): Promise<Step> {
    for (const [index, rule] of state.Choices.entries()) {
      const field = `Choices[${index}]/Condition`;
      const holds = await this.evaluate(rule.Condition, visit, field);
      if (typeof holds !== "boolean")
        throw new StateFailure("States.QueryEvaluationError", `${field} of '${visit.name}' is not a boolean`);
      if (holds) return { output: await this.leave(rule, visit, visit.input), next: rule.Next };
    }
    if (state.Default === undefined)
      throw new StateFailure("States.NoChoiceMatched", `No choice of '${visit.name}' matched, and it has no Default`);
    return { output: await this.leave(state, visit, visit.input), next: state.Default };
  }

  private async wait({ Seconds, Timestamp }: WaitState, visit: Visit): Promise<void> {
    const { clock } = this.machine;
    if (Seconds !== undefined) return clock.sleep(1000 * (await this.wholeNumber(Seconds, visit, "Seconds")));
    const until = await this.evaluate(Timestamp, visit, "Timestamp");
    const at = typeof until === "string" ? Date.parse(until) : Number.NaN;
    if (Number.isNaN(at))
      throw new StateFailure(
        "States.QueryEvaluationError",
        `Timestamp of '${visit.name}' is no time: ${String(until)}`,
      );
    return clock.sleep(at - clock.now());
  }

  /** @throws {StateFailure} if the field is anything else */
  async wholeNumber(template: number | string, visit: Visit, field: string): Promise<number> {
    const value = await this.evaluate(template, visit, field);
    if (typeof value === "number" && Number.isInteger(value) && value >= 0) return value;
    const found = JSON.stringify(value);
    throw new StateFailure(
      "States.QueryEvaluationError",
      `${field} of '${visit.name}' is not a whole number: ${found}`,
    );
  }

  private async failure({ Error: error = "", Cause: cause = "" }: FailState, visit: Visit): Promise<StateFailure> {
    const text = async (template: string, field: string) => {
      const value = await this.evaluate(template, visit, field);
      if (typeof value === "string") return value;
      throw new StateFailure("States.QueryEvaluationError", `${field} of '${visit.name}' is not a string`);
    };
    return new StateFailure(await text(error, "Error"), await text(cause, "Cause"));
  }
}
