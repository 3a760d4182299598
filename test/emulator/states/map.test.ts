import { VirtualClock } from "../../../apps/emulator/world/clock";
import { interpreted, start, task } from "./interpreting";

const processor = (States: object, Mode: "INLINE" | "DISTRIBUTED" = "DISTRIBUTED") => ({
  ProcessorConfig: Mode === "INLINE" ? { Mode } : { Mode, ExecutionType: "STANDARD" },
  StartAt: Object.keys(States)[0],
  States,
});
const accounts = ["a", "b", "c", "d"];

test("a distributed Map starts a child execution per item, with a name and history of its own", async () => {
  const { execution, events } = await interpreted(
    {
      Each: {
        Type: "Map",
        Label: "Each",
        Items: "{% $states.input %}",
        ItemSelector: { at: "{% $states.context.Map.Item.Index %}", account: "{% $states.context.Map.Item.Value %}" },
        ItemProcessor: processor({
          Child: { Type: "Pass", Output: "{% $states.input.account & $states.input.at %}", End: true },
        }),
        MaxConcurrency: 2,
        End: true,
      },
    },
    { input: accounts },
  );
  expect(execution.output).toEqual(["a0", "b1", "c2", "d3"]);
  const children = events.filter(
    (event) => event.type === "execution-ended" && event.parent === execution.executionArn,
  );
  expect(
    children.map(({ executionArn, historyEvents }) => [executionArn.split(":").slice(-2).join(":"), historyEvents]),
  ).toEqual([1, 2, 3, 4].map((n) => [`Interpreted/Each:id-${n}`, 4]));
  // Started, entered, Map started, Map Run started, its two ends, exited, succeeded.
  expect(execution.historyEvents).toBe(8);
});

test("no more children run at a time than MaxConcurrency", async () => {
  const clock = new VirtualClock({ start });
  let running = 0;
  let most = 0;
  const { seconds } = await interpreted(
    {
      Each: { Type: "Map", ItemProcessor: processor({ Work: { ...task(), End: true } }), MaxConcurrency: 2, End: true },
    },
    {
      input: accounts,
      invokeTask: async () => {
        running += 1;
        most = Math.max(most, running);
        await clock.sleep(60_000);
        running -= 1;
      },
    },
    clock,
  );
  expect(most).toBe(2);
  expect(Math.round(seconds / 60)).toBe(2);
});

test("a Map Run starts at most 100 children in a second", async () => {
  const { seconds } = await interpreted(
    { Each: { Type: "Map", ItemProcessor: processor({ Work: { Type: "Succeed" } }), End: true } },
    { input: Array.from({ length: 301 }, (_, n) => n) },
  );
  expect(seconds).toBeCloseTo(3, 5);
});

describe("children that fail", () => {
  const each = (tolerance: object) => ({
    Each: {
      Type: "Map",
      ItemProcessor: processor({
        Check: {
          Type: "Choice",
          Choices: [{ Condition: "{% $states.input in ['b', 'c'] %}", Next: "Bad" }],
          Default: "Good",
        },
        Bad: { Type: "Fail", Error: "Bad" },
        Good: { Type: "Succeed" },
      }),
      MaxConcurrency: 1,
      ...tolerance,
      End: true,
    },
  });

  test("are in the result of a Map that tolerates them, with all that is known about them", async () => {
    const { execution } = await interpreted(each({ ToleratedFailurePercentage: 50 }), { input: accounts });
    const failed = (name: string) => ({
      Status: "FAILED",
      Error: "Bad",
      Input: JSON.stringify(name),
      Name: expect.anything(),
    });
    expect(execution).toMatchObject({ status: "SUCCEEDED", output: ["a", failed("b"), failed("c"), "d"] });
  });

  test("make the result of a Map too large when there are many of them, and only the error's name catches that", async () => {
    const caughtBy = async (error: string) => {
      const states = each({ ToleratedFailurePercentage: 100, Catch: [{ ErrorEquals: [error], Next: "Caught" }] });
      const { execution } = await interpreted(
        { ...states, Caught: { Type: "Succeed", Output: "caught" } },
        { input: Array.from({ length: 1000 }, () => "b") },
      );
      return execution;
    };
    expect(await caughtBy("States.ALL")).toMatchObject({ status: "FAILED", error: "States.DataLimitExceeded" });
    expect(await caughtBy("States.DataLimitExceeded")).toMatchObject({ status: "SUCCEEDED", output: "caught" });
  });

  test.each([{}, { ToleratedFailureCount: 1 }, { ToleratedFailurePercentage: 49 }])(
    "fail a Map that tolerates fewer: %j",
    async (tolerance) => {
      const { execution, events } = await interpreted(each(tolerance), { input: accounts });
      expect(execution).toMatchObject({ status: "FAILED", error: "States.ExceedToleratedFailureThreshold" });
      expect(events.some((event) => event.type === "execution-started" && event.input === "d")).toBe(false);
    },
  );
});

