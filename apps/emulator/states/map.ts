import pMap from "p-map";
import type { ItemReader, MapState } from "./definition";
import type { Execution } from "./execution";
import { checkSize, StateFailure } from "./failure";
import { limits } from "./limits";
import type { Runner, Visit } from "./runner";
import { Variables } from "./variables";

/** `$states.context.Map.Item` */
export interface MapItem {
  readonly index: number;
  readonly value: unknown;
}

/** One attempt. https://docs.aws.amazon.com/step-functions/latest/dg/state-map.html */
export async function runMap(runner: Runner, state: MapState, visit: Visit): Promise<unknown[]> {
  const items = await itemsOf(runner, state, visit);
  if (!Array.isArray(items))
    throw new StateFailure("States.QueryEvaluationError", `Items of '${visit.name}' is not an array`);
  const values: unknown[] = items;
  const concurrency = await runner.wholeNumber(state.MaxConcurrency, visit, "MaxConcurrency");
  const result = await (state.distributed ? distributed : inline)(runner, state, visit, values, concurrency);
  checkSize(result, `The result of the state '${visit.name}'`);
  return result;
}

async function itemsOf(runner: Runner, { Items, ItemReader }: MapState, visit: Visit): Promise<unknown> {
  if (ItemReader !== undefined) return readItems(runner, ItemReader, visit);
  return Items === undefined ? visit.input : runner.evaluate(Items, visit, "Items");
}

/** An object of the state machine's own account and Region that holds a JSON array. */
async function readItems(runner: Runner, { Arguments }: ItemReader, visit: Visit): Promise<unknown> {
  const bucket = await runner.evaluate(Arguments.Bucket, visit, "ItemReader/Arguments/Bucket");
  const key = await runner.evaluate(Arguments.Key, visit, "ItemReader/Arguments/Key");
  try {
    const items: unknown = JSON.parse(await runner.machine.readObject(String(bucket), String(key)));
    if (Array.isArray(items)) return items;
    throw new TypeError("it holds no JSON array");
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new StateFailure("States.ItemReaderFailed", `${bucket}/${key} cannot be read: ${reason}`, { cause });
  }
}

async function itemInput(runner: Runner, state: MapState, visit: Visit, item: MapItem): Promise<unknown> {
  if (state.ItemSelector === undefined) return item.value;
  return runner.evaluate(state.ItemSelector, { ...visit, item }, "ItemSelector");
}

type Mode = (
  runner: Runner,
  state: MapState,
  visit: Visit,
  values: unknown[],
  concurrency: number,
) => Promise<unknown[]>;

/** Iterations within the execution: one that fails ends the others. */
const inline: Mode = async (runner, state, visit, values, concurrency) => {
  const { execution } = runner;
  execution.count(1); // MapStateStarted
  let failed = false;
  const iterate = async (value: unknown, index: number) => {
    const item = { index, value };
    execution.count(1); // MapIterationStarted
    const input = await itemInput(runner, state, visit, item);
    const iteration = { item, isOver: () => failed };
    const output = await runner.run(state.processor, input, new Variables(visit.variables), iteration);
    execution.count(1); // MapIterationSucceeded
    return output;
  };
  try {
    const outputs = await pMap(values, iterate, { concurrency: concurrency || limits.inlineConcurrency });
    execution.count(1); // MapStateSucceeded
    return outputs;
  } catch (failure) {
    failed = true;
    throw failure;
  }
};

/**
 * A Map Run: child executions with histories of their own. The result has the outputs of those that succeeded, and of those
 * that failed all that Step Functions knows about them.
 */
const distributed: Mode = async (runner, state, visit, values, concurrency) => {
  const { execution, machine } = runner;
  const tolerates = await tolerance(runner, state, visit, values.length);
  execution.count(2); // MapStateStarted, MapRunStarted
  const label = state.Label ?? visit.name.replace(/[^\w-]/g, "_");
  let nextStart = machine.clock.now();
  let failed = 0;
  let exceeded = false;
  const outputs: { index: number; output: unknown }[] = [];
  const start = async (value: unknown, index: number) => {
    const input = await itemInput(runner, state, visit, { index, value });
    const startAt = nextStart;
    nextStart = Math.max(startAt, machine.clock.now()) + 1000 / limits.childrenPerSecond;
    if (startAt > machine.clock.now()) await machine.clock.sleep(startAt - machine.clock.now());
    if (exceeded) return;
    const parent = execution.executionArn;
    const child = await machine.startChild({ scope: state.processor, input, label, parent });
    outputs.push({ index, output: child.status === "SUCCEEDED" ? child.output : failedChild(child) });
    if (child.status !== "SUCCEEDED") failed += 1;
    exceeded = !tolerates(failed);
    if (exceeded)
      throw new StateFailure(
        "States.ExceedToleratedFailureThreshold",
        "The specified tolerated failure threshold was exceeded",
      );
  };
  await pMap(values, start, { concurrency: concurrency || limits.distributedConcurrency });
  execution.count(2); // MapRunSucceeded, MapStateSucceeded
  return outputs.sort((a, b) => a.index - b.index).map(({ output }) => output);
};

/**
 * "If a child workflow execution fails, Step Functions returns its execution result unchanged", as with the transformation
 * NONE: https://docs.aws.amazon.com/step-functions/latest/dg/input-output-resultwriter.html
 */
function failedChild(child: Execution): unknown {
  const { executionArn, name, stateMachineArn, input, status, startedAt, stoppedAt, error, cause } = child;
  return {
    ExecutionArn: executionArn,
    ...(error !== undefined && { Error: error }),
    ...(cause !== undefined && { Cause: cause }),
    Input: JSON.stringify(input),
    InputDetails: { Included: true },
    Name: name,
    OutputDetails: { Included: true },
    RedriveCount: 0,
    RedriveStatus: "REDRIVABLE",
    StartDate: new Date(startedAt).toISOString(),
    StateMachineArn: stateMachineArn,
    Status: status,
    ...(stoppedAt !== undefined && { StopDate: new Date(stoppedAt).toISOString() }),
  };
}

async function tolerance(runner: Runner, state: MapState, visit: Visit, items: number) {
  const { ToleratedFailureCount: count, ToleratedFailurePercentage: percentage } = state;
  const percent =
    percentage === undefined ? undefined : await runner.evaluate(percentage, visit, "ToleratedFailurePercentage");
  if (percent !== undefined && (typeof percent !== "number" || percent < 0 || percent > 100))
    throw new StateFailure(
      "States.QueryEvaluationError",
      `ToleratedFailurePercentage of '${visit.name}' is not 0 to 100`,
    );
  const most = count === undefined ? undefined : await runner.wholeNumber(count, visit, "ToleratedFailureCount");
  const bound = Math.min(
    most ?? (percent === undefined ? 0 : Number.POSITIVE_INFINITY),
    percent === undefined ? Number.POSITIVE_INFINITY : (percent * items) / 100,
  );
  return (failed: number) => failed <= bound;
}
