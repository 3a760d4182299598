import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readCalendar } from "../../apps/cli/coverage/read-calendar";
import { renderReports } from "../../apps/cli/status/report-text";
import { verdictOf } from "../../apps/cli/verify/text";
import { type ArchiveCheck, checkArchive } from "../../apps/demo/check";
import { checkFaults, withFaults } from "../../apps/demo/faults";
import { plannedFaults } from "../../apps/demo/faults/table";
import { demoOrganization } from "../../apps/demo/organization";
import type { ProgressView } from "../../apps/demo/progress";
import { type DemoResult, exitCode } from "../../apps/demo/result";
import { type SimulatedRun, simulate } from "../../apps/demo/simulation";
import { verifyRuns } from "../../apps/demo/verification";
import type { World } from "../../apps/emulator";
import { coloursFor } from "../../apps/terminal/colours";
import { weightOf } from "../../apps/verify/findings";
import { parseConfiguration } from "../../constructs/configuration";
import { folderStores } from "../../handlers/archive/folder-store";
import { type ReasonCode, reasonCode, reasons } from "../../handlers/contract/reasons";
import { example } from "../deploy/synthesise";
import { assembly } from "../support/assembly";

/** The organisation with every fault of the table, one day, few log groups; then a run over it once the faults are gone. */

const lastDay = "2026-11-20";
const input = { ...example, lookbackDays: 1 };
const configuration = parseConfiguration(input);
const { organizationId, logArchiveAccount } = configuration;
const regions = configuration.regions.map(({ name }) => name);
const silent: ProgressView = { step() {}, accountsListed() {}, accountMoved() {}, accountEnded() {}, finish() {} };

const folder = mkdtempSync(join(tmpdir(), "org-log-archive-faults-"));
const directory = join(folder, ".emulator");
const sound = fewLogGroups(
  demoOrganization({
    seed: 1,
    organizationId,
    logArchiveAccount,
    organizationalUnit: "ou-examplerootid111-company1",
    regions,
    lastDay,
    days: 1,
    withoutMidnights: true,
  }),
);
const { world, trouble, faults } = withFaults(sound, regions);

let runs: SimulatedRun[];
let check: ArchiveCheck;

