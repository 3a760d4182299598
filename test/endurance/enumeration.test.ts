import type { Call, FaultInjector } from "../../apps/emulator";
import { closeAll, emulate } from "../handlers/support/emulated";
import { day } from "../handlers/support/examples";
import { exportsEnd } from "../handlers/support/faults";
import { yesterday } from "../handlers/support/organisation";
import { runOnce } from "../handlers/support/run";
import {
  accountNumber,
  accountOf,
  type Case,
  type Disturbance,
  Disturber,
  disturbances,
  worldOf,
} from "./support/copies";
import { ownTasks, standings } from "./support/verification";

/** Every call of an account's execution is disturbed in every way; nothing is lost or doubled by it, and all converge. */

afterEach(closeAll);

const kinds = Object.keys(disturbances) as Disturbance[];
const again = (runId: string) => ({ runId, request: { days: [yesterday] } });

/** The first task of an account ends in another way than the others. */
function firstTask(first: Parameters<typeof exportsEnd>[0]): () => FaultInjector {
  return () => {
    let tasks = 0;
    const [once, then] = [exportsEnd(first), exportsEnd({ durationMs: 400 })];
    return (call) => (call.operation === "CreateExportTask" && tasks++ === 0 ? once(call) : then(call));
  };
}

const scenarios: Readonly<Record<string, { tasks: () => FaultInjector; foreignMs?: number }>> = {
  "tasks of a moment": { tasks: firstTask({ durationMs: 400 }) },
};

async function runsOver(cases: readonly Case[], foreignMs = 0) {
  const emulated = await emulate({ world: worldOf(cases), throttling: false });
  if (foreignMs > 0) for (const { account } of cases) await emulated.exportByHand("/a", foreignMs, {}, account);
  const disturber = new Disturber(cases);
  emulated.rules.push(disturber.rule);
  await runOnce(emulated);
  const first = standings(emulated);
  disturber.end();
  await emulated.clock.sleep(600_000);
  await runOnce(emulated, again("run-2"));
  const tasks = ownTasks(emulated);
  await runOnce(emulated, again("run-3"));
  return { disturber, first, last: standings(emulated), tasks, tasksAfterwards: ownTasks(emulated), emulated };
}

/** How many calls the execution of an undisturbed account makes. */
async function undisturbed(scenario: string): Promise<readonly Call[]> {
  const { tasks, foreignMs } = scenarios[scenario] ?? { tasks: () => () => undefined };
  const account = accountNumber(0);
  const { emulated } = await runsOver([{ account, tasks: tasks() }], foreignMs);
  const secondRun = emulated.cloud.calls.findIndex(({ input }) => String(input.Key).startsWith("runs/run-2/"));
  return emulated.cloud.calls.slice(0, secondRun).filter((call) => accountOf(call) === account);
}

it.each(Object.keys(scenarios))("with %s, an account gets over every disturbance at every call", async (name) => {
  const calls = await undisturbed(name);
  await closeAll();
  const { tasks, foreignMs } = scenarios[name] ?? { tasks: () => () => undefined };
  const cases = kinds.flatMap((disturbance, kind) =>
    calls.map((_, index): Case => {
      const account = accountNumber(1 + kind * calls.length + index);
      return { account, disturbance, at: index + 1, tasks: tasks() };
    }),
  );
  const { disturber, first, last, tasks: created, tasksAfterwards } = await runsOver(cases, foreignMs);
  process.stdout.write(`${cases.length} cases with ${name}: ${kinds.length} disturbances at ${calls.length} calls\n`);
  expect(disturber.disturbed.size).toBe(cases.length);
  const whole = { "/a": "whole", "/b": "whole" };
  const where = ({ disturbance, at = 0 }: Case) => `${disturbance} call ${at}, ${calls[at - 1]?.operation}`;
  const unlike = (found: ReadonlyMap<string, unknown>, expected: unknown, of = cases) =>
    of
      .map((one) => [where(one), found.get(one.account)] as const)
      .filter(([, standing]) => JSON.stringify(standing) !== JSON.stringify(expected));
  // A process that dies once is tried again by the state machine.
  const survivors = cases.filter(({ disturbance }) => disturbance !== "is dead from");
  expect(unlike(first, whole, survivors)).toEqual([]);
  expect(unlike(last, whole)).toEqual([]);
  // What a process has not named in the record before its death may be exported once more.
  const most = 2 * calls.filter(({ operation }) => operation === "CreateExportTask").length;
  expect([...created].filter(([, count]) => count > most)).toEqual([]);
  expect(tasksAfterwards).toEqual(created);
});

it("keeps what a dead run has exported, though retention has deleted it since", async () => {
  const calls = await undisturbed("tasks of a moment");
  await closeAll();
  const cases = calls.map((_, index): Case => {
    const tasks = exportsEnd({ durationMs: 400 });
    return { account: accountNumber(index + 1), disturbance: "is dead from", at: index + 1, tasks };
  });
  const emulated = await emulate({ world: worldOf(cases, { retentionInDays: 1 }), throttling: false });
  const disturber = new Disturber(cases);
  emulated.rules.push(disturber.rule);
  await runOnce(emulated);
  disturber.end();
  const exported = emulated.exportTasks().map(({ account, group }) => `${account} ${group}`);
  await emulated.clock.sleep(5 * day);
  await runOnce(emulated, again("run-2"));
  const receipted = emulated.receipts().map(({ account, logGroup }) => `${account} ${logGroup}`);
  expect(receipted.sort()).toEqual(exported.sort());
});
