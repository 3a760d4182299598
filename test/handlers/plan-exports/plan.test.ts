import fc from "fast-check";
import { itemCount, itemsOf, settledLines } from "../../../handlers/archive/items";
import { type CoverageLine, Plan, type PlannedLogGroup } from "../../../handlers/archive/records";
import { expiresAt } from "../../../handlers/archive/retention";
import { makePlan, type PlanSources } from "../../../handlers/plan-exports/plan";
import type { Settled, Standing } from "../../../handlers/plan-exports/settled";
import { account, coverageLine, day, hour, plannedLogGroup, region, runId, utcDay } from "../support/examples";
import { holds } from "../support/property";

const nothing: Settled = {
  logGroup: () => "open",
  account: false,
  accountFailed: false,
  deleted: [],
  begun: new Map(),
  interrupted: false,
};
const days = [utcDay("2026-11-19"), utcDay("2026-11-18")];
const now = Date.UTC(2026, 10, 20, 13, 30);

function leavingOut(isLeftOut: (name: string) => boolean): PlanSources["filter"] {
  return { leftOutBy: (name) => (isLeftOut(name) ? "logGroups.exclude[0]" : undefined), unmatched: () => [] };
}

function plan(logGroups: readonly PlannedLogGroup[], change: Partial<PlanSources> = {}) {
  const settled = days.map(() => nothing);
  return makePlan({
    account,
    region,
    runId,
    days,
    backfill: [],
    asked: null,
    logGroups,
    filter: leavingOut(() => false),
    settled,
    now,
    ...change,
  });
}

function names(logGroups: readonly PlannedLogGroup[], change: Partial<PlanSources> = {}): string[] {
  const made = plan(logGroups, change);
  return plannedItems(made);
}

function plannedItems(made: Plan): string[] {
  return [...itemsOf(made)].map(({ group, day }) => `${group.name} ${day.day}`);
}

function settledOf(made: Plan): CoverageLine[] {
  return made.days.flatMap(({ day }) => [...settledLines(made, day)]);
}

it("exports first what expires first, then the older day, then by name", () => {
  const groups = [
    plannedLogGroup("/a"),
    plannedLogGroup("/b", { retentionInDays: 30 }),
    plannedLogGroup("/c", { retentionInDays: 3 }),
  ];
  expect(names(groups)).toEqual([
    "/c 2026-11-18",
    "/c 2026-11-19",
    "/b 2026-11-18",
    "/b 2026-11-19",
    "/a 2026-11-18",
    "/a 2026-11-19",
  ]);
});

it("leaves out what earlier runs have settled", () => {
  const settled = [{ ...nothing, logGroup: (index: number) => (index === 0 ? "settled" : "open") } as const, nothing];
  expect(names([plannedLogGroup("/a"), plannedLogGroup("/b")], { settled })).toEqual([
    "/a 2026-11-18",
    "/b 2026-11-18",
    "/b 2026-11-19",
  ]);
});

it.each([
  ["of class DELIVERY", plannedLogGroup("/a", { logClass: "DELIVERY" }), "delivery-class"],
  ["created at the day's end", plannedLogGroup("/a", { createdAt: utcDay("2026-11-19").to }), "created-after-day"],
])("skips a log group %s, with the reason", (_, group, reason) => {
  const only = { days: [utcDay("2026-11-19")], settled: [nothing], now: Date.UTC(2026, 10, 21) };
  const made = plan([group], only);
  expect(made.items).toEqual([]);
  expect(settledOf(made)).toMatchObject([
    { logGroup: "/a", day: "2026-11-19", outcome: "skipped", reason, runId, account, region },
  ]);
});

it("skips a log group that the configuration leaves out", () => {
  const made = plan([plannedLogGroup("/a")], { filter: leavingOut((name) => name === "/a") });
  expect(made.items).toEqual([]);
  expect(settledOf(made).map(({ reason }) => reason)).toEqual(
    Array(2).fill("excluded-by-configuration: logGroups.exclude[0]"),
  );
});

it("exports the log group that was created in the day's last millisecond", () => {
  expect(names([plannedLogGroup("/a", { createdAt: utcDay("2026-11-19").to - 1 })])).toEqual(["/a 2026-11-19"]);
});

it("leaves to the account's tasks what has expired: it may have been exported in time", () => {
  const group = plannedLogGroup("/a", { retentionInDays: 1 });
  expect(names([group], { now: utcDay("2026-11-18").to + day })).toContain("/a 2026-11-18");
});

it("plans what failed and was deleted then once more, on the day that failed", () => {
  const deleted = ["/deleted"].map((logGroup) => ({
    ...coverageLine({ outcome: "failed", reason: "not-reached", retentionInDays: 3 }),
    logGroup,
  }));
  const made = plan([plannedLogGroup("/a")], { settled: [{ ...nothing, deleted }, nothing] });
  expect(plannedItems(made)).toEqual(["/deleted 2026-11-19", "/a 2026-11-18", "/a 2026-11-19"]);
  expect(made.settled).toEqual([]);
});

it("names the export tasks that earlier runs began, by the items that they belong to", () => {
  const begun = new Map([["/b", ["task-1", "task-2"]]]);
  const groups = ["/a", "/b"].map((name) => plannedLogGroup(name));
  const made = plan(groups, {
    settled: [
      { ...nothing, begun },
      { ...nothing, interrupted: true },
    ],
  });
  const items = plannedItems(made);
  expect(made.begun.map(([index, taskId]) => [items[index], taskId])).toEqual([
    ["/b 2026-11-19", "task-1"],
    ["/b 2026-11-19", "task-2"],
  ]);
  expect(made.interrupted).toBe(true);
  expect(plan(groups).interrupted).toBe(false);
});

