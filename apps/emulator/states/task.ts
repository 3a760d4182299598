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

/** A message that a task publishes. */
export interface Message {
  readonly topicArn: string;
  readonly message: string;
  readonly subject?: string | undefined;
}

/** Publishes to a topic of SNS, and resolves to what SNS answers. @throws {StateFailure} */
export type Publish = (message: Message) => Promise<unknown>;

const snsPublish = /^arn:aws[a-z-]*:states:::sns:publish$/;
const lambdaInvoke = /^arn:aws[a-z-]*:states:::lambda:invoke$/;
const functionArn = /^arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:function:[\w-]+(:[\w$-]+)?$/;

/** Whether the interpreter knows a Task's `Resource`. */
export function isKnownResource(resource: string): boolean {
  return lambdaInvoke.test(resource) || functionArn.test(resource) || snsPublish.test(resource);
}

const InvokeArguments = z.strictObject({
  FunctionName: z.string(),
  Payload: z.unknown().default({}),
  InvocationType: z.literal("RequestResponse").optional(),
});

const PublishArguments = z.strictObject({
  TopicArn: z.string(),
  Message: z.string(),
  Subject: z.string().optional(),
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
  const { payload, perform } = attemptOf(runner, state.Resource, given);
  checkSize(payload, `The payload of the state '${visit.name}'`);
  execution.count(2); // TaskScheduled, TaskStarted
  const started = machine.clock.now();
  try {
    const result = await machine.clock.run(
      perform,
      timeout === undefined ? {} : { timeoutMilliseconds: timeout * 1000 },
    );
    checkSize(result, `The result of the state '${visit.name}'`);
    execution.count(1); // TaskSucceeded
    return result;
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

interface Attempt {
  readonly payload: unknown;
  readonly perform: () => Promise<unknown>;
}

function attemptOf({ machine }: Runner, resource: string, given: unknown): Attempt {
  if (snsPublish.test(resource)) {
    const { TopicArn, Message, Subject } = parseArguments(PublishArguments, given, "sns:publish");
    const perform = () => machine.publish({ topicArn: TopicArn, message: Message, subject: Subject });
    return { payload: Message, perform };
  }
  if (!lambdaInvoke.test(resource))
    return { payload: given, perform: () => machine.invokeTask({ functionName: resource, payload: given }) };
  const { FunctionName, Payload } = parseArguments(InvokeArguments, given, "lambda:invoke");
  const perform = async () => {
    const result = await machine.invokeTask({ functionName: FunctionName, payload: Payload });
    return { ExecutedVersion: "$LATEST", Payload: result, StatusCode: 200 };
  };
  return { payload: Payload, perform };
}

function parseArguments<T>(schema: z.ZodType<T>, given: unknown, of: string): T {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new StateFailure("States.Runtime", `Arguments of ${of}: ${z.prettifyError(parsed.error)}`);
}
