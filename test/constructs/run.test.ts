import jsonata from "jsonata";
import { notRetried } from "../../handlers/contract/errors";
import { PlanSettings, RunSettings, SlotSettings } from "../../handlers/contract/settings";
import { allStates, definition, type Machine, type State } from "../deploy/definition";
import { resources, synthesise } from "../deploy/synthesise";

const templates = synthesise({ maxConcurrentAccounts: 42, foreignTaskWaitMinutes: 30 });
const template = templates["OrgLogArchive-eu-central-1"];
const machine = definition(template);
const states = Object.fromEntries(allStates(machine));
const tasks = Object.entries(states).filter(([, { Type }]) => Type === "Task");
const timeouts = (functionId: string) => Number(template?.Resources[functionId]?.Properties.Timeout);

test("a run is these states and no other", () =>
  expect(Object.keys(states).sort()).toEqual([
    "AccountHasFailures",
    "AccountIsClean",
    "AccountIsNotSealed",
    "AccountOutcome",
    "AccountsAreNotListed",
    "AnyAccounts",
    "AnyFormerAccounts",
    "CoverageIsNotRecorded",
    "DigestsAreLost",
    "ForEachAccount",
    "ForEachFormerAccount",
    "FormerAccount",
    "FormerAccountHasFailures",
    "FormerAccountIsNotSealed",
    "FormerAccountIsSealed",
    "FormerAccountOutcome",
    "ListAccounts",
    "NextAccountSeal",
    "NextFormerAccountSeal",
    "NextStep",
    "PlanExports",
    "RecordCoverage",
    "ReportRun",
    "RunExportTasks",
    "RunIsComplete",
    "RunIsIncomplete",
    "RunIsNotReported",
    "RunIsNotSigned",
    "RunOutcome",
    "SealAccount",
    "SealFormerAccount",
    "SignDigest",
    "WaitForExportTask",
  ]));

test("the machine speaks JSONata, ends some day, and logs every transition without data", () => {
  expect(machine).toMatchObject({ QueryLanguage: "JSONata", TimeoutSeconds: 2 * 24 * 60 * 60 });
  const [properties] = resources(template, "AWS::StepFunctions::StateMachine").map(({ Properties }) => Properties);
  expect(properties).toMatchObject({
    StateMachineName: "OrgLogArchive",
    LoggingConfiguration: { Level: "ALL", IncludeExecutionData: false },
    TracingConfiguration: { Enabled: false },
  });
});

test.each([
  ["rate(12 hours)", 2],
  ["cron(0 14 ? * MON-FRI *)", 4],
  ["cron(30 13 ? * SUN *)", 8],
])("the machine of %s lets a run use all the time up to the next, and ends it within %i days", (expression, days) => {
  const { "OrgLogArchive-eu-central-1": rare } = synthesise({ schedule: { expression, timeZone: "UTC" } });
  expect(definition(rare).TimeoutSeconds).toBe(days * 24 * 60 * 60);
});

test.each(Object.entries(states))("%s says what it is for", (_, { Comment }) => expect(Comment).toBeTruthy());

describe.each(tasks)("the task %s", (_, task) => {
  test("ends later than its function", () => {
    const functionTimeout = timeouts(task.Arguments?.FunctionName ?? "");
    expect(functionTimeout).toBeGreaterThan(0);
    expect(task.TimeoutSeconds).toBeGreaterThan(functionTimeout);
  });

  test("does not retry what is permanent, and everything else with growing, scattered waits", () => {
    const [permanent, ...others] = task.Retry ?? [];
    expect(permanent).toEqual({ ErrorEquals: notRetried, MaxAttempts: 0 });
    expect(others.at(-1)?.ErrorEquals).toEqual(["States.ALL"]);
    for (const retrier of others) {
      expect(retrier).toMatchObject({ JitterStrategy: "FULL", BackoffRate: expect.any(Number) });
      expect(retrier.MaxAttempts).toBeGreaterThan(0);
    }
  });

  test("catches every error", () => expect(task.Catch).toMatchObject([{ ErrorEquals: ["States.ALL"] }]));
});

test("whatever stops an account's export, its coverage is recorded with the error", () => {
  for (const name of ["PlanExports", "RunExportTasks"])
    expect(states[name]?.Catch).toMatchObject([
      { Next: "RecordCoverage", Assign: { accountError: "{% $states.errorOutput %}" } },
    ]);
});

