import type { Call, FaultInjector } from "../../apps/emulator";
import { closeAll, type Emulated, emulate } from "../handlers/support/emulated";
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

const minute = 60_000;
const kinds = Object.keys(disturbances) as Disturbance[];
/** All accounts from the first moment on, so that each finds what the recorded one has found. */
const together = { maxConcurrentAccounts: 1000 };
const again = { runId: "run-2", request: { days: [yesterday] } };

/** The first task of an account ends in another way than the others. */
function firstTask(first: Parameters<typeof exportsEnd>[0]): () => FaultInjector {
  return () => {
    let tasks = 0;
    const [once, then] = [exportsEnd(first), exportsEnd({ durationMs: 400 })];
    return (call) => (call.operation === "CreateExportTask" && tasks++ === 0 ? once(call) : then(call));
  };
}

interface Scenario {
  readonly name: string;
  readonly tasks: () => FaultInjector;
  /** How long a task takes that is not of this project, and was there first. */
  readonly foreignMs?: number;
}

const moment: Scenario = { name: "tasks of a moment", tasks: firstTask({ durationMs: 400 }) };
const scenarios: readonly Scenario[] = [
  moment,
  { name: "a task of minutes", tasks: firstTask({ durationMs: 3 * minute }) },
  { name: "a task that fails", tasks: firstTask({ durationMs: 400, status: "FAILED" }) },
  { name: "a task that is cancelled", tasks: firstTask({ durationMs: 400, status: "CANCELLED" }) },
  { name: "objects that come late", tasks: firstTask({ durationMs: 400, objectsAfterMs: minute }) },
  { name: "another's task of minutes", tasks: moment.tasks, foreignMs: 7 * minute },
  { name: "another's task of days", tasks: moment.tasks, foreignMs: 2 * day },
];

interface ScenarioCase extends Case {
  readonly scenario: Scenario;
}

async function emulateCases(cases: readonly ScenarioCase[], disturber: Disturber): Promise<Emulated> {
  const emulated = await emulate({ world: worldOf(cases), throttling: false, onInvoke: disturber.onInvoke });
  for (const { account, scenario } of cases)
    if (scenario.foreignMs) await emulated.exportByHand("/a", scenario.foreignMs, {}, account);
  emulated.rules.push(disturber.rule);
  return emulated;
}

/** What the execution of an undisturbed account calls, by scenario. */
async function undisturbed(of: readonly Scenario[]): Promise<Map<Scenario, readonly Call[]>> {
  const cases = of.map((scenario, index) => ({ account: accountNumber(index), tasks: scenario.tasks(), scenario }));
  const emulated = await emulateCases(cases, new Disturber(cases));
  await runOnce(emulated, together);
  await closeAll();
  const { calls } = emulated.cloud;
  return new Map(cases.map((one) => [one.scenario, calls.filter((call) => accountOf(call) === one.account)]));
}

/** All calls of what usually happens; where something else does, the first of each with which a task's life goes on. */
function disturbedCalls(scenario: Scenario, calls: readonly Call[]): number[] {
  if (scenario === moment) return calls.map((_, index) => index + 1);
  const first = [
    calls.findIndex(({ operation }) => operation === "CreateExportTask"),
    calls.findIndex(({ operation, input }) => operation === "DescribeExportTasks" && input.taskId !== undefined),
    calls.findIndex(({ operation, input }) => operation === "PutObject" && String(input.Key).startsWith("receipts/")),
  ];
  return first.filter((index) => index >= 0).map((index) => index + 1);
}

it("gets an account over every disturbance at every call: no event is lost, none doubled, and all is settled", async () => {
  const recorded = await undisturbed(scenarios);
  const cases = [...recorded].flatMap(([scenario, calls]) =>
    kinds.flatMap((disturbance) => disturbedCalls(scenario, calls).map((at) => ({ scenario, disturbance, at }))),
  );
  const all: ScenarioCase[] = cases.map((one, index) => ({
    ...one,
    account: accountNumber(index),
    tasks: one.scenario.tasks(),
  }));
  const callsOf = ({ scenario }: ScenarioCase) => recorded.get(scenario) ?? [];
  const where = (one: ScenarioCase) =>
    `${one.scenario.name}: ${one.disturbance} call ${one.at}, ${callsOf(one)[(one.at ?? 0) - 1]?.operation}`;
  const isWhole = (standing: unknown) => JSON.stringify(standing) === JSON.stringify({ "/a": "whole", "/b": "whole" });
  const unlike = (found: ReadonlyMap<string, unknown>, of = all) =>
    of.map((one) => [where(one), found.get(one.account)]).filter(([, standing]) => !isWhole(standing));

  const disturber = new Disturber(all);
  const emulated = await emulateCases(all, disturber);
  await runOnce(emulated, together);
  process.stdout.write(`${all.length} cases of ${scenarios.length} scenarios and ${kinds.length} disturbances\n`);
  expect(disturber.disturbed.size).toBe(all.length);
  const first = standings(emulated);
  // A process that dies once is tried again by the state machine.
  const survivors = all.filter(({ disturbance, scenario }) => scenario === moment && disturbance !== "is dead from");
  expect(unlike(first, survivors)).toEqual([]);
  const tasks = ownTasks(emulated);

  disturber.end();
  await emulated.clock.sleep(3 * day);
  await runOnce(emulated, again);
  expect(unlike(standings(emulated))).toEqual([]);
  const tasksAfterwards = ownTasks(emulated);
  const settled = all.filter(({ account }) => isWhole(first.get(account)));
  expect(settled.filter(({ account }) => tasks.get(account) !== tasksAfterwards.get(account))).toEqual([]);
  // What a process has not named in the record before its death may be exported once more.
  const most = (one: ScenarioCase) =>
    2 * callsOf(one).filter(({ operation }) => operation === "CreateExportTask").length;
  expect(all.filter((one) => (tasks.get(one.account) ?? 0) > most(one)).map(where)).toEqual([]);
});

it("keeps what a dead run has exported, though retention has deleted it since", async () => {
  const recorded = await undisturbed([moment]);
  const calls = recorded.get(moment) ?? [];
  const cases = calls.map((_, index): Case => {
    const tasks = exportsEnd({ durationMs: 400 });
    return { account: accountNumber(index), disturbance: "is dead from", at: index + 1, tasks };
  });
  const disturber = new Disturber(cases);
  const world = worldOf(cases, { retentionInDays: 1 });
  const emulated = await emulate({ world, throttling: false, onInvoke: disturber.onInvoke });
  emulated.rules.push(disturber.rule);
  await runOnce(emulated, together);
  disturber.end();
  const exported = emulated.exportTasks().map(({ account, group }) => `${account} ${group}`);
  await emulated.clock.sleep(5 * day);
  await runOnce(emulated, again);
  const receipted = emulated.receipts().map(({ account, logGroup }) => `${account} ${logGroup}`);
  expect(receipted.sort()).toEqual(exported.sort());
});
