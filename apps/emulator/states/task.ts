import { z } from "zod";
import { ActorTimedOut } from "../world/clock";
import type { TaskState } from "./definition";
import { checkSize, StateFailure } from "./failure";
import type { Runner, Visit } from "./runner";

export interface TaskRequest {
  /** Name or ARN of a Lambda function. */
  readonly functionName: string;
  readonly payload: unknown;
}

/** Invokes a task's function. @throws {StateFailure} with the error that the state machine is to see */
export type InvokeTask = (request: TaskRequest) => Promise<unknown>;

const lambdaInvoke = /^arn:aws[a-z-]*:states:::lambda:invoke$/;
const functionArn = /^arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:function:[\w-]+(:[\w$-]+)?$/;

/** Whether the interpreter knows a Task's `Resource`. */
export function isKnownResource(resource: string): boolean {
  return lambdaInvoke.test(resource) || functionArn.test(resource);
}

const InvokeArguments = z.strictObject({
  FunctionName: z.string(),
  Payload: z.unknown().default({}),
  InvocationType: z.literal("RequestResponse").optional(),
});

/** One attempt. https://docs.aws.amazon.com/step-functions/latest/dg/connect-lambda.html */
export async function runTask(runner: Runner, state: TaskState, visit: Visit): Promise<unknown> {
  const { execution, machine } = runner;
  const given =
    state.Arguments === undefined ? visit.input : await runner.evaluate(state.Arguments, visit, "Arguments");
  const timeout =
    state.TimeoutSeconds === undefined
      ? undefined
      : await runner.wholeNumber(state.TimeoutSeconds, visit, "TimeoutSeconds");
  const request = requestOf(state.Resource, given);
  checkSize(request.payload, `The payload of the state '${visit.name}'`);
  execution.count(2); // TaskScheduled, TaskStarted
  const started = machine.clock.now();
  try {
    const result = await machine.clock.run(
      () => machine.invokeTask(request),
      timeout === undefined ? {} : { timeoutMilliseconds: timeout * 1000 },
    );
    checkSize(result, `The result of the state '${visit.name}'`);
    execution.count(1); // TaskSucceeded
    if (!lambdaInvoke.test(state.Resource)) return result;
    return { ExecutedVersion: "$LATEST", Payload: result, StatusCode: 200 };
  } catch (error) {
    execution.count(1); // TaskFailed, TaskTimedOut
    if (!(error instanceof ActorTimedOut)) throw error;
    throw new StateFailure("States.Timeout", `The state '${visit.name}' took longer than ${timeout} s`, {
      cause: error,
    });
  } finally {
    execution.lambdaMilliseconds += machine.clock.now() - started;
  }
}

function requestOf(resource: string, given: unknown): TaskRequest {
  if (!lambdaInvoke.test(resource)) return { functionName: resource, payload: given };
  const parsed = InvokeArguments.safeParse(given);
  if (parsed.success) return { functionName: parsed.data.FunctionName, payload: parsed.data.Payload };
  throw new StateFailure("States.Runtime", `Arguments of lambda:invoke: ${z.prettifyError(parsed.error)}`);
}