test("an account's step leads on to the next, to a wait or to its coverage", () => {
  expect(states.NextStep).toMatchObject({
    Choices: [
      { Condition: "{% $states.input.status = 'more' %}", Next: "RunExportTasks" },
      { Condition: "{% $states.input.status = 'waiting' %}", Next: "WaitForExportTask" },
    ],
    Default: "RecordCoverage",
  });
  expect(states.WaitForExportTask).toMatchObject({ Seconds: "{% $waitSeconds %}", Next: "RunExportTasks" });
});

test("no failure ends green: only clean coverage and a complete report succeed", () => {
  const green = Object.entries(states).filter(([, { Type }]) => Type === "Succeed");
  expect(green.map(([name]) => name).sort()).toEqual(["AccountIsClean", "FormerAccountIsSealed", "RunIsComplete"]);
  const ways = (target: string) => Object.entries(states).filter(([, state]) => successors(state).includes(target));
  expect(ways("AccountIsClean").map(([name]) => name)).toEqual(["AccountOutcome"]);
  expect(ways("RunIsComplete").map(([name]) => name)).toEqual(["RunOutcome"]);
  expect(ways("FormerAccountIsSealed").map(([name]) => name)).toEqual(["FormerAccountOutcome"]);
  expect(states.AccountOutcome).toMatchObject({
    Choices: [{ Condition: "{% $failedItems + $states.input.notSealed = 0 %}", Next: "AccountIsClean" }],
    Default: "AccountHasFailures",
  });
  expect(states.FormerAccountOutcome).toMatchObject({
    Choices: [{ Condition: "{% $states.input.notSealed = 0 %}", Next: "FormerAccountIsSealed" }],
    Default: "FormerAccountHasFailures",
  });
  expect(states.RunOutcome).toMatchObject({
    Choices: [
      { Condition: "{% $states.input.status = 'complete' and $states.input.loss %}", Next: "DigestsAreLost" },
      { Condition: "{% $states.input.status = 'complete' %}", Next: "RunIsComplete" },
      { Condition: "{% $states.input.status = 'unreported' %}", Next: "RunIsNotReported" },
    ],
    Default: "RunIsIncomplete",
  });
  for (const [name, state] of tasks)
    for (const { Next } of state.Catch ?? [])
      expect([name, states[Next]?.Type]).toEqual([name, /RecordCoverage|SignDigest/.test(Next) ? "Task" : "Fail"]);
});

function successors(state: State): string[] {
  const next = [state.Next, state.Default, ...(state.Choices ?? []).map(({ Next }) => Next)];
  return [...next, ...(state.Catch ?? []).map(({ Next }) => Next)].filter((name) => name !== undefined);
}

