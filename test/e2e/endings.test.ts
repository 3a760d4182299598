import { interpret, StateFailure, seededUuid, type TaskRequest, VirtualClock } from "../../apps/emulator";
import { definition } from "../deploy/definition";
import { synthesise } from "../deploy/synthesise";

/** The definition run with functions that answer, or fail, as a test says. */

const machine = definition(synthesise()["OrgLogArchive-eu-central-1"]);

const functions = [
  "ListAccounts",
  "PlanExports",
  "RunExportTasks",
  "RecordCoverage",
  "SealAccount",
  "ReportRun",
  "SignDigest",
] as const;
type FunctionKind = (typeof functions)[number];

const account = "210987654321";
const cursor = { step: 0, position: 0, item: null, foreignSince: null };
const sealed = { step: 0 };
const step = { waitSeconds: 0, logGroup: null, taskId: null, done: 0, total: 1, cursor };
const run = { runId: "run", startedAt: "2026-11-21T13:30:00.000Z", deadline: "2026-11-22T13:20:00.000Z", days: [] };

const answers: Readonly<Record<FunctionKind, unknown>> = {
  ListAccounts: {
    ...run,
    logGroups: null,
    backlog: ["2026-11-01"],
    backfill: [],
    accounts: { key: "ids", count: 1 },
    formerAccounts: { key: "former", count: 0 },
  },
  PlanExports: { ...step, status: "more" },
  RunExportTasks: { ...step, status: "finished" },
  RecordCoverage: { account, status: "clean", exported: 1, empty: 0, skipped: 0, failed: 0 },
  SealAccount: { status: "finished", day: null, objects: 1, notSealed: 0, cursor: sealed },
  ReportRun: { status: "complete", summary: "1 of 1 accounts complete.", report: "runs/run/report.json" },
  SignDigest: { digest: "digests/0000000007.json", head: { sequence: 7, sha256: "0a1b" }, loss: null },
};

type Answer = (request: TaskRequest, calls: number) => unknown;

async function runWith(changes: Partial<Record<FunctionKind, Answer>>) {
  let number = 0;
  const calls: FunctionKind[] = [];
  const execution = await interpret(machine, {
    clock: new VirtualClock({ start: Date.parse(run.startedAt) }),
    random: () => 0.5,
    uuid: () => seededUuid(1, "child", number++),
    name: "run",
    input: { scheduledTime: run.startedAt },
    readObject: async () => JSON.stringify([account]),
    invokeTask: async (request) => {
      const kind = functions.find((name) => request.functionName.includes(name));
      if (!kind) throw new Error(`Which function is ${request.functionName}?`);
      calls.push(kind);
      const change = changes[kind];
      return change ? change(request, calls.filter((call) => call === kind).length) : answers[kind];
    },
  });
  return { execution, calls };
}

const failing: Answer = () => {
  throw new StateFailure("Runtime.ExitError", '{"errorMessage":"killed"}');
};

test("a run in which nothing fails succeeds", async () => {
  const { execution, calls } = await runWith({});
  expect(execution.status).toBe("SUCCEEDED");
  expect(calls).toEqual(functions);
  expect(execution.output).toEqual({
    status: "complete",
    summary: "1 of 1 accounts complete.",
    report: "runs/run/report.json",
    digest: "digests/0000000007.json",
    head: { sequence: 7, sha256: "0a1b" },
    loss: null,
  });
});

test("a run that is complete ends red where a digest is lost", async () => {
  const SignDigest = () => ({ ...(answers.SignDigest as object), loss: "Digest 6 is lost." });
  const { execution } = await runWith({ SignDigest });
  const cause = "1 of 1 accounts complete. Head: 7:0a1b Digest 6 is lost.";
  expect(execution).toMatchObject({ status: "FAILED", error: "DigestsAreLost", cause });
});

// An account's own failures reach the run through its coverage, which ReportRun counts: here ReportRun says so.
const incomplete: Answer = () => ({ status: "incomplete", summary: "1 failed.", report: "runs/run/report.json" });

test.each(["ListAccounts", "SignDigest"] as const)("a run whose %s fails for good ends red", async (kind) => {
  const { execution } = await runWith({ [kind]: failing });
  expect(execution).toMatchObject({ status: "FAILED", error: "Runtime.ExitError" });
});

