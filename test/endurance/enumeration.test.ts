import type { Call, FaultInjector } from "../../apps/emulator";
import { receiptKey } from "../../handlers/archive/layout";
import { closeAll, type Emulated, emulate } from "../handlers/support/emulated";
import { day, hour, receipt, utcDay } from "../handlers/support/examples";
import { exportsEnd } from "../handlers/support/faults";
import { start, yesterday } from "../handlers/support/organisation";
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
import { overwrittenReceipts, ownTasks, standings, verification } from "./support/verification";

/** Every call of an account's execution is disturbed in every way; nothing is lost or doubled by it, and all converge. */

afterEach(closeAll);

const minute = 60_000;
const dayBefore = "2026-11-18";
const kinds = Object.keys(disturbances) as Disturbance[];
/** The accounts that find another's task start in the first moment, as the recorded one did; more at once would only load more code. */
const run = { maxConcurrentAccounts: 30, foreignTaskWaitMinutes: 10, request: { days: [yesterday] } };
const again = { ...run, runId: "run-2" };
/** It has ended when it is first looked at. */
const moments = 200;

/** The first task of an account ends in another way than the others. */
function firstTask(first: Parameters<typeof exportsEnd>[0]): () => FaultInjector {
  return () => {
    let tasks = 0;
    const [once, then] = [exportsEnd(first), exportsEnd({ durationMs: moments })];
    return (call) => (call.operation === "CreateExportTask" && tasks++ === 0 ? once(call) : then(call));
  };
}

interface Scenario {
  readonly name: string;
  readonly tasks: () => FaultInjector;
  /** How many export tasks of ours a run has that nothing disturbs. */
  readonly exports: number;
  /** How long a task takes that is not of this project, and was there first. */
  readonly foreignMs?: number;
  /** How long the first task took for the day before: it is hardly looked at before two thirds of that. */
  readonly dayBeforeMs?: number;
}

const moment: Scenario = { name: "tasks of a moment", tasks: firstTask({ durationMs: moments }), exports: 2 };
const scenarios: readonly Scenario[] = [
  { name: "another's task of minutes", tasks: moment.tasks, exports: 2, foreignMs: 4 * minute },
  { name: "another's task of days", tasks: moment.tasks, exports: 0, foreignMs: 2 * day },
  moment,
  { name: "a task of seconds", tasks: firstTask({ durationMs: minute / 20 }), exports: 2 },
  // Waited for outside of the Lambda, and after the first look so long that an export without objects is looked at twice.
  {
    name: "a task of more than an hour",
    tasks: firstTask({ durationMs: 84 * minute }),
    exports: 2,
    dayBeforeMs: 2 * hour,
  },
  { name: "a task that fails", tasks: firstTask({ durationMs: moments, status: "FAILED" }), exports: 3 },
  { name: "a task that is cancelled", tasks: firstTask({ durationMs: moments, status: "CANCELLED" }), exports: 3 },
  { name: "objects that come late", tasks: firstTask({ durationMs: moments, objectsAfterMs: minute }), exports: 2 },
];

interface ScenarioCase extends Case {
  readonly scenario: Scenario;
}

async function emulateCases(cases: readonly ScenarioCase[], disturber: Disturber): Promise<Emulated> {
  const emulated = await emulate({ world: worldOf(cases), throttling: false, onInvoke: disturber.onInvoke });
  for (const { account, scenario } of cases) {
    if (scenario.foreignMs) await emulated.exportByHand("/a", scenario.foreignMs, {}, account);
    if (scenario.dayBeforeMs) putReceiptOfDayBefore(emulated, account, scenario.dayBeforeMs);
  }
  emulated.rules.push(disturber.rule);
  return emulated;
}

function putReceiptOfDayBefore(emulated: Emulated, account: string, tookMs: number): void {
  const window = utcDay(dayBefore);
  const { tasks, ...rest } = receipt({ account, logGroup: "/a", ...window });
  const times = {
    createdAt: new Date(start - day).toISOString(),
    completedAt: new Date(start - day + tookMs).toISOString(),
  };
  const took = tasks.map((task) => ({
    ...task,
    ...window,
    ...times,
    prefix: `${account}/${dayBefore}/${task.taskId}/`,
  }));
  emulated.put(receiptKey(dayBefore, account, "/a", 1), JSON.stringify({ ...rest, tasks: took }));
}

/** What the execution of an undisturbed account calls, by scenario. */
async function undisturbed(of: readonly Scenario[]): Promise<Map<Scenario, readonly Call[]>> {
  const cases = of.map((scenario, index) => ({ account: accountNumber(index), tasks: scenario.tasks(), scenario }));
  const emulated = await emulateCases(cases, new Disturber(cases));
  await runOnce(emulated, run);
  await closeAll();
  const tasks = ownTasks(emulated);
  expect(cases.map(({ account, scenario: { name } }) => [name, tasks.get(account) ?? 0])).toEqual(
    of.map(({ name, exports }) => [name, exports]),
  );
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
  await runOnce(emulated, run);
  process.stdout.write(`${all.length} cases of ${scenarios.length} scenarios and ${kinds.length} disturbances\n`);
  expect(disturber.disturbed.size).toBe(all.length);
  const first = standings(emulated);
  // A process that dies once is tried again by the state machine.
  const survivors = all.filter(({ disturbance, scenario }) => scenario === moment && disturbance !== "is dead from");
  expect(unlike(first, survivors)).toEqual([]);
  const tasks = ownTasks(emulated);

  disturber.end();
  await emulated.clock.sleep(3 * day);
  const { signed } = await runOnce(emulated, again);
  expect(unlike(standings(emulated))).toEqual([]);
  // What was exported by hand below an account's prefix is a stray, rightly.
  const findings = (await verification(emulated, signed.head)).filter((finding) => !finding.endsWith("/by-hand/"));
  expect(findings).toEqual([]);
  const tasksAfterwards = ownTasks(emulated);
  const settled = all.filter(({ account }) => isWhole(first.get(account)));
  expect(settled.filter(({ account }) => tasks.get(account) !== tasksAfterwards.get(account))).toEqual([]);
  // What a process has not named in the record before its death may be exported once more.
  const most = ({ scenario }: ScenarioCase) => 2 * Math.max(moment.exports, scenario.exports);
  expect(all.filter((one) => (tasks.get(one.account) ?? 0) > most(one)).map(where)).toEqual([]);
  expect(overwrittenReceipts(emulated)).toEqual([]);
});

it("keeps what a dead run has exported, though retention has deleted it since", async () => {
  const recorded = await undisturbed([moment]);
  const calls = recorded.get(moment) ?? [];
  const cases = calls.map((_, index): Case => {
    const tasks = exportsEnd({ durationMs: moments });
    return { account: accountNumber(index), disturbance: "is dead from", at: index + 1, tasks };
  });
  const disturber = new Disturber(cases);
  const world = worldOf(cases, { retentionInDays: 1 });
  const emulated = await emulate({ world, throttling: false, onInvoke: disturber.onInvoke });
  emulated.rules.push(disturber.rule);
  await runOnce(emulated, run);
  disturber.end();
  const exported = emulated.exportTasks().map(({ account, group }) => `${account} ${group}`);
  await emulated.clock.sleep(5 * day);
  await runOnce(emulated, again);
  const receipted = emulated.receipts().map(({ account, logGroup }) => `${account} ${logGroup}`);
  expect(receipted.sort()).toEqual(exported.sort());
});
