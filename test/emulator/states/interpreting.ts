import { type ExecutionEvent, type InvokeTask, interpret } from "../../../apps/emulator";
import type { ReadObject } from "../../../apps/emulator/states/runner";
import { VirtualClock } from "../../../apps/emulator/world/clock";

export const start = Date.UTC(2026, 0, 1);

export interface Interpreted {
  readonly events: ExecutionEvent[];
  readonly clock: VirtualClock;
}

/** Runs states once, the first one first, on a clock of their own. `random` is always a half. */
export async function interpreted(
  States: Readonly<Record<string, object>>,
  {
    input = {},
    invokeTask = refuse,
    readObject,
    ...machine
  }: { input?: unknown; invokeTask?: InvokeTask; readObject?: ReadObject; TimeoutSeconds?: number } = {},
  clock = new VirtualClock({ start }),
) {
  const events: ExecutionEvent[] = [];
  let ids = 0;
  const execution = await interpret(
    { QueryLanguage: "JSONata", StartAt: Object.keys(States)[0], States, ...machine },
    {
      input,
      clock,
      random: () => 0.5,
      uuid: () => `id-${++ids}`,
      invokeTask,
      readObject,
      onEvent: (event) => events.push(event),
    },
  );
  return { execution, events, clock, seconds: (clock.now() - start) / 1000 };
}

const refuse: InvokeTask = async () => {
  throw new Error("No task was expected");
};

export const lambda = "arn:aws:states:::lambda:invoke";
export const task = (payload: unknown = "{% $states.input %}") => ({
  Type: "Task",
  Resource: lambda,
  Arguments: { FunctionName: "f", Payload: payload },
});
