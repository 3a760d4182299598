import { Duration } from "aws-cdk-lib";
import { type IChainable, type RetryProps, TaskInput, Timeout } from "aws-cdk-lib/aws-stepfunctions";
import { LambdaInvoke } from "aws-cdk-lib/aws-stepfunctions-tasks";
import type { Construct } from "constructs";
import type { HandlerFunction } from "../functions/handler-function";

/** Lets Lambda's own time-out come first: it names the cause. */
const margin = Duration.minutes(1);

/** Values whose strings may be JSONata in `{% %}`. */
export type Expressions = Readonly<Record<string, unknown>>;

export interface HandlerTaskProps {
  readonly handler: HandlerFunction;
  readonly comment: string;
  readonly payload: Expressions;
  readonly outputs: Expressions | string;
  readonly assign?: Expressions;
  readonly retries: readonly RetryProps[];
  /** Where the execution goes on when no retry helped, and what it remembers of it. */
  readonly onFailure: IChainable;
  readonly assignOnFailure?: Expressions;
}

/** A Task that invokes a handler: never without a time-out, retries and a way on when they are exhausted. */
export function handlerTask(scope: Construct, id: string, props: HandlerTaskProps): LambdaInvoke {
  const { handler, comment, payload, outputs, assign, retries, onFailure, assignOnFailure } = props;
  const task = LambdaInvoke.jsonata(scope, id, {
    lambdaFunction: handler.function,
    comment,
    payload: TaskInput.fromObject(payload),
    outputs,
    ...(assign ? { assign } : {}),
    taskTimeout: Timeout.duration(handler.timeout.plus(margin)),
    retryOnServiceExceptions: false,
  });
  for (const retry of retries) task.addRetry(retry);
  task.addCatch(onFailure, assignOnFailure ? { assign: assignOnFailure } : {});
  return task;
}
