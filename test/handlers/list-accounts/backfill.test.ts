import fc from "fast-check";
import { daysBetween } from "../../../handlers/archive/expectations";
import type { Backfill } from "../../../handlers/archive/records";
import { type Run, RunRequest } from "../../../handlers/contract/messages";
import { daysBeside, decideBackfill } from "../../../handlers/list-accounts/backfill";
import { closeAll, type Emulated, emulate } from "../support/emulated";
import { account, day, hour } from "../support/examples";
import { exportsEnd } from "../support/faults";
import { HandlerCalls } from "../support/handler-calls";
import { logGroup, member, start, world, yesterday } from "../support/organisation";
import { runOnce } from "../support/run";

/** A backfill: days of long ago that scheduled runs archive beside their own, until all are. */

afterEach(closeAll);

const minute = 60_000;
const askedAt = "2026-11-20T13:30:00.000Z";
const old = { from: "2026-09-01", to: "2026-10-10" };
const all = daysBetween(old.from, old.to);
const lookbackDays = 3;
/** Runs of less than two hours. */
const hourly = { schedule: "cron(30 * * * ? *)" };

/** What was before a log group's creation takes no export. */
const createdAt = Date.parse("2026-09-27");
const group = (name: string, of = account) => logGroup(name, { account: of, createdAt });

interface ListedRun {
  readonly days: readonly { readonly day: string }[];
  readonly backfill?: {
    readonly rest: readonly string[];
    readonly days: readonly string[];
    readonly again: readonly string[];
  };
}

function listOf(emulated: Emulated, runId: string): ListedRun {
  return JSON.parse(emulated.text(`runs/${runId}/accounts.json`));
}

async function untilDay(emulated: Emulated, days: number): Promise<void> {
  await emulated.clock.sleep(start + days * day - emulated.clock.now());
}

const archivedDays = (emulated: Emulated) => [...new Set(emulated.receipts().map((receipt) => receipt.day))].sort();

test("scheduled runs archive all of it beside their own days, and then no more", async () => {
  const emulated = await emulate({ world: world([group("/a")]) });
  const first = await runOnce(emulated, { lookbackDays, runId: "by-hand", request: { backfill: old } });
  expect(first.report.status).toBe("complete");
  expect(listOf(emulated, "by-hand").backfill).toMatchObject({ rest: all, days: all.slice(0, 28) });
  await untilDay(emulated, 1);
  await runOnce(emulated, { lookbackDays, runId: "run-2" });
  expect(listOf(emulated, "run-2").backfill?.rest).toEqual(all.slice(28));
  expect(archivedDays(emulated)).toEqual([
    ...daysBetween("2026-09-27", old.to),
    ...daysBetween("2026-11-17", "2026-11-20"),
  ]);
  const recorded = new Set(emulated.coverage().flatMap((line) => (line.account === account ? [line.day] : [])));
  expect(all.filter((day) => !recorded.has(day))).toEqual([]);
  await untilDay(emulated, 2);
  await runOnce(emulated, { lookbackDays, runId: "run-3" });
  expect(listOf(emulated, "run-3").backfill).toMatchObject({ rest: [], days: [], again: [] });
  expect(listOf(emulated, "run-3").days).toHaveLength(lookbackDays);
});

test("a run's own days go first, and what it has no time for is the next run's, as long as each leaves less of it", async () => {
  const emulated = await emulate({ world: world([logGroup("/a"), logGroup("/b")]) });
  // 15 tasks at the most fit between two runs.
  emulated.rules.push(exportsEnd({ durationMs: 7 * minute }));
  const few = { from: "2026-10-01", to: "2026-10-10" };
  const first = await runOnce(emulated, { ...hourly, runId: "by-hand", request: { backfill: few } });
  expect(
    emulated
      .exportTasks()
      .slice(0, 2)
      .map(({ group, from }) => [group, from]),
  ).toEqual([
    ["/a", Date.parse(yesterday)],
    ["/b", Date.parse(yesterday)],
  ]);
  expect(first.report).toMatchObject({ status: "incomplete" });
  const report = JSON.parse(emulated.text("runs/by-hand/report.json"));
  // The next run goes on: this was no last chance.
  expect(report.causes[0]).toMatchObject({ reason: expect.stringMatching(/^deadline/), lastChance: 0 });
  await untilDay(emulated, 1);
  const second = await runOnce(emulated, { ...hourly, runId: "run-2" });
  expect(second.report).toMatchObject({ status: "complete" });
  // Those that the first run got to are done.
  expect(listOf(emulated, "run-2").backfill?.days).toEqual(daysBetween(few.from, few.to).slice(6));
  await untilDay(emulated, 2);
  await runOnce(emulated, { ...hourly, runId: "run-3" });
  expect(listOf(emulated, "run-3").backfill?.rest).toEqual([]);
});