beforeAll(async () => {
  runs = await run(true);
  check = checkArchive(directory, covered());
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Those of the table, one that has been quiet for long, and two of each account and Region besides. */
function fewLogGroups(world: World): World {
  const named = new Set([...plannedFaults.map(({ logGroup }) => logGroup), "/ecs/transform-2024"]);
  const seen = new Map<string, number>();
  const logGroups = world.logGroups.filter(({ account, region, name }) => {
    const place = `${account} ${region}`;
    seen.set(place, (seen.get(place) ?? 0) + 1);
    return named.has(name) || (seen.get(place) ?? 0) <= 2;
  });
  return { ...world, logGroups };
}

function run(withTrouble: boolean): Promise<SimulatedRun[]> {
  return simulate({
    assemblyDirectory: assembly(input, { code: true }),
    directory,
    world: withTrouble ? world : sound,
    logArchiveAccount,
    seed: 1,
    lastDay,
    progress: silent,
    ...(withTrouble ? { trouble } : {}),
  });
}

function covered(): Map<string, Set<string>> {
  const slots = runs.flatMap(({ region, report }) =>
    (report?.accounts ?? []).filter(({ skipped }) => !skipped).map(({ id }) => `${id} ${region}`),
  );
  return new Map(slots.map((slot) => [slot, new Set([lastDay])]));
}

/** What `npm start` ends with, verification included. */
async function outcome(over: readonly SimulatedRun[], checked: ArchiveCheck): Promise<DemoResult> {
  const verification = await verifyRuns(directory, over);
  const subject = { account: "", logGroup: "", day: lastDay };
  return { directory, runs: over, check: checked, subject, ...(verification ? { verification } : {}) };
}

/** What is damaged, and how many digests the given keys signed. */
function proven({ verification }: DemoResult) {
  if (!verification) throw new Error("No run has signed anything");
  const { findings, buckets } = verification.result;
  return {
    heads: verification.heads.length,
    signed: buckets.map(({ signed }) => signed),
    damaged: findings.filter((finding) => weightOf(finding) === "damage"),
    intact: verdictOf(verification.result).intact,
  };
}

test("every fault of the table is in the organisation, and ends as the table says, and nothing else fails", () => {
  expect(faults).toHaveLength(plannedFaults.length);
  const ended = checkFaults(directory, faults, lastDay).map(({ what, asExpected, found }) => [what, asExpected, found]);
  expect(ended).toEqual(plannedFaults.map(({ what }) => [what, true, []]));
});

test("curable faults end red, and the runs go on to their reports, their seals and their signatures", async () => {
  expect(runs.map(({ execution, report }) => [execution.status, execution.error, report?.status])).toEqual([
    ["FAILED", "RunIsIncomplete", "incomplete"],
    ["FAILED", "RunIsIncomplete", "incomplete"],
  ]);
  const result = await outcome(runs, check);
  expect(proven(result)).toEqual({ heads: 2, signed: [1, 1], damaged: [], intact: true });
  expect(exitCode(result)).toBe(1);
});

test("everything that has no receipt is named with a reason, and what has one is whole", () => {
  expect(check.problems).toEqual([]);
  expect(check.failed.length).toBeGreaterThan(10);
  expect(check.skipped).toEqual([expect.stringMatching(/\/aws\/lambda\/health-probe 2026-11-20: log-group-deleted$/)]);
  expect(check.partlyExpired).toEqual([expect.stringMatching(/\/aws\/lambda\/fee-invoice 2026-11-20$/)]);
});

test("what is permanent is in the report, and not among the failures", () => {
  const causes = runs.flatMap(({ report }) => report?.causes ?? []);
  const permanent = causes.filter(({ reason }) => ["log-group-deleted", "partly-expired"].includes(reason));
  expect(permanent.map(({ outcome, reason }) => [outcome, reason])).toEqual([
    ["exported", "partly-expired"],
    ["skipped", "log-group-deleted"],
  ]);
});

test("the report names every cause, where it is, and what to do", () => {
  const text = renderReports(
    runs.flatMap(({ report }) => (report ? [report] : [])),
    80,
    coloursFor({}),
    (words) => words,
  );
  // Two screens of 80 by 24.
  expect(text.trimEnd().split("\n").length).toBeLessThanOrEqual(48);
  const unfolded = text.replaceAll(/\n */g, " ");
  for (const { fault } of faults.filter((planted) => planted.fault.ends.outcome === "failed")) {
    const code = fault.ends.reason as ReasonCode;
    expect(unfolded).toContain(`✘ ${code}: `);
    expect(unfolded).toContain(reasons[code]);
    expect(unfolded).toContain(fault.account);
    expect(unfolded).toContain(`coverage --reason ${code}`);
  }
  expect(text).toContain("◐ log-group-deleted, gone for good: ");
  expect(text).toContain("◐ partly-expired, a part gone for good: 1 log group day in prod-payments\n");
});

test("a run over it without the faults heals all of it and ends green", async () => {
  const healed = await run(false);
  expect(healed.map(({ execution, report }) => [execution.status, report?.counts.failed])).toEqual([
    ["SUCCEEDED", 0],
    ["SUCCEEDED", 0],
  ]);
  const after = checkArchive(directory, covered());
  expect({ problems: after.problems, failed: after.failed, skipped: after.skipped }).toEqual({
    problems: [],
    failed: [],
    skipped: [],
  });
  const result = await outcome(healed, after);
  expect(proven(result)).toEqual({ heads: 2, signed: [2, 2], damaged: [], intact: true });
  // What failed tasks wrote is named: no receipt does.
  expect(new Set(result.verification?.result.findings.map(({ kind }) => kind))).toEqual(new Set(["orphan-folder"]));
  expect(exitCode(result)).toBe(0);
  const failures = new Set(
    runs
      .flatMap(({ report }) => report?.causes ?? [])
      .flatMap((cause) => (cause.outcome === "failed" ? [reasonCode(cause.reason)] : [])),
  );
  expect(failures.size).toBeGreaterThan(5);
  const damaged = (error: Error) => {
    throw error;
  };
  const { cells } = await readCalendar(folderStores(join(directory, "s3")), {}, {}, damaged);
  const open = cells.flatMap(({ items }) => items).filter(({ reason }) => failures.has(reasonCode(reason)));
  expect(open).toEqual([]);
});
