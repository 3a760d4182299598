import { type InvokeTask, interpret, StateFailure, VirtualClock } from "../../apps/emulator";
import { historyLimit } from "../../handlers/contract/history";
import { historyForSteps, shortestStepMs } from "../../handlers/run-export-tasks/pacing";
import { longestSealingMs } from "../../handlers/seal-account/sealing";
import { definition } from "./definition";
import { synthesise } from "./synthesise";

const machine = definition(synthesise()["OrgLogArchive-eu-central-1"]);
const start = Date.UTC(2026, 10, 1);
const dayMs = 86_400_000;
const allLogGroups = { logGroups: null, backlog: [], backfill: [], formerAccounts: { key: "former", count: 0 } };
const progress = { logGroup: null, taskId: null, done: 0, total: 1, cursor: {} };

interface Told {
  /** What a step was told of the history, and what the history had when its state was entered. */
  readonly told: number;
  readonly had: number;
}

/**
 * The definition with functions that answer at once: an account whose every step asks for the shortest wait that the
 * history allows, until the deadline, and of which every `failing`th invocation fails to begin with.
 */
async function accountOf(days: number, naturalSeconds: number, { failing = 0, paced = true } = {}) {
  const clock = new VirtualClock({ start });
  const deadline = start + days * dayMs;
  const run = { runId: "run-1", startedAt: "", deadline: "", days: [] };
  const steps: Told[] = [];
  let had = 0;
  let recorded = false;
  let invocations = 0;
  let sealingSteps = 0;
  const invokeTask: InvokeTask = async ({ functionName, payload }) => {
    if (functionName.includes("ListAccounts")) return { ...run, accounts: { key: "ids", count: 1 }, ...allLogGroups };
    if (functionName.includes("PlanExports")) return { ...progress, status: "more", waitSeconds: 0 };
    if (functionName.includes("RecordCoverage")) {
      recorded = true;
      return { status: "clean", failed: 0 };
    }
    // As many steps of a quarter of an hour as the longest sealing has.
    if (functionName.includes("SealAccount")) {
      sealingSteps += 1;
      const isOver = sealingSteps >= longestSealingMs / 900_000;
      return { status: isOver ? "finished" : "more", day: null, objects: 0, notSealed: 0, cursor: {} };
    }
    if (functionName.includes("ReportRun")) return { status: "complete", summary: "" };
    if (functionName.includes("SignDigest")) return { digest: "", head: { sequence: 1, sha256: "" } };
    invocations += 1;
    if (failing > 0 && invocations % failing === 0) throw new StateFailure("Lambda.ServiceException", "");
    const { historyEvents: told } = payload as { historyEvents: number };
    steps.push({ told, had });
    const remaining = deadline - clock.now();
    if (remaining <= 0) return { ...progress, status: "finished", waitSeconds: 0 };
    const shortest = paced ? Math.ceil(shortestStepMs(told, remaining) / 1000) : 0;
    return { ...progress, status: "waiting", waitSeconds: Math.max(naturalSeconds, shortest) };
  };
  let ids = 0;
  let account = 0;
  // As of a schedule that leaves so much time.
  await interpret(
    { ...machine, TimeoutSeconds: Math.ceil(days + 1) * 86_400 },
    {
      clock,
      random: () => 0.5,
      uuid: () => `id-${++ids}`,
      invokeTask,
      readObject: async () => '["100000000000"]',
      onEvent: (event) => {
        if (event.parent === undefined) return;
        account = event.historyEvents;
        // The event of entering is counted already.
        if (event.type === "state-entered" && event.state === "RunExportTasks") had = event.historyEvents - 1;
      },
    },
  );
  return { steps, events: account, recorded };
}

test("a step is told how many events the history has, retries included", async () => {
  const { steps } = await accountOf(0.1, 60, { failing: 3 });
  expect(steps.length).toBeGreaterThan(50);
  expect(steps.map(({ told }) => told)).toEqual(steps.map(({ had }) => had));
  expect(new Set(steps.map(({ told }, index) => told - (steps[index - 1]?.told ?? 0))).size).toBeGreaterThan(2);
});

test.each([
  ["a daily schedule", 1, 58],
  ["a weekly schedule and tasks of 15 minutes", 7, 58],
  ["the longest schedule that the look-back allows", 31, 22],
  ["a weekly schedule in which every other invocation fails at first", 7, 58, 2],
])("no account fills its execution's history: %s", async (_, days, naturalSeconds, failing = 0) => {
  const { steps, events, recorded } = await accountOf(days, naturalSeconds, { failing });
  expect(recorded).toBe(true);
  expect(steps.length).toBeGreaterThan(650);
  // The loop's steps fill half of the history; sealing, which comes after them, has the other half.
  expect(events).toBeLessThan(historyForSteps + 100 + (longestSealingMs / 900_000) * 7);
  expect(events).toBeLessThan(historyLimit * 0.75);
});

test("unless the steps keep to it, the execution dies after two days without a record of its coverage", async () => {
  const { events, recorded } = await accountOf(7, 58, { paced: false });
  expect({ events, recorded }).toEqual({ events: historyLimit, recorded: false });
});
