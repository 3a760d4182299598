import { interpret, StateFailure, seededUuid, type TaskRequest, VirtualClock } from "../../apps/emulator";
import { definition } from "../deploy/definition";
import { synthesise } from "../deploy/synthesise";

/** The definition run with functions that answer, or fail, as a test says. */

const machine = definition(synthesise()["OrgLogArchive-eu-central-1"]);

const functions = ["ListAccounts", "PlanExports", "RunExportTasks", "RecordCoverage", "ReportRun"] as const;
type FunctionKind = (typeof functions)[number];

const account = "210987654321";
const cursor = { step: 0, position: 0, item: null, foreignSince: null };
const step = { waitSeconds: 0, logGroup: null, taskId: null, done: 0, total: 1, cursor };
const run = { runId: "run", startedAt: "2026-11-21T13:30:00.000Z", deadline: "2026-11-22T13:20:00.000Z", days: [] };

const answers: Readonly<Record<FunctionKind, unknown>> = {
  ListAccounts: { ...run, accounts: { key: "ids", count: 1 } },
  PlanExports: { ...step, status: "more" },
  RunExportTasks: { ...step, status: "finished" },
  RecordCoverage: { account, status: "clean", exported: 1, empty: 0, skipped: 0, failed: 0 },
  ReportRun: { status: "complete", summary: "1 of 1 accounts complete", report: "runs/run/report.json" },
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
  const { execution } = await runWith({});
  expect(execution.status).toBe("SUCCEEDED");
});

// An account's own failures reach the run through its coverage, which ReportRun counts: here ReportRun says so.
const incomplete: Answer = () => ({ status: "incomplete", summary: "1 failed", report: "runs/run/report.json" });

test.each(["ListAccounts", "ReportRun"] as const)("a run whose %s fails for good ends red", async (kind) => {
  const { execution } = await runWith({ [kind]: failing });
  expect(execution).toMatchObject({ status: "FAILED", error: "Runtime.ExitError" });
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
    expect(calls.at(-1)).toBe("ReportRun");
    expect(execution).toMatchObject({ status: "FAILED", error: "RunIsIncomplete", cause: "1 failed" });
  },
);

test("an account that cannot even record its coverage does not keep the run from reporting", async () => {
  const { execution, calls } = await runWith({ RecordCoverage: failing, ReportRun: incomplete });
  expect(calls.at(-1)).toBe("ReportRun");
  expect(execution.status).toBe("FAILED");
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
