import { type InvokeTask, interpret, VirtualClock } from "../../apps/emulator";
import { definition } from "./definition";
import { synthesise } from "./synthesise";

const machine = definition(synthesise()["OrgLogArchive-eu-central-1"]);
const run = { runId: "run-1", startedAt: "", deadline: "", days: [], logGroups: null, backlog: [], backfill: [] };
const progress = { status: "finished", logGroup: null, taskId: null, done: 0, total: 0, cursor: {}, waitSeconds: 0 };

/** A run in which every account has failed items, with handlers that say only what the states read. */
async function runOf(accounts: number) {
  const reported: unknown[] = [];
  const invokeTask: InvokeTask = async ({ functionName, payload }) => {
    if (functionName.includes("ListAccounts"))
      return { ...run, accounts: { key: "ids", count: accounts }, formerAccounts: { key: "former", count: 0 } };
    if (functionName.includes("PlanExports")) return progress;
    if (functionName.includes("RecordCoverage")) return { status: "failed", failed: 20 };
    if (functionName.includes("SealAccount"))
      return { status: "finished", day: null, objects: 0, notSealed: 0, cursor: {} };
    if (functionName.includes("SignDigest")) return { digest: "", head: { sequence: 1, sha256: "ab" } };
    reported.push(payload);
    return { status: "incomplete", summary: `${accounts} accounts failed` };
  };
  let ids = 0;
  const execution = await interpret(machine, {
    clock: new VirtualClock({ start: Date.UTC(2026, 0, 1) }),
    random: () => 0.5,
    uuid: () => `id-${++ids}`,
    invokeTask,
    readObject: async () => JSON.stringify(Array.from({ length: accounts }, (_, i) => String(100_000_000_000 + i))),
  });
  return { execution, reported };
}

test.each([2, 1000])(
  "a run is reported when %i accounts fail, however much their executions leave behind",
  async (accounts) => {
    const { execution, reported } = await runOf(accounts);
    expect(reported).toEqual([{ run, error: null, settings: { knownExceptions: [] } }]);
    expect(execution).toMatchObject({
      status: "FAILED",
      error: "RunIsIncomplete",
      cause: `${accounts} accounts failed Head: 1:ab`,
    });
  },
);
