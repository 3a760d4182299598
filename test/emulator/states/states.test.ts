import { StateFailure } from "../../../apps/emulator";
import { VirtualClock } from "../../../apps/emulator/world/clock";
import { interpreted, start, task } from "./interpreting";

test("Pass, Choice and Succeed hand on what their expressions make of the input", async () => {
  const { execution } = await interpreted(
    {
      Begin: { Type: "Pass", Output: { double: "{% $states.input.n * 2 %}" }, Next: "Big" },
      Big: {
        Type: "Choice",
        Choices: [{ Condition: "{% $states.input.double > 10 %}", Next: "Yes", Assign: { size: "big" } }],
        Default: "No",
      },
      Yes: { Type: "Succeed", Output: "{% $size & ' ' & $states.input.double %}" },
      No: { Type: "Succeed" },
    },
    { input: { n: 7 } },
  );
  expect(execution).toMatchObject({ status: "SUCCEEDED", output: "big 14" });
});

test("Wait passes the clock's time, by seconds and up to a time stamp", async () => {
  const { execution, seconds } = await interpreted(
    {
      Seconds: { Type: "Wait", Seconds: "{% $states.input.wait %}", Next: "Until" },
      Until: { Type: "Wait", Timestamp: "2026-01-01T01:00:00Z", End: true },
    },
    { input: { wait: 90 } },
  );
  expect([execution.status, seconds]).toEqual(["SUCCEEDED", 3600]);
});

test("Fail ends the execution with its error and cause", async () => {
  const { execution } = await interpreted(
    { Stop: { Type: "Fail", Error: "Broken", Cause: "{% 'because of ' & $states.input.what %}" } },
    { input: { what: "rust" } },
  );
  expect(execution).toMatchObject({ status: "FAILED", error: "Broken", cause: "because of rust" });
});

test("a Task gets its payload and gives its result as $states.result", async () => {
  const { execution } = await interpreted(
    { Work: { ...task({ n: "{% $states.input.n %}" }), Output: "{% $states.result.Payload.n + 1 %}", End: true } },
    { input: { n: 1 }, invokeTask: async ({ functionName, payload }) => ({ n: 10, functionName, payload }) },
  );
  expect(execution.output).toBe(11);
});

test("the context names the execution, the state, the attempt and the machine", async () => {
  const { execution } = await interpreted({ Here: { Type: "Pass", Output: "{% $states.context %}", End: true } });
  expect(execution.output).toMatchObject({
    Execution: { Name: "execution", Input: {}, StartTime: new Date(start).toISOString() },
    State: { Name: "Here", RetryCount: 0 },
    StateMachine: { Name: "Interpreted" },
  });
});

test("Assign and Output see the variables as they were before the state", async () => {
  const { execution } = await interpreted({
    First: { Type: "Pass", Assign: { a: 1, b: 2 }, Next: "Swap" },
    Swap: { Type: "Pass", Assign: { a: "{% $b %}", b: "{% $a %}" }, Output: "{% [$a, $b] %}", Next: "Last" },
    Last: { Type: "Pass", Output: "{% [$states.input, $a, $b] %}", End: true },
  });
  expect(execution.output).toEqual([1, 2, 2, 1]);
});

test("an expression without a result is an error, as it is at AWS, and can be caught", async () => {
  const states = {
    Work: {
      ...task(),
      Output: "{% $states.result.Payload.missing %}",
      Catch: [{ ErrorEquals: ["States.QueryEvaluationError"], Next: "Caught" }],
      End: true,
    },
    Caught: { Type: "Pass", Output: "{% $states.input.Cause %}", End: true },
  };
  const { execution } = await interpreted(states, { invokeTask: async () => ({}) });
  expect(execution.output).toContain("returned nothing (undefined)");
});

describe("Retry", () => {
  const failing = (error: string, times: number) => {
    let attempts = 0;
    return async () => {
      attempts += 1;
      if (attempts <= times) throw new StateFailure(error, "no");
      return attempts;
    };
  };
  const retried = (Retry: object[], Catch: object[] = []) => ({
    Work: { ...task(), Output: "{% $states.result.Payload %}", Retry, Catch, End: true },
    Caught: { Type: "Succeed" },
  });

  test("backs off by its rate, up to its longest delay", async () => {
    const retry = {
      ErrorEquals: ["States.ALL"],
      IntervalSeconds: 2,
      BackoffRate: 3,
      MaxAttempts: 4,
      MaxDelaySeconds: 20,
    };
    const { execution, seconds } = await interpreted(retried([retry]), { invokeTask: failing("Oops", 4) });
    expect([execution.output, seconds]).toEqual([5, 2 + 6 + 18 + 20]);
  });

  test("with full jitter waits a random part of the delay", async () => {
    const retry = { ErrorEquals: ["States.ALL"], IntervalSeconds: 8, MaxAttempts: 1, JitterStrategy: "FULL" };
    const { seconds } = await interpreted(retried([retry]), { invokeTask: failing("Oops", 1) });
    expect(seconds).toBe(4);
  });

  test("gives up after its attempts, and the first retrier that matches decides", async () => {
    const retries = [
      { ErrorEquals: ["Oops"], MaxAttempts: 0 },
      { ErrorEquals: ["States.ALL"], MaxAttempts: 9 },
    ];
    const { execution } = await interpreted(retried(retries), { invokeTask: failing("Oops", 1) });
    expect(execution).toMatchObject({ status: "FAILED", error: "Oops", cause: "no" });
  });

  test("by States.ALL leaves out States.DataLimitExceeded", async () => {
    const retry = { ErrorEquals: ["States.ALL"], MaxAttempts: 3 };
    const handler = [{ ErrorEquals: ["States.ALL"], Next: "Caught" }];
    const invokeTask = failing("States.DataLimitExceeded", 1);
    const { execution } = await interpreted(retried([retry], handler), { invokeTask });
    expect(execution).toMatchObject({ status: "FAILED", error: "States.DataLimitExceeded" });
  });
});

test("Catch goes on with what it assigns and puts out of the error", async () => {
  const { execution } = await interpreted(
    {
      Work: {
        ...task(),
        Catch: [
          { ErrorEquals: ["Other"], Next: "After" },
          {
            ErrorEquals: ["States.TaskFailed"],
            Assign: { error: "{% $states.errorOutput %}" },
            Output: "{% $states.errorOutput.Error %}",
            Next: "After",
          },
        ],
        End: true,
      },
      After: { Type: "Pass", Output: { input: "{% $states.input %}", error: "{% $error %}" }, End: true },
    },
    {
      invokeTask: async () => {
        throw new StateFailure("Oops", "why");
      },
    },
  );
  expect(execution.output).toEqual({ input: "Oops", error: { Error: "Oops", Cause: "why" } });
});

test("TimeoutSeconds ends a task with States.Timeout, and an execution as TIMED_OUT", async () => {
  const clock = new VirtualClock({ start });
  const slow = { ...task(), TimeoutSeconds: 5, End: true };
  const { execution, events } = await interpreted(
    {
      Work: { ...slow, Catch: [{ ErrorEquals: ["States.Timeout"], Next: "Long" }] },
      Long: { Type: "Wait", Seconds: 100, End: true },
    },
    { TimeoutSeconds: 30, invokeTask: () => clock.sleep(3_600_000) },
    clock,
  );
  expect(execution).toMatchObject({ status: "TIMED_OUT", error: "States.Timeout" });
  expect(events.map(({ at }) => (at - start) / 1000)).toEqual([0, 0, 5, 5, 30]);
});
