import { ActorTimedOut, type VirtualClock } from "../world/clock";
import type { Program, Scope } from "./definition";
import { type Execution, type ExecutionEvent, type ExecutionIdentity, ExecutionRecord } from "./execution";
import { ExpressionEvaluator } from "./expressions";
import { StateFailure } from "./failure";
import { jsonBytes, limits } from "./limits";
import { load } from "./load";
import { type Machine, type ReadObject, Runner } from "./runner";
import type { InvokeTask, Publish } from "./task";
import { Variables } from "./variables";

export interface StateMachineOptions {
  readonly stateMachineArn: string;
  /** JSON of the definition. */
  readonly definition: string;
  readonly clock: VirtualClock;
  /** In [0, 1). */
  readonly random: () => number;
  readonly uuid: () => string;
  readonly invokeTask: InvokeTask;
  /** For a Map that reads its items from S3. */
  readonly readObject?: ReadObject | undefined;
  /** For a Task that publishes to a topic of SNS. */
  readonly publish?: Publish | undefined;
  /** How long entering a state takes, on the clock: no time, if absent. */
  readonly transitionMilliseconds?: number | undefined;
  readonly onEvent?: ((event: ExecutionEvent) => void) | undefined;
}

export interface ExecutionRequest {
  /** 1 to 80 letters, digits, `-` and `_`. */
  readonly name: string;
  readonly input: unknown;
}

/** StartExecution's own errors. https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html */
export class ExecutionRefused extends Error {
  override readonly name = "ExecutionRefused";

  constructor(
    /** `ExecutionAlreadyExists`, `InvalidName` or `InvalidExecutionInput` */
    readonly code: string,
    message: string,
  ) {
    super(`${code}: ${message}`);
  }
}

/** A deployed Standard state machine and its executions. */
export class StateMachine {
  readonly stateMachineArn: string;
  readonly name: string;
  private readonly program: Program;
  private readonly records: ExecutionRecord[] = [];
  private readonly named = new Map<string, { record: ExecutionRecord; ended: Promise<Execution> }>();
  private readonly machine: Machine;

  /** @throws {InvalidDefinition} */
  constructor(private readonly options: StateMachineOptions) {
    const {
      stateMachineArn,
      definition,
      clock,
      random,
      uuid,
      invokeTask,
      readObject = noObjects,
      publish = noTopics,
      transitionMilliseconds = 0,
    } = options;
    this.stateMachineArn = stateMachineArn;
    this.name = stateMachineArn.split(":").at(-1) ?? "";
    this.program = load(definition);
    const expressions = new ExpressionEvaluator({ now: () => clock.now(), random, uuid });
    const startChild: Machine["startChild"] = (child) => this.child(child);
    this.machine = {
      arn: stateMachineArn,
      name: this.name,
      clock,
      random,
      expressions,
      invokeTask,
      readObject,
      publish,
      startChild,
      transitionMilliseconds,
    };
  }

  /** Children included, in the order in which they started. */
  get executions(): readonly Execution[] {
    return this.records;
  }

  /**
   * Resolves when the execution has ended, whatever its status. The name and input of a running one join that one.
   * @throws {ExecutionRefused}
   */
  async start(request: ExecutionRequest): Promise<Execution> {
    return this.begin(request).ended;
  }

  /** Starts an execution, as `start` does, and gives it while it goes on. @throws {ExecutionRefused} */
  begin({ name, input }: ExecutionRequest): { readonly execution: Execution; readonly ended: Promise<Execution> } {
    if (!/^[\w-]{1,80}$/.test(name))
      throw new ExecutionRefused("InvalidName", `'${name}' is not 1 to 80 letters, digits, hyphens and underscores`);
    if (jsonBytes(input) > limits.payloadBytes)
      throw new ExecutionRefused("InvalidExecutionInput", `The input exceeds ${limits.payloadBytes} bytes`);
    const known = this.named.get(name);
    if (known) {
      const same = known.record.status === "RUNNING" && JSON.stringify(known.record.input) === JSON.stringify(input);
      if (same) return { execution: known.record, ended: known.ended };
      throw new ExecutionRefused("ExecutionAlreadyExists", `Execution Already Exists: '${name}'`);
    }
    const executionArn = `${this.stateMachineArn.replace(":stateMachine:", ":execution:")}:${name}`;
    const record = this.record({ executionArn, name, stateMachineArn: this.stateMachineArn, input });
    const ended = this.execute(record, this.program, this.program.timeoutSeconds);
    this.named.set(name, { record, ended });
    return { execution: record, ended };
  }

  /** https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html */
  private child({ scope, input, label, parent }: Parameters<Machine["startChild"]>[0]): Promise<ExecutionRecord> {
    const name = this.options.uuid();
    const stateMachineArn = `${this.stateMachineArn}/${label}`;
    const executionArn = `${stateMachineArn.replace(":stateMachine:", ":execution:")}:${name}`;
    return this.execute(this.record({ executionArn, name, stateMachineArn, input, parent }), scope, undefined);
  }

  private record(identity: ExecutionIdentity): ExecutionRecord {
    const { clock, onEvent } = this.options;
    const record = new ExecutionRecord(identity, () => clock.now(), onEvent ?? (() => {}));
    this.records.push(record);
    return record;
  }

  private execute(record: ExecutionRecord, scope: Scope, timeoutSeconds: number | undefined): Promise<ExecutionRecord> {
    const { clock } = this.options;
    const runner = new Runner(this.machine, record);
    const states = () => runner.run(scope, record.input, new Variables());
    return clock.run(async () => {
      try {
        const output =
          timeoutSeconds === undefined
            ? await states()
            : await clock.run(states, { timeoutMilliseconds: timeoutSeconds * 1000 });
        record.succeed(output);
      } catch (error) {
        if (error instanceof ActorTimedOut)
          record.fail("TIMED_OUT", "States.Timeout", `The execution took longer than ${timeoutSeconds} s`);
        else if (error instanceof StateFailure) record.fail("FAILED", error.error, error.reason);
        else throw error;
      }
      return record;
    });
  }
}

const noObjects: ReadObject = async () => {
  throw new Error("there is no S3 here");
};

const noTopics: Publish = async () => {
  throw new Error("there is no SNS here");
};

/** Runs a definition once. */
export function interpret(
  definition: unknown,
  {
    name = "execution",
    input = {},
    ...options
  }: Omit<StateMachineOptions, "stateMachineArn" | "definition"> & Partial<ExecutionRequest>,
): Promise<Execution> {
  const stateMachineArn = "arn:aws:states:eu-central-1:111122223333:stateMachine:Interpreted";
  const machine = new StateMachine({ ...options, stateMachineArn, definition: JSON.stringify(definition) });
  return machine.start({ name, input });
}