test("an inline Map reads outer variables, keeps its own to itself, and runs in the same history", async () => {
  const { execution } = await interpreted(
    {
      Before: { Type: "Pass", Assign: { suffix: "!" }, Next: "Each" },
      Each: {
        Type: "Map",
        Items: "{% $states.input %}",
        ItemProcessor: processor(
          {
            Own: { Type: "Pass", Assign: { mine: "{% $states.input & $suffix %}" }, Next: "Wait" },
            Wait: { Type: "Wait", Seconds: 1, Next: "Out" },
            Out: { Type: "Pass", Output: "{% $mine %}", End: true },
          },
          "INLINE",
        ),
        End: true,
      },
    },
    { input: accounts },
  );
  expect(execution.output).toEqual(["a!", "b!", "c!", "d!"]);
  // Both ends, Before, Each with its two, and four iterations of three states and two events.
  expect(execution.historyEvents).toBe(2 + 2 + 4 + 4 * (6 + 2));
});

test("an iteration that fails ends an inline Map and its other iterations", async () => {
  const { execution, events } = await interpreted(
    {
      Each: {
        Type: "Map",
        ItemProcessor: processor(
          {
            Wait: { Type: "Wait", Seconds: "{% $states.input %}", Next: "Check" },
            Check: {
              Type: "Choice",
              Choices: [{ Condition: "{% $states.input = 1 %}", Next: "Bad" }],
              Default: "Good",
            },
            Bad: { Type: "Fail", Error: "Bad" },
            Good: { Type: "Succeed" },
          },
          "INLINE",
        ),
        Catch: [{ ErrorEquals: ["Bad"], Next: "Linger" }],
        End: true,
      },
      Linger: { Type: "Wait", Seconds: 60, End: true },
    },
    { input: [1, 5] },
  );
  expect(execution.status).toBe("SUCCEEDED");
  expect(events.some((event) => event.type === "state-entered" && event.state === "Good")).toBe(false);
});

test("a Map's result of more than 256 KiB is States.DataLimitExceeded", async () => {
  const { execution } = await interpreted(
    { Each: { Type: "Map", ItemProcessor: processor({ Work: { ...task(), End: true } }), Output: null, End: true } },
    { input: accounts, invokeTask: async () => "x".repeat(70_000) },
  );
  expect(execution).toMatchObject({ status: "FAILED", error: "States.DataLimitExceeded" });
});

describe("items by reference", () => {
  const reader = (Arguments: object = { Bucket: "b", Key: "{% $states.input.key %}" }) => ({
    Resource: "arn:aws:states:::s3:getObject",
    ReaderConfig: { InputType: "JSON" },
    Arguments,
  });
  const child = { Child: { Type: "Pass", Output: "{% null %}", End: true } };
  const map = (more: object = {}) => ({
    Each: { Type: "Map", ItemReader: reader(), ItemProcessor: processor(child), End: true, ...more },
  });

  test("are as many as an object holds, which is more than a payload does", async () => {
    const ids = Array.from({ length: 300 }, (_, index) => String(index).padStart(1000, "0"));
    const asked: string[] = [];
    const { execution, events } = await interpreted(map(), {
      input: { key: "ids.json" },
      readObject: async (bucket, key) => {
        asked.push(`${bucket}/${key}`);
        return JSON.stringify(ids);
      },
    });
    expect(asked).toEqual(["b/ids.json"]);
    const started = events.filter(({ type, parent }) => type === "execution-started" && parent !== undefined);
    expect(started.map((event) => "input" in event && event.input)).toEqual(ids);
    expect(execution.status).toBe("SUCCEEDED");
    expect(JSON.stringify(ids).length).toBeGreaterThan(256 * 1024);
  });

  test.each([
    ["that is not there", async () => Promise.reject(new Error("NoSuchKey"))],
    ["that is no JSON", async () => "<xml/>"],
    ["that holds no array", async () => "{}"],
  ])("in an object %s fail the Map under a name that can be caught", async (_, readObject) => {
    const { execution } = await interpreted(map(), { input: { key: "k" }, readObject });
    expect(execution).toMatchObject({ status: "FAILED", error: "States.ItemReaderFailed" });
    const { execution: caught } = await interpreted(
      {
        ...map({ Catch: [{ ErrorEquals: ["States.ALL"], Next: "P" }], End: undefined, Next: "P" }),
        P: { Type: "Pass", End: true },
      },
      { input: { key: "k" }, readObject },
    );
    expect(caught.status).toBe("SUCCEEDED");
  });

  test("are not for an inline Map, nor beside Items", async () => {
    await expect(interpreted(map({ ItemProcessor: processor(child, "INLINE") }))).rejects.toThrow("distributed");
    await expect(interpreted(map({ Items: [] }))).rejects.toThrow("both Items and an ItemReader");
  });
});