test.each([
  ["exported and sealed", "ForEachAccount", "PlanExports", "AnyFormerAccounts"],
  ["sealed that have left", "ForEachFormerAccount", "FormerAccount", "ReportRun"],
])("accounts are %s next to each other, bounded, and none stops another", (_, name, StartAt, Next) => {
  expect(states[name]).toMatchObject({
    MaxConcurrency: 42,
    ToleratedFailurePercentage: 100,
    Label: name,
    ItemProcessor: { ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" }, StartAt },
    Next,
    Catch: [
      { ErrorEquals: ["States.DataLimitExceeded"], Next },
      { ErrorEquals: ["States.ALL"], Next: "ReportRun", Assign: { error: "{% $states.errorOutput %}" } },
    ],
  });
  // A retry of the map would start every account again.
  expect(states[name]?.Retry).toBeUndefined();
});

test("what is exported and covered is sealed before an account ends, step after step", () => {
  expect(states.RecordCoverage).toMatchObject({ Next: "SealAccount", Assign: { sealCursor: "{% null %}" } });
  for (const [task, choice, next] of [
    ["SealAccount", "NextAccountSeal", "AccountOutcome"],
    ["SealFormerAccount", "NextFormerAccountSeal", "FormerAccountOutcome"],
  ] as const) {
    expect(states[task]).toMatchObject({
      Next: choice,
      Assign: { sealCursor: "{% $states.result.Payload.cursor %}" },
      Arguments: { Payload: { cursor: "{% $sealCursor %}" } },
    });
    expect(states[choice]).toMatchObject({
      Choices: [{ Condition: "{% $states.input.status = 'more' %}", Next: task }],
      Default: next,
    });
  }
});

test("the accounts come by reference, and without any there is nothing to map over", () => {
  expect(states.AnyAccounts).toMatchObject({
    Choices: [{ Condition: "{% $states.input.accounts.count > 0 %}", Next: "ForEachAccount" }],
    Default: "AnyFormerAccounts",
  });
  expect(states.AnyFormerAccounts).toMatchObject({
    Choices: [{ Condition: "{% $formerAccounts.count > 0 %}", Next: "ForEachFormerAccount" }],
    Default: "ReportRun",
  });
  expect(states.ForEachAccount).toMatchObject({
    ItemReader: {
      ReaderConfig: { InputType: "JSON" },
      Arguments: {
        Bucket: "org-log-archive-111122223333-eu-central-1",
        Key: "{% $states.input.accounts.key %}",
      },
    },
    ItemSelector: { account: "{% $states.context.Map.Item.Value %}" },
  });
});

test("whatever became of a run's report, the run is signed last, and its head is what the execution ends with", async () => {
  expect(states.ReportRun).toMatchObject({
    Next: "SignDigest",
    Assign: { report: "{% $states.result.Payload %}" },
    Catch: [{ Next: "SignDigest", Assign: { report: { status: "unreported" } } }],
  });
  expect(states.SignDigest).toMatchObject({ Next: "RunOutcome", Catch: [{ Next: "RunIsNotSigned" }] });
  const output = String(states.SignDigest?.Output).slice(3, -3);
  const head = { sequence: 7, sha256: "ab" };
  const report = { status: "complete", summary: "done" };
  const ended = await jsonata(output).evaluate(undefined, { report, states: { result: { Payload: { head } } } });
  expect(ended).toEqual({ ...report, head });
  for (const name of ["RunIsIncomplete", "RunIsNotReported", "DigestsAreLost"]) {
    const cause = String((states[name] as { Cause?: string }).Cause).slice(3, -3);
    expect(await jsonata(cause).evaluate(undefined, { states: { input: ended } })).toBe("done Head: 7:ab");
    const input = { ...ended, loss: "Digest 6 is lost." };
    expect(await jsonata(cause).evaluate(undefined, { states: { input } })).toBe("done Head: 7:ab Digest 6 is lost.");
  }
});

test("a run's end is told, with the head, only where the configuration asks for it", async () => {
  const told = synthesise({ notify: { everyRun: true } })["OrgLogArchive-eu-central-1"];
  const machine = definition(told);
  expect(machine.States.SignDigest?.Next).toBe("TellRun");
  const tell = machine.States.TellRun as State & { Arguments: { Message: string; Subject: string; TopicArn: unknown } };
  expect(tell).toMatchObject({
    Resource: "arn:aws:states:::sns:publish",
    Next: "RunOutcome",
    Output: "{% $states.input %}",
    Catch: [{ ErrorEquals: ["States.ALL"], Next: "RunIsNotTold" }],
  });
  const input = { status: "complete", summary: "done", report: "r", digest: "d", head: { sequence: 7, sha256: "ab" } };
  const bindings = { run: { runId: "run-1" }, states: { input } };
  const message = await jsonata(tell.Arguments.Message.slice(3, -3)).evaluate(undefined, bindings);
  expect(JSON.parse(String(message))).toEqual({ runId: "run-1", ...input });
  expect(await jsonata(tell.Arguments.Subject.slice(3, -3)).evaluate(undefined, bindings)).toBe(
    "Log archive: run complete",
  );
});

test("a run whose many failed accounts do not fit the result is reported like any other", () => {
  const [tooLarge] = states.ForEachAccount?.Catch ?? [];
  // Not the run's own error: the accounts' coverage decides.
  expect(tooLarge?.Assign).toBeUndefined();
});

test("what children return does not grow with what they did", () => {
  expect(states.AccountIsClean?.Output).toBe("{% null %}");
  expect(states.FormerAccountIsSealed?.Output).toBe("{% null %}");
  for (const name of ["ForEachAccount", "ForEachFormerAccount"]) expect(states[name]?.Output).toBe("{% null %}");
});

test("the settings of the configuration travel in the tasks", () => {
  const settings = (name: string) => states[name]?.Arguments?.Payload.settings;
  expect(RunSettings.parse(settings("ListAccounts"))).toMatchObject({ lookbackDays: 7, dayTimeZone: "UTC" });
  expect(PlanSettings.parse(settings("PlanExports"))).toEqual({ logGroups: { include: ["**"], exclude: [] } });
  expect(SlotSettings.parse(settings("RunExportTasks"))).toEqual({ foreignTaskWaitMinutes: 30 });
});

test("a step shows people where it is, and keeps the cursor to itself", () => {
  for (const name of ["PlanExports", "RunExportTasks"]) {
    const { Output, Assign } = states[name] ?? {};
    expect(Object.keys(Output ?? {})).toEqual(["status", "logGroup", "taskId", "done", "total"]);
    expect(Assign).toMatchObject({ cursor: "{% $states.result.Payload.cursor %}" });
  }
});

test.each([0, 1, 2])("lists of %i stay lists on their way through JSONata", async (length) => {
  const days = Array.from({ length }, (_, index) => ({ day: `2026-01-0${index + 1}`, from: 0, to: 1 }));
  const bindings = { states: { result: { Payload: { days } } } };
  const expression = "$states.result.Payload.days";
  expect(JSON.stringify(machine)).toContain(`{% ${expression} %}`);
  const value = await jsonata(expression).evaluate(undefined, bindings);
  expect(JSON.parse(JSON.stringify(value))).toEqual(days);
});

test("every variable that a state reads has been assigned where its execution starts", () => {
  expect(Object.keys(states.ListAccounts?.Assign ?? {}).sort()).toEqual(["error", "formerAccounts", "run"]);
  expect(Object.keys(states.RecordCoverage?.Assign ?? {}).sort()).toEqual(["failedItems", "sealCursor"]);
  expect(Object.keys(states.FormerAccount?.Assign ?? {}).sort()).toEqual([
    "formerAccount",
    "formerAccountRun",
    "sealCursor",
  ]);
  expect(Object.keys(states.PlanExports?.Assign ?? {}).sort()).toEqual([
    "account",
    "accountError",
    "accountRun",
    "cursor",
    "historyEvents",
    "waitSeconds",
  ]);
  expect(Object.keys(states.PlanExports?.Catch?.[0]?.Assign ?? {}).sort()).toEqual([
    "account",
    "accountError",
    "accountRun",
  ]);
});

test("no account's execution assigns a variable that the run assigns", () => {
  const own = machine.States;
  const assigned = (states: Machine["States"]) =>
    new Set(
      Object.values(states)
        .flatMap((state) => [state, ...(state.Catch ?? []), ...(state.Choices ?? [])])
        .flatMap(({ Assign }) => Object.keys(Assign ?? {})),
    );
  expect(assigned(own)).toEqual(new Set(["error", "formerAccounts", "report", "run"]));
  for (const map of ["ForEachAccount", "ForEachFormerAccount"]) {
    const child = own[map]?.ItemProcessor?.States ?? {};
    expect(assigned(child).size).toBeGreaterThan(2);
    expect([...assigned(child)].filter((name) => assigned(own).has(name))).toEqual([]);
  }
});

test("each Region's schedule starts its own state machine at the scheduled time", () => {
  for (const region of ["eu-central-1", "us-east-1"])
    expect(resources(templates[`OrgLogArchive-${region}`], "AWS::Scheduler::Schedule")).toMatchObject([
      {
        Properties: {
          ScheduleExpression: "cron(30 13 * * ? *)",
          ScheduleExpressionTimezone: "UTC",
          // Regions that are due together start apart.
          FlexibleTimeWindow: { Mode: "FLEXIBLE", MaximumWindowInMinutes: 15 },
          State: "ENABLED",
          Target: {
            Arn: { Ref: expect.stringContaining("StateMachine") },
            Input: '{"scheduledTime":"<aws.scheduler.scheduled-time>"}',
            RetryPolicy: { MaximumEventAgeInSeconds: 21_600, MaximumRetryAttempts: 20 },
            DeadLetterConfig: { Arn: { "Fn::GetAtt": [expect.stringContaining("NotDelivered"), "Arn"] } },
          },
        },
      },
    ]);
});
