import { type InvokeTask, interpret, StateFailure, seededFraction, VirtualClock } from "../../apps/emulator";
import { definition } from "./definition";
import { synthesise } from "./synthesise";

const machine = definition(synthesise()["OrgLogArchive-eu-central-1"]);
const start = Date.UTC(2026, 10, 1);
const minute = 60_000;
const hour = 60 * minute;
const progress = { waitSeconds: 5, logGroup: null, taskId: null, done: 0, total: 1 };

/** Lambda with room for 10 invocations at once. */
interface Room {
  /** No room at all until then, in milliseconds after the start. */
  readonly closedUntil?: number;
  /** How often other functions have taken what would be free, from 0 to 1. */
  readonly taken?: number;
}

/** A run of accounts with `steps` steps of four minutes each, and how long the visits to each state took. */
async function runIn({ closedUntil = 0, taken = 0 }: Room, accounts: number, steps: number) {
  const clock = new VirtualClock({ start });
  const ids = Array.from({ length: accounts }, (_, index) => String(100_000_000_000 + index));
  const errors: unknown[] = [];
  let active = 0;
  let drawn = 0;
  const random = () => seededFraction(1, drawn++);
  const busyFor = async (milliseconds: number) => {
    if (active >= 10 || clock.now() < start + closedUntil || random() < taken)
      throw new StateFailure("Lambda.TooManyRequestsException", "Rate Exceeded.");
    active += 1;
    await clock.sleep(milliseconds);
    active -= 1;
  };
  const invokeTask: InvokeTask = async ({ functionName, payload }) => {
    if (functionName.includes("RunExportTasks")) {
      await busyFor(4 * minute);
      const { cursor } = payload as { cursor: number };
      return { ...progress, cursor: cursor + 1, status: cursor + 1 < steps ? "waiting" : "finished" };
    }
    await busyFor(2_000);
    if (functionName.includes("ListAccounts"))
      return {
        ...{ runId: "run-1", startedAt: "", deadline: "", days: [], logGroups: null, backlog: [], backfill: [] },
        accounts: { key: "ids", count: accounts },
        formerAccounts: { key: "former", count: 0 },
      };
    if (functionName.includes("PlanExports")) return { ...progress, cursor: 0, status: "waiting" };
    if (functionName.includes("SealAccount"))
      return { status: "finished", day: null, objects: 0, notSealed: 0, cursor: {} };
    if (functionName.includes("SignDigest")) return { digest: "", head: { sequence: 1, sha256: "" } };
    if (functionName.includes("ReportRun")) return { status: "complete", summary: "" };
    errors.push((payload as { error: unknown }).error);
    return { status: "clean", failed: 0 };
  };
  const visits: Record<string, number[]> = {};
  const entered = new Map<string, number>();
  const execution = await interpret(
    { ...machine, TimeoutSeconds: 4 * 86_400 },
    {
      clock,
      random,
      uuid: () => `id-${++drawn}`,
      invokeTask,
      readObject: async () => JSON.stringify(ids),
      onEvent: (event) => {
        if (event.type === "state-entered") entered.set(event.executionArn, event.at);
        if (event.type !== "state-exited") return;
        visits[event.state] ??= [];
        visits[event.state]?.push(event.at - (entered.get(event.executionArn) ?? 0));
      },
    },
  );
  const average = (state: string) => {
    const times = visits[state] ?? [];
    return times.reduce((total, time) => total + time, 0) / times.length;
  };
  return { execution, errors, average, took: clock.now() - start };
}

test.each([3 * minute, 10 * minute, 3 * hour])(
  "a run that finds no room in Lambda for %i ms from its start is complete all the same",
  async (closedUntil) => {
    const { execution, errors } = await runIn({ closedUntil }, 3, 2);
    expect(execution.status).toBe("SUCCEEDED");
    expect(errors).toEqual([null, null, null]);
  },
);

test("40 accounts share 10 concurrent executions: all of the room is used, and none fails", async () => {
  const { execution, errors, took } = await runIn({}, 40, 4);
  expect(execution.status).toBe("SUCCEEDED");
  expect(errors).toEqual(Array(40).fill(null));
  // 40 accounts of 4 times 4 minutes, 10 at a time.
  expect(took).toBeLessThan(1.25 * 4 * 4 * 4 * minute);
});

test("where room is scarce, what records an account or reports on the run gets it before what exports", async () => {
  const { execution, average } = await runIn({ taken: 0.95 }, 30, 3);
  expect(execution.status).toBe("SUCCEEDED");
  const exporting = average("RunExportTasks") - 4 * minute;
  expect(exporting).toBeGreaterThan(20 * minute);
  expect(average("RecordCoverage")).toBeLessThan(exporting / 2);
});