test("an account that has too little time does not keep the others from theirs: its days come again when all have come once", async () => {
  const other = "300000000001";
  const groups = [group("/a"), group("/slow", other)];
  const emulated = await emulate({ world: world(groups, [member(account), member(other)]) });
  emulated.rules.push(exportsEnd({ durationMs: 3 * hour }, "/slow"));
  const runs = ["by-hand", "run-2", "run-3"];
  for (const [index, runId] of runs.entries()) {
    await untilDay(emulated, index);
    await runOnce(emulated, { ...hourly, lookbackDays, runId, ...(index === 0 ? { request: { backfill: old } } : {}) });
  }
  const [, second, third] = runs.map((runId) => listOf(emulated, runId).backfill);
  const withLogs = daysBetween("2026-09-27", old.to);
  expect(second).toMatchObject({ days: all.slice(28), again: withLogs.slice(0, 2), left: 2 });
  expect(third).toMatchObject({ rest: withLogs, days: withLogs, again: [], leftBefore: withLogs.length });
});

test("a round that leaves as much as the one before is the last", async () => {
  const emulated = await emulate({ world: world([group("/a")]) });
  // Nothing ever ends.
  emulated.rules.push(exportsEnd({ durationMs: 300 * day }));
  const few = { from: "2026-10-01", to: "2026-10-03" };
  const runs = ["by-hand", "run-2", "run-3"];
  for (const [index, runId] of runs.entries()) {
    await untilDay(emulated, index);
    await runOnce(emulated, { ...hourly, runId, ...(index === 0 ? { request: { backfill: few } } : {}) });
  }
  const [, second, third] = runs.map((runId) => listOf(emulated, runId).backfill);
  expect(second).toMatchObject({ rest: daysBetween(few.from, few.to), leftBefore: 3 });
  expect(third).toMatchObject({ rest: [], days: [], again: [] });
});

test("a run for some days hands it on, also one that knew nothing of it and is signed after the run that works on it", async () => {
  const emulated = await emulate({ world: world([group("/a")]) });
  const end = async (calls: HandlerCalls, run: Run) => {
    await calls.planExports(run);
    await calls.recordCoverage(run);
    await calls.reportRun(run);
    await calls.signDigest(run);
  };
  const scheduled = new HandlerCalls(emulated, { runId: "scheduled", lookbackDays, request: { backfill: old } });
  const run = await scheduled.listAccounts();
  const byHand = new HandlerCalls(emulated, { runId: "by-hand", request: { days: ["2026-11-10"] } });
  const overlapping = await byHand.listAccounts();
  await end(scheduled, run);
  await end(byHand, overlapping);
  expect(listOf(emulated, "by-hand").backfill).toBeUndefined();
  await runOnce(emulated, { runId: "by-hand-2", request: { days: ["2026-11-12"] } });
  expect(listOf(emulated, "by-hand-2").backfill).toMatchObject({
    ...{ rest: all.slice(28), days: [] },
    // The scheduled run ended without getting to anything.
    again: all.slice(0, 28),
  });
  await untilDay(emulated, 1);
  await runOnce(emulated, { lookbackDays, runId: "run-2" });
  expect(listOf(emulated, "run-2").backfill?.days).toEqual(all.slice(28));
});