test("a run whose report fails for good is signed, ends red, and tells its head", async () => {
  const { execution, calls } = await runWith({ ReportRun: failing });
  expect(calls.at(-1)).toBe("SignDigest");
  expect(execution).toMatchObject({ status: "FAILED", error: "RunIsNotReported" });
  expect(execution.cause).toMatch(/^The run has no report: Runtime\.ExitError .* Head: 7:0a1b$/);
});

test.each(["PlanExports", "RunExportTasks"] as const)(
  "an account whose %s fails for good still records why",
  async (kind) => {
    const recorded: unknown[] = [];
    const { execution, calls } = await runWith({
      [kind]: failing,
      RecordCoverage: ({ payload }) => {
        recorded.push(payload);
        return { account, status: "failed", exported: 0, empty: 0, skipped: 0, failed: 1 };
      },
      ReportRun: incomplete,
    });
    expect(recorded).toEqual([
      expect.objectContaining({ account, error: expect.objectContaining({ Error: "Runtime.ExitError" }) }),
    ]);
    expect(calls.slice(-3)).toEqual(["SealAccount", "ReportRun", "SignDigest"]);
    const cause = "1 failed. Head: 7:0a1b";
    expect(execution).toMatchObject({ status: "FAILED", error: "RunIsIncomplete", cause });
  },
);

test.each(["RecordCoverage", "SealAccount"] as const)(
  "an account whose %s fails for good does not keep the run from reporting and signing",
  async (kind) => {
    const { execution, calls } = await runWith({ [kind]: failing, ReportRun: incomplete });
    expect(calls.slice(-2)).toEqual(["ReportRun", "SignDigest"]);
    expect(execution.status).toBe("FAILED");
  },
);

test("an account is sealed step after step, each with the cursor of the one before it", async () => {
  const cursors: unknown[] = [];
  await runWith({
    SealAccount: ({ payload }, calls) => {
      cursors.push((payload as { cursor: unknown }).cursor);
      const more = { status: "more", day: "2026-11-20", objects: calls, notSealed: 0, cursor: { step: calls } };
      return calls < 3 ? more : answers.SealAccount;
    },
  });
  expect(cursors).toEqual([null, { step: 1 }, { step: 2 }]);
});

test("accounts that have left are sealed for the backlog's days, and nothing else is done with them", async () => {
  const { accounts } = answers.ListAccounts as { accounts: object };
  const former = { ...(answers.ListAccounts as object), accounts, formerAccounts: { key: "former", count: 1 } };
  const asked: unknown[] = [];
  const { execution, calls } = await runWith({
    ListAccounts: () => former,
    SealAccount: ({ payload }) => {
      asked.push(payload);
      return answers.SealAccount;
    },
  });
  expect(calls.slice(-4)).toEqual(["SealAccount", "SealAccount", "ReportRun", "SignDigest"]);
  expect(asked.at(-1)).toMatchObject({ account, run: { backlog: ["2026-11-01"] }, cursor: null });
  expect(execution.status).toBe("SUCCEEDED");
});

test("a function that dies once is invoked again, and the run succeeds", async () => {
  const dyingOnce: Answer = (request, calls) => (calls === 1 ? failing(request, calls) : answers.RunExportTasks);
  const { execution, calls } = await runWith({ RunExportTasks: dyingOnce });
  expect(execution.status).toBe("SUCCEEDED");
  expect(calls.filter((call) => call === "RunExportTasks")).toHaveLength(2);
});

test("an error that no retry can cure is not retried", async () => {
  const { calls } = await runWith({
    PlanExports: () => {
      throw new StateFailure("RoleNotAssumable", '{"errorMessage":"no"}');
    },
  });
  expect(calls.filter((call) => call === "PlanExports")).toHaveLength(1);
});

test("a step that waits is continued after the wait, with its own cursor", async () => {
  const moved = { ...cursor, step: 1 };
  const cursors: unknown[] = [];
  const { execution } = await runWith({
    RunExportTasks: ({ payload }, calls) => {
      cursors.push((payload as { cursor: unknown }).cursor);
      return calls === 1 ? { ...step, status: "waiting", waitSeconds: 90, cursor: moved } : answers.RunExportTasks;
    },
  });
  expect(cursors).toEqual([cursor, moved]);
  expect((execution.stoppedAt ?? 0) - execution.startedAt).toBe(90_000);
});