it("exports log groups of every other class, also of one that is new", () => {
  const groups = [
    plannedLogGroup("/a", { logClass: "INFREQUENT_ACCESS" }),
    plannedLogGroup("/b", { logClass: "COLD" }),
  ];
  expect(names(groups)).toHaveLength(4);
});

it("says of an account without log groups that it is empty, once", () => {
  const line = { logGroup: null, outcome: "empty", reason: "no-log-groups" };
  expect(settledOf(plan([]))).toMatchObject([line, line]);
  expect(plan([], { settled: days.map(() => ({ ...nothing, account: true })) }).settled).toEqual([]);
});

it("plans or settles every item exactly once, whatever the account is like", () => {
  const group = fc.record({
    retentionInDays: fc.constantFrom(undefined, 1, 3, 30),
    logClass: fc.constantFrom("STANDARD", "DELIVERY"),
    createdAt: fc.integer({ min: now - 4 * day, max: now }),
    isKnown: fc.boolean(),
    isSelected: fc.boolean(),
  });
  holds(
    fc.property(fc.array(group, { maxLength: 12 }), (examples) => {
      const groups = examples.map(({ retentionInDays, logClass, createdAt }, index) =>
        plannedLogGroup(`/group/${index}`, { logClass, createdAt, ...(retentionInDays ? { retentionInDays } : {}) }),
      );
      const has = (key: "isKnown" | "isSelected") => (name: string) =>
        examples[Number(name.split("/")[2])]?.[key] ?? false;
      const logGroup = (index: number) => (examples[index]?.isKnown ? ("settled" as const) : ("open" as const));
      const settled = days.map(() => ({ ...nothing, account: true, logGroup }));
      const made = plan(groups, { settled, filter: leavingOut((name) => !has("isSelected")(name)) });
      const accounted = [...plannedItems(made), ...settledOf(made).map(({ logGroup, day }) => `${logGroup} ${day}`)];
      const expected = groups
        .filter(({ name }) => !has("isKnown")(name))
        .flatMap(({ name }) => days.map(({ day }) => `${name} ${day}`));
      expect(accounted.sort()).toEqual(expected.sort());
      const expiries = [...itemsOf(made)].map(({ group, day }) => expiresAt(day, group));
      expect(expiries.every((expiry, index) => index === 0 || (expiries[index - 1] ?? 0) <= expiry)).toBe(true);
    }),
  );
});

it("fits a state of an account with 20,000 log groups and a week to look back on into a Lambda", () => {
  const groups = Array.from({ length: 20_000 }, (_, index) => plannedLogGroup(`/group/${index}`));
  const week = Array.from({ length: 7 }, (_, back) => ({ ...utcDay("2026-11-19"), from: back * hour }));
  const made = plan(groups, { days: week, settled: week.map(() => nothing) });
  expect(itemCount(made)).toBe(140_000);
  expect(JSON.stringify(made).length).toBeLessThan(8 * 1024 ** 2);
});

it("closes the failure of a whole account that can be read again, and only then", () => {
  const failed = days.map(() => ({ ...nothing, accountFailed: true }));
  const settled = settledOf(plan([plannedLogGroup("/app/web")], { settled: failed }));
  expect(settled.map(({ logGroup, outcome, reason }) => [logGroup, outcome, reason])).toEqual(
    days.map(() => [null, "exported", "account-reached"]),
  );
  expect(plan([plannedLogGroup("/app/web")]).settled).toEqual([]);
});

it("plans what is receipted and has no line of coverage that says so, whatever the configuration says now", () => {
  const all = (standing: Standing): Settled => ({ ...nothing, logGroup: () => standing });
  const settled = [all("unrecorded"), all("settled")];
  const made = plan([plannedLogGroup("/a")], { settled, filter: leavingOut(() => true) });
  expect(plannedItems(made)).toEqual(["/a 2026-11-19"]);
});

it("reads a plan that was written before plans were rows of indices", () => {
  const { settlements: _, at, ...now } = plan([plannedLogGroup("/a"), plannedLogGroup("/b")]);
  const line = coverageLine({ logGroup: "/b", day: "2026-11-18", outcome: "skipped", reason: "delivery-class", at });
  const before = {
    ...now,
    version: 1,
    items: [
      [0, 1],
      [1, 0],
    ],
    settled: [line],
  };
  const read = Plan.parse(JSON.parse(JSON.stringify(before)));
  expect(plannedItems(read)).toEqual(["/a 2026-11-18", "/b 2026-11-19"]);
  expect([...settledLines(read, "2026-11-18")]).toMatchObject([
    { logGroup: "/b", outcome: "skipped", reason: "delivery-class" },
  ]);
});

describe("of a run for some log groups", () => {
  const asked = ["/a"];

  it("says nothing of the account as a whole", () => {
    const settled = days.map(() => ({ ...nothing, accountFailed: true }));
    expect(settledOf(plan([], { asked }))).toEqual([]);
    expect(settledOf(plan([plannedLogGroup("/a")], { asked, settled }))).toEqual([]);
    expect(settledOf(plan([], { settled })).map(({ logGroup }) => logGroup)).toEqual([null, null]);
  });

  it("plans no other one that was deleted, and has nothing to say of settings that match none", () => {
    const deleted = ["/a", "/b"].map((logGroup) => ({
      ...coverageLine({ outcome: "failed", reason: "not-reached" }),
      logGroup,
    }));
    const settled = [{ ...nothing, deleted }, nothing];
    expect(names([], { asked, settled })).toEqual(["/a 2026-11-19"]);
    const filter = { ...leavingOut(() => false), unmatched: () => [{ setting: "logGroups.include[0]", value: "/b" }] };
    expect(plan([], { asked, filter }).unmatched).toEqual([]);
    expect(plan([], { filter }).unmatched).toHaveLength(1);
  });
});