test("it is not lost where the run that was asked for it dies: the one after next goes on, when the dead one is signed", async () => {
  const emulated = await emulate({ world: world([group("/a")]) });
  await new HandlerCalls(emulated, { runId: "dead", request: { backfill: old } }).listAccounts();
  await untilDay(emulated, 2);
  await runOnce(emulated, { lookbackDays, runId: "run-2" });
  await untilDay(emulated, 3);
  await runOnce(emulated, { lookbackDays, runId: "run-3" });
  expect(listOf(emulated, "run-3").backfill).toMatchObject({ rest: all, days: all.slice(0, 28) });
});

test.each(["report.json", `sealing/${account}.1.json`])(
  "a damaged %s keeps no run from opening: its days come again",
  async (damaged) => {
    const emulated = await emulate({ world: world([group("/a")]) });
    await runOnce(emulated, { lookbackDays, runId: "by-hand", request: { backfill: old } });
    expect(emulated.keys()).toContain(`runs/by-hand/${damaged}`);
    emulated.put(`runs/by-hand/${damaged}`, "{");
    const next = new HandlerCalls(emulated, { runId: "run-2", lookbackDays });
    await next.listAccounts();
    expect(listOf(emulated, "run-2").backfill).toMatchObject({ rest: all, days: all.slice(0, 28) });
  },
);

test("a run for a moment before it ends leaves it alone", () => {
  const { rest, days } =
    decideBackfill({ backfill: { from: "2026-11-17", to: "2026-11-19" } }, undefined, askedAt, ["2026-11-18"]) ?? {};
  expect({ rest, days }).toEqual({ rest: ["2026-11-17", "2026-11-19"], days: ["2026-11-17"] });
});

test("null ends it for good", async () => {
  const emulated = await emulate({ world: world([group("/a")]) });
  await runOnce(emulated, { lookbackDays, runId: "by-hand", request: { backfill: old } });
  await runOnce(emulated, { lookbackDays, runId: "end", request: { backfill: null } });
  await untilDay(emulated, 1);
  await runOnce(emulated, { lookbackDays, runId: "run-2" });
  expect(listOf(emulated, "run-2").backfill).toMatchObject({ rest: [], days: [] });
});

test.each([
  ["with days of the run's own", { backfill: old, days: [yesterday] }],
  ["with accounts", { backfill: old, accounts: [account] }],
  ["with log groups", { backfill: null, logGroups: ["/a"] }],
  ["from a later day than to", { backfill: { from: old.to, to: old.from } }],
  ["to a day that cannot be archived yet", { backfill: { from: old.from, to: "2026-11-20" } }],
])("is refused %s", async (_, request) => {
  const emulated = await emulate({ world: world([]) });
  await expect(new HandlerCalls(emulated, { request }).listAccounts()).rejects.toMatchObject({
    name: "InvalidInput",
    message: expect.stringContaining("backfill"),
  });
  expect(emulated.keys()).toEqual([]);
});

test("runs that are done with their days cover each day once, the oldest first, and never too many", () => {
  const last = Date.parse("2026-11-16");
  const range = fc.tuple(fc.nat(400), fc.nat(400)).map((back) => {
    const [to = 0, from = 0] = [...back].sort((a, b) => a - b);
    const dayBefore = (days: number) => new Date(last - days * day).toISOString().slice(0, 10);
    return { from: dayBefore(from), to: dayBefore(to) };
  });
  fc.assert(
    fc.property(range, fc.integer({ min: 1, max: 31 }), (asked, look) => {
      const own = daysBetween("2026-11-17", "2026-12-31").slice(-look);
      const covered: string[] = [];
      let decided: Backfill | undefined = decideBackfill(
        RunRequest.parse({ backfill: asked }),
        undefined,
        askedAt,
        own,
      );
      while (decided && decided.days.length > 0) {
        const { days, rest, ...more }: Backfill = decided;
        expect(days.length).toBeLessThanOrEqual(daysBeside(own.length));
        covered.push(...days);
        decided = decideBackfill({}, { ...more, rest: rest.slice(days.length) }, askedAt, own);
      }
      expect(covered).toEqual(daysBetween(asked.from, asked.to));
    }),
  );
});
