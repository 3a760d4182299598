import { InvalidDefinition } from "../../../apps/emulator/states/load";
import { ExecutionRefused, StateMachine } from "../../../apps/emulator/states/state-machine";
import { VirtualClock } from "../../../apps/emulator/world/clock";
import { interpreted, start, task } from "./interpreting";

test("nothing catches an error of the definition itself", async () => {
  const { execution } = await interpreted({
    Work: {
      ...task(),
      Arguments: {},
      Catch: [{ ErrorEquals: ["States.Runtime", "States.ALL"], Next: "P" }],
      Next: "P",
    },
    P: { Type: "Pass", End: true },
  });
  expect(execution).toMatchObject({ status: "FAILED", error: "States.Runtime" });
});

test("an execution dies at 25,000 history events", async () => {
  const { execution } = await interpreted({
    Again: { Type: "Pass", Next: "And" },
    And: { Type: "Pass", Next: "Again" },
  });
  expect(execution).toMatchObject({ status: "FAILED", error: "States.Runtime", historyEvents: 25_000 });
});

test("a Task is 5 history events, other states 2, and each failed attempt 3 more", async () => {
  let attempts = 0;
  const { execution } = await interpreted(
    {
      Work: { ...task(), Retry: [{ ErrorEquals: ["States.ALL"] }], Next: "Pass" },
      Pass: { Type: "Pass", End: true },
    },
    {
      invokeTask: async () => {
        attempts += 1;
        if (attempts === 1) return "x".repeat(300_000);
        return null;
      },
    },
  );
  // What is too large is not retried.
  expect(execution).toMatchObject({ status: "FAILED", historyEvents: 1 + 1 + 3 + 1 });
  const clean = await interpreted(
    { Work: { ...task(), Next: "P" }, P: { Type: "Pass", End: true } },
    { invokeTask: async () => 1 },
  );
  expect(clean.execution).toMatchObject({ historyEvents: 1 + 5 + 2 + 1, transitions: 2 });
});

test("256 KiB are counted in UTF-8 bytes", async () => {
  const fits = await interpreted({ P: { Type: "Pass", Output: "{% $pad('', 262142, 'x') %}", End: true } });
  expect(fits.execution.status).toBe("SUCCEEDED");
  const large = await interpreted({ P: { Type: "Pass", Output: "{% $pad('', 262141, 'x') & 'ü' %}", End: true } });
  expect(large.execution).toMatchObject({ status: "FAILED", error: "States.DataLimitExceeded" });
});

const refused: readonly [string, Readonly<Record<string, object>>, string][] = [
  ["a field it does not know", { P: { Type: "Pass", ResultPath: "$.x", End: true } }, "ResultPath"],
  ["a type it does not know", { P: { Type: "Parallel", Branches: [], End: true } }, "Type"],
  ["JSONPath", { P: { Type: "Pass", QueryLanguage: "JSONPath", End: true } }, "QueryLanguage"],
  ["a missing state", { P: { Type: "Pass", Next: "Q" } }, "'Q'"],
  ["neither Next nor End", { P: { Type: "Pass" } }, "Next or End"],
  [
    "a resource it cannot invoke",
    { P: { Type: "Task", Resource: "arn:aws:states:::sqs:sendMessage", End: true } },
    "sqs",
  ],
  ["wrong syntax", { P: { Type: "Pass", Output: "{% $states.input.( %}", End: true } }, "is not JSONata"],
  ["a variable that is never assigned", { P: { Type: "Pass", Output: "{% $runn %}", End: true } }, "$runn"],
  ["a function that does not exist", { P: { Type: "Pass", Output: "{% $eval('1') %}", End: true } }, "$eval"],
  [
    "a state name that is used twice",
    {
      M: {
        Type: "Map",
        ItemProcessor: { StartAt: "M", States: { M: { Type: "Pass", End: true } } },
        End: true,
      },
    },
    "used twice",
  ],
  [
    "a variable of the parent in a child execution",
    {
      A: { Type: "Pass", Assign: { run: 1 }, Next: "M" },
      M: mapOf("DISTRIBUTED", { C: { Type: "Pass", Output: "{% $run %}", End: true } }),
    },
    "$run",
  ],
  ...(["INLINE", "DISTRIBUTED"] as const).map((Mode): (typeof refused)[number] => [
    `a name of the parent's for a variable of a Map in mode ${Mode}`,
    {
      A: { Type: "Pass", Assign: { run: 1 }, Next: "M" },
      M: mapOf(Mode, { C: { Type: "Pass", Assign: { run: 2 }, End: true } }),
    },
    "'run' is assigned inside a Map and outside of it",
  ]),
  [
    "a name of its grandparent's for a variable of a Map in a Map",
    {
      A: { Type: "Pass", Assign: { run: 1 }, Next: "M" },
      M: mapOf("DISTRIBUTED", {
        N: mapOf("DISTRIBUTED", {
          C: {
            Type: "Choice",
            Choices: [{ Condition: "{% true %}", Assign: { run: 2 }, Next: "D" }],
            Default: "D",
          },
          D: { Type: "Pass", End: true },
        }),
      }),
    },
    "'run' is assigned inside a Map and outside of it",
  ],
];

function mapOf(Mode: "INLINE" | "DISTRIBUTED", States: Readonly<Record<string, object>>) {
  const ProcessorConfig = Mode === "INLINE" ? { Mode } : { Mode, ExecutionType: "STANDARD" };
  return { Type: "Map", ItemProcessor: { ProcessorConfig, StartAt: Object.keys(States)[0], States }, End: true };
}

test.each(refused)("a definition with %s is refused", async (_, states, named) => {
  const running = interpreted(states);
  await expect(running).rejects.toThrow(InvalidDefinition);
  await expect(running).rejects.toThrow(named);
});

test("variables that an expression defines itself are no machine's variables", async () => {
  const Output = "{% ($add := function($x) { $x + 1 }; $map([1, 2], $add)) %}";
  const { execution } = await interpreted({ P: { Type: "Pass", Output, End: true } });
  expect(execution.output).toEqual([2, 3]);
});

describe("StartExecution", () => {
  const machine = () =>
    new StateMachine({
      stateMachineArn: "arn:aws:states:eu-central-1:111122223333:stateMachine:M",
      definition: JSON.stringify({
        QueryLanguage: "JSONata",
        StartAt: "W",
        States: { W: { Type: "Wait", Seconds: 60, End: true } },
      }),
      clock: new VirtualClock({ start }),
      random: () => 0,
      uuid: () => "id",
      invokeTask: async () => null,
    });

  test("joins a running execution of the same name and input, and refuses any other use of the name", async () => {
    const tested = machine();
    const first = tested.start({ name: "daily", input: { a: 1 } });
    const same = tested.start({ name: "daily", input: { a: 1 } });
    await expect(tested.start({ name: "daily", input: { a: 2 } })).rejects.toThrow(ExecutionRefused);
    expect(await same).toBe(await first);
    await expect(tested.start({ name: "daily", input: { a: 1 } })).rejects.toMatchObject({
      code: "ExecutionAlreadyExists",
    });
    expect(tested.executions).toHaveLength(1);
  });

  test.each(["", "a b", "a:b", "x".repeat(81)])("refuses the name '%s'", async (name) => {
    await expect(machine().start({ name, input: {} })).rejects.toMatchObject({ code: "InvalidName" });
  });

  test("refuses an input of more than 256 KiB", async () => {
    const input = "x".repeat(256 * 1024);
    await expect(machine().start({ name: "n", input })).rejects.toMatchObject({ code: "InvalidExecutionInput" });
  });
});
