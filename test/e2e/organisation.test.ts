import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkArchive } from "../../apps/demo/check";
import { demoOrganization } from "../../apps/demo/organization";
import type { ProgressView } from "../../apps/demo/progress";
import { taskMs } from "../../apps/demo/run-time";
import { type SimulatedRun, simulate } from "../../apps/demo/simulation";
import { parseConfiguration } from "../../constructs/configuration";
import { example } from "../deploy/synthesise";
import { assembly } from "../support/assembly";

/** The synthesised app with its bundled handlers, run over the demo organisation: one day, two Regions. */

const lastDay = "2026-11-20";
const configuration = { ...example, lookbackDays: 1 };
const { organizationId, logArchiveAccount, regions } = parseConfiguration(configuration);
const world = demoOrganization({
  seed: 1,
  organizationId,
  logArchiveAccount,
  organizationalUnit: "ou-examplerootid111-company1",
  regions: regions.map(({ name }) => name),
  lastDay,
  days: 1,
});

const temporary: string[] = [];
function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "org-log-archive-e2e-"));
  temporary.push(path);
  return path;
}

let directory: string;
let runs: SimulatedRun[];

beforeAll(async () => {
  directory = folder();
  runs = await run(directory);
});
afterAll(() => {
  for (const path of temporary) rmSync(path, { recursive: true, force: true });
});

function run(into: string, logGroups = world.logGroups): Promise<SimulatedRun[]> {
  const silent: ProgressView = { step() {}, accountsListed() {}, accountMoved() {}, accountEnded() {}, finish() {} };
  return simulate({
    assemblyDirectory: assembly(configuration, { code: true }),
    directory: into,
    world: { ...world, logGroups },
    logArchiveAccount,
    seed: 1,
    lastDay,
    progress: silent,
  });
}

function covered(): Map<string, Set<string>> {
  const slots = runs.flatMap(({ region, report }) =>
    (report?.accounts ?? []).filter(({ skipped }) => !skipped).map(({ id }) => `${id} ${region}`),
  );
  return new Map(slots.map((slot) => [slot, new Set([lastDay])]));
}

function exportTasks(of: string): string {
  return readFileSync(join(of, "export-tasks.jsonl"), "utf8");
}

test("every Region's run completes", () => {
  expect(runs.map(({ region, execution, report }) => [region, execution.status, report?.status])).toEqual([
    ["eu-central-1", "SUCCEEDED", "complete"],
    ["us-east-1", "SUCCEEDED", "complete"],
  ]);
});

test("export tasks follow each other about as closely as log files are reckoned with before a run", () => {
  const bySlot = new Map<string, number[]>();
  for (const line of exportTasks(directory).trim().split("\n")) {
    const { account, region, created }: { account: string; region: string; created: number } = JSON.parse(line);
    bySlot.set(`${account} ${region}`, [...(bySlot.get(`${account} ${region}`) ?? []), created]);
  }
  const steps = [...bySlot.values()].flatMap((times) => times.slice(1).map((at, index) => at - (times[index] ?? at)));
  const mean = steps.reduce((sum, step) => sum + step, 0) / steps.length;
  expect(mean).toBeLessThan(taskMs * 1.1);
  expect(mean).toBeGreaterThan(taskMs * 0.8);
});

test("every item that holds data is archived once, whole, and nothing else is", () => {
  const check = checkArchive(directory, covered());
  expect(check.problems).toEqual([]);
  expect(check.itemsWithData).toBeGreaterThanOrEqual(120);
  expect(check.eventsWithData).toBeGreaterThan(100_000);
});

test("accounts that cannot be archived are named with the reason", () => {
  const skipped = runs[0]?.report?.accounts
    .filter(({ skipped }) => skipped)
    .map(({ name, skipped }) => [name, skipped]);
  expect(skipped).toEqual([
    ["management", "management-account"],
    ["legacy-intranet", "account-suspended"],
  ]);
});

test("an execution stays far from its history limit", () => {
  for (const { execution } of runs) expect(execution.historyEvents).toBeLessThan(100);
});

test("running again over the archive exports nothing and covers nothing anew", async () => {
  const before = exportTasks(directory);
  const again = await run(directory);
  expect(
    again.map(({ execution, report }) => [execution.status, report?.counts.exported, report?.counts.failed]),
  ).toEqual([
    ["SUCCEEDED", 0, 0],
    ["SUCCEEDED", 0, 0],
  ]);
  expect(exportTasks(directory)).toBe(before);
});

test("the same seed gives the same export tasks, to the millisecond", async () => {
  const some = world.logGroups.filter((_, index) => index % 8 === 0);
  const [one, other] = [folder(), folder()];
  await run(one, some);
  await run(other, some);
  expect(exportTasks(other)).toBe(exportTasks(one));
  expect(exportTasks(one)).toContain('"COMPLETED"');
});
