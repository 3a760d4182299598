import { type CellState, cellsOf, makeCalendar } from "../../apps/cli/coverage/calendar";
import { incompleteOf } from "../../apps/cli/coverage/incomplete";
import { lostNextOf } from "../../apps/cli/coverage/lost-next";
import { renderPage } from "../../apps/cli/coverage/page";
import { renderReason, renderTerminal } from "../../apps/cli/coverage/terminal";
import { ofReason, verdictOf } from "../../apps/cli/coverage/verdict";
import { coloursFor } from "../../apps/terminal/colours";
import { daysDue } from "../../handlers/archive/due";
import { readExpectations } from "../../handlers/archive/expectations";
import { archiveBucketName, coverageKey, receiptKey } from "../../handlers/archive/layout";
import type { CoverageLine } from "../../handlers/archive/records";
import { toLines } from "../../handlers/archive/serialization";
import { standingCoverage } from "../../handlers/archive/standing-coverage";
import type { ReasonCode } from "../../handlers/contract/reasons";
import { MemoryBucket } from "../handlers/archive/support/memory-bucket";
import { account, coverageLine, receipt, region } from "../handlers/support/examples";
import { pageFacts } from "./support/page-facts";

async function coverage(bucket: MemoryBucket): Promise<CoverageLine[]> {
  const lines: CoverageLine[] = [];
  const expectations = await readExpectations(bucket, {}, "unrecorded", (error) => {
    throw error;
  });
  for await (const ofDay of standingCoverage(bucket, {}, expectations)) lines.push(...ofDay);
  return lines;
}

function states(...lines: readonly CoverageLine[]): CellState[] {
  return makeCalendar(cellsOf(lines), new Map()).cells.map(({ state }) => state);
}

test("a day is complete when every log group is archived, empty, or left out on purpose", () => {
  const lines = [
    coverageLine(),
    coverageLine({ logGroup: "/b", outcome: "empty", reason: "no-objects" }),
    coverageLine({ logGroup: "/c", outcome: "skipped", reason: "excluded-by-configuration" }),
  ];
  expect(states(...lines)).toEqual(["complete"]);
});

test.each([
  ["failed", "export-task-failed: x"],
  ["skipped", "expired"],
  ["skipped", "key-too-long: 1030 bytes"],
  ["exported", "partly-expired"],
] as const)("a day with a log group that is %s, %s is partial", (outcome, reason) => {
  const calendar = makeCalendar(
    cellsOf([coverageLine(), coverageLine({ logGroup: "/b", outcome, reason })]),
    new Map(),
  );
  expect(calendar.cells).toMatchObject([{ state: "partial", items: [{ logGroup: "/b", reason }] }]);
});

test("a day on which the account could not be reached is missing", () => {
  expect(states(coverageLine({ logGroup: null, outcome: "failed", reason: "role-not-assumable" }))).toEqual([
    "missing",
  ]);
});

test("an account that is left out as a whole is skipped", () => {
  expect(states(coverageLine({ logGroup: null, outcome: "skipped", reason: "account-suspended" }))).toEqual([
    "skipped",
  ]);
});

test("an account that no run was to archive on a day is neither complete nor missing", () => {
  const calendar = makeCalendar(cellsOf([coverageLine()]), new Map([["300000000001", "joined later"]]));
  expect(calendar.cells.map(({ account: id, state }) => [id, state])).toEqual([
    [account, "complete"],
    ["300000000001", "none"],
  ]);
});

test("the latest line of an item stands, and a receipt wins over it", async () => {
  const early = coverageLine({ outcome: "failed", reason: "deadline", at: "2026-11-20T14:00:00.000Z" });
  const late = coverageLine({ outcome: "failed", reason: "slot-busy", at: "2026-11-21T14:00:00.000Z" });
  const objects = new Map([
    [coverageKey("2026-11-19", account, "run-2", 1), Buffer.from(toLines([late]))],
    [coverageKey("2026-11-19", account, "run-1", 1), Buffer.from(toLines([early]))],
  ]);
  const bucket = new MemoryBucket("b", objects);
  expect(await coverage(bucket)).toEqual([late]);
  const standing = receipt();
  objects.set(receiptKey(standing.day, account, standing.logGroup, 1), Buffer.from(JSON.stringify(standing)));
  expect(await coverage(bucket)).toMatchObject([{ outcome: "exported", objects: standing.objects }]);
});

test("what coverage calls exported and no receipt commits is not complete", async () => {
  const standing = receipt();
  const taskIds = standing.tasks.map(({ taskId }) => taskId);
  const line = coverageLine({ day: standing.day, logGroup: standing.logGroup, taskIds });
  const key = coverageKey(standing.day, account, "run-1", 1);
  const objects = new Map([[key, Buffer.from(toLines([line, coverageLine({ day: standing.day, logGroup: "/b" })]))]]);
  const bucket = new MemoryBucket("b", objects);
  const cells = cellsOf(await coverage(bucket));
  expect(cells).toMatchObject([
    { state: "partial", items: [{ logGroup: standing.logGroup, reason: expect.stringMatching(/^missing-receipt/) }] },
  ]);
  objects.set(receiptKey(standing.day, account, standing.logGroup, 1), Buffer.from(JSON.stringify(standing)));
  expect(cellsOf(await coverage(bucket))).toMatchObject([{ state: "complete" }]);
});

test.each(["coverage", "receipts"])(
  "a %s object that cannot be read leaves its day incomplete, and all others as they are",
  async (kind) => {
    const broken =
      kind === "coverage" ? coverageKey("2026-11-19", account, "run-2", 1) : receiptKey("2026-11-19", account, "/x", 1);
    const lines = ["2026-11-18", "2026-11-19"].map((day): [string, Buffer] => [
      coverageKey(day, account, "run-1", 1),
      Buffer.from(toLines([coverageLine({ day })])),
    ]);
    const bucket = new MemoryBucket(
      archiveBucketName(account, region),
      new Map([...lines, [broken, Buffer.from("{")]]),
    );
    expect(cellsOf(await coverage(bucket))).toMatchObject([
      { day: "2026-11-18", state: "complete" },
      { day: "2026-11-19", state: "partial", items: [{ reason: expect.stringContaining(broken) }] },
    ]);
  },
);

test("a Region of which the archive has nothing is in the calendar", () => {
  const calendar = makeCalendar(cellsOf([coverageLine()]), new Map(), ["us-east-1"]);
  expect(calendar.regions).toEqual(["eu-central-1", "us-east-1"]);
  expect(calendar.cells.map(({ state }) => state)).toEqual(["complete", "none"]);
});

test.each([
  [{}, {}],
  [
    { from: "2026-11-18", to: "2026-11-20" },
    { from: "2026-11-18", to: "2026-11-20" },
  ],
  [
    { from: "2026-11-18", to: "2026-11-30" },
    { from: "2026-11-18", to: "2026-11-21" },
  ],
  [{ from: "2026-11-23", to: "2026-11-30" }, { from: "2026-11-23" }],
])("a day that may not be exported yet is not missing: asked for %j on 23 November", (range, due) => {
  expect(daysDue(range, Date.parse("2026-11-23T09:00:00Z"))).toEqual(due);
});

const hostile = "</script><script>alert(1)</script><img src=x onerror=alert(1)>\u001b[31m\u202e";

test("a decade with one old line stays as small as its days, and is not red for the years between", () => {
  const accounts = Array.from({ length: 1000 }, (_, index) => String(100_000_000_000 + index));
  const lines = [
    coverageLine({ day: "2016-11-20" }),
    ...accounts.flatMap((id) => ["2026-11-19", "2026-11-20"].map((day) => coverageLine({ account: id, day }))),
  ];
  const calendar = makeCalendar(cellsOf(lines), new Map());
  expect(calendar.days).toEqual(["2016-11-20", "2026-11-19", "2026-11-20"]);
  expect(verdictOf(calendar)).toMatchObject({ verdict: "complete", exitCode: 0 });
  expect(renderPage(calendar, pageFacts).length).toBeLessThan(150_000);
  expect(renderTerminal(calendar, 80, coloursFor({}))).not.toContain("2020");
});

test("what is not complete is listed by reason, what can be cured first, with its accounts, Regions, days and log groups", () => {
  const days = ["2026-11-14", "2026-11-15", "2026-11-18"];
  const lines = [
    ...days.map((day) => coverageLine({ day, logGroup: "/b", outcome: "skipped", reason: "expired" })),
    ...days.map((day) => coverageLine({ day, logGroup: "/c", outcome: "exported", reason: "partly-expired" })),
    coverageLine({ logGroup: null, outcome: "failed", reason: "role-not-assumable: x", region: "us-east-1" }),
    coverageLine({ account: "999999999999", logGroup: null, outcome: "skipped", reason: "excluded-by-configuration" }),
  ];
  const calendar = makeCalendar(cellsOf(lines), new Map([[account, "prod"]]));
  expect(incompleteOf(calendar)).toMatchObject([
    {
      reason: "role-not-assumable",
      weight: "open",
      accounts: [{ name: "prod", regions: ["us-east-1"], logGroups: [] }],
    },
    { reason: "expired", weight: "lost", accountDays: 3 },
    { reason: "partly-expired", accounts: [{ days: "2026-11-14 to 2026-11-15, 2026-11-18", logGroups: ["/c"] }] },
  ]);
  expect(verdictOf(calendar).text).toBe(
    "Incomplete: 1 of 4 account days are not archived in full, and still can be. On 3 account days more a part is gone for good. 1 account day more: left out on purpose.",
  );
});

test("a mark for each day, and each mark in the legend: also where an account has nothing to archive", () => {
  const joined = ["2026-11-14", "2026-11-15"].map((day) => coverageLine({ day }));
  const later = coverageLine({ account: "999999999999", day: "2026-11-15" });
  const text = renderTerminal(makeCalendar(cellsOf([...joined, later]), new Map()), 80, coloursFor({}));
  expect(text).toMatch(/^999999999999.* ·■$/m);
  expect(text).toMatch(/ - skipped {3}· nothing to archive$/m);
  const all = renderTerminal(makeCalendar(cellsOf(joined), new Map()), 80, coloursFor({}));
  expect(all).toMatch(/ - skipped$/m);
});

test("of one log group, accounts that no run could read are counted by themselves: they may not have it", () => {
  const whole = (account: string) =>
    coverageLine({ account, logGroup: null, outcome: "failed", reason: "role-not-assumable" });
  const failed = coverageLine({ account: "700000000001", outcome: "failed", reason: "slot-busy" });
  const lines = [coverageLine(), failed, whole("800000000001"), whole("800000000002")];
  const textOf = (of: typeof lines) => verdictOf({ ...makeCalendar(cellsOf(of), new Map()), logGroup: "/a" });
  expect(textOf(lines)).toMatchObject({
    text: "Incomplete: 1 of 2 account days of this log group are not archived in full, and still can be. 2 account days more: no run could read the account, which may have it.",
    exitCode: 1,
  });
  expect(textOf([coverageLine(), whole("800000000001")])).toMatchObject({
    text: "Incomplete: 1 account day: no run could read the account, which may have it.",
    exitCode: 1,
  });
});

test("a known exception is shown and named, and is no failure until the day on which it ends", () => {
  const reason = "slot-busy: known until 2026-12-01: the vendor's own exports";
  const lines = [
    coverageLine({ logGroup: "/vendor", outcome: "failed", reason, day: "2026-11-14" }),
    coverageLine({ day: "2026-11-15" }),
  ];
  const on = (judgedOn: string) => makeCalendar(cellsOf(lines, { judgedOn }), new Map());
  expect(verdictOf(on("2026-12-01"))).toMatchObject({
    verdict: "complete",
    text: "Complete: 2 account days, but for known exceptions. On 1 account day what failed is a known exception.",
    exitCode: 0,
  });
  expect(renderTerminal(on("2026-12-01"), 80, coloursFor({}))).toContain(
    "✗ slot-busy: 1 account day in 1 account, a known exception",
  );
  expect(verdictOf(on("2026-12-02"))).toMatchObject({ verdict: "incomplete", exitCode: 1 });
  const other = coverageLine({ outcome: "failed", reason: "slot-busy", day: "2026-11-16" });
  const both = makeCalendar(cellsOf([...lines, other], { judgedOn: "2026-12-01" }), new Map());
  expect(verdictOf(both)).toMatchObject({
    text: "Incomplete: 1 of 3 account days are not archived in full, and still can be. On 1 account day more what failed is a known exception.",
    exitCode: 1,
  });
  expect(incompleteOf(both)).toMatchObject([{ reason: "slot-busy", weight: "open", accountDays: 2 }]);
});

test("what retention deletes next is listed, soonest first, a line for each log group", () => {
  const failed = (logGroup: string | null, day: string, retentionInDays?: number) =>
    coverageLine({
      ...{ logGroup, day, outcome: "failed", reason: "slot-busy" },
      ...(retentionInDays === undefined ? {} : { retentionInDays }),
    });
  const lines = [
    failed("/kept/for-ever", "2026-11-14"),
    failed("/kept/14", "2026-11-14", 14),
    failed("/kept/3", "2026-11-16", 3),
    failed("/kept/3", "2026-11-15", 3),
    coverageLine({ logGroup: "/archived", day: "2026-11-14", outcome: "exported", retentionInDays: 1 }),
    coverageLine({ logGroup: "/lost", day: "2026-11-14", outcome: "skipped", reason: "expired", retentionInDays: 1 }),
    ...Array.from({ length: 11 }, (_, at) => failed(`/many/${at}`, "2026-11-14", 30)),
  ];
  const calendar = makeCalendar(cellsOf(lines), new Map([[account, "prod"]]));
  expect(lostNextOf(calendar).slice(0, 3)).toEqual([
    {
      ...{ deletedFrom: "2026-11-18", account, name: "prod", region, logGroup: "/kept/3" },
      day: "2026-11-15",
      days: 2,
    },
    {
      ...{ deletedFrom: "2026-11-28", account, name: "prod", region, logGroup: "/kept/14" },
      day: "2026-11-14",
      days: 1,
    },
    expect.objectContaining({ deletedFrom: "2026-12-14", logGroup: "/many/0" }),
  ]);
  const text = renderTerminal(calendar, 120, coloursFor({}));
  expect(text).toMatch(/Lost next if nothing is done[^│]*│ From .*\n│ 2026-11-18 │ .* │ prod +│ .* │ \/kept\/3 +│/);
  expect(text).toContain("and 3 log groups more: --json has all\n");
  expect(text).not.toContain("Not in it");
  const whole = makeCalendar(cellsOf([...lines, failed(null, "2026-11-20")]), new Map());
  expect(renderTerminal(whole, 80, coloursFor({}))).toContain("Not in it: what is lost of 1 account that failed");
  expect(renderTerminal(makeCalendar(cellsOf([coverageLine({})]), new Map()), 80, coloursFor({}))).not.toContain(
    "Lost",
  );
});

test("a reason that is asked about has all that is so for it, complete or not, and the exit code is of it alone", () => {
  const lines = [
    coverageLine(),
    coverageLine({ logGroup: "/new", outcome: "skipped", reason: "created-after-day" }),
    coverageLine({ logGroup: "/quiet", outcome: "empty", reason: "no-objects" }),
    coverageLine({ day: "2026-11-18", logGroup: "/b", outcome: "failed", reason: "slot-busy: x" }),
    coverageLine({ day: "2026-11-18", logGroup: "/c", outcome: "skipped", reason: "expired" }),
  ];
  const about = (reason: ReasonCode) => {
    const calendar = makeCalendar(cellsOf(lines, { asked: reason }), new Map());
    const text = renderReason(calendar, reason, 200, coloursFor({}));
    return { text, exitCode: verdictOf(ofReason(calendar, reason)).exitCode };
  };
  const others = "Not archived for other reasons: 1 account day.\n";
  const all = (words: string) => expect.stringMatching(new RegExp(`${words}[\\s\\S]*\n${others}$`));
  expect(about("created-after-day")).toEqual({
    exitCode: 0,
    text: all("^- created-after-day: 1 account day in 1 account, left out on purpose[^]*/new"),
  });
  expect(about("no-objects")).toEqual({
    exitCode: 0,
    text: all("^■ no-objects: 1 account day in 1 account, nothing is missing[^]*/quiet"),
  });
  expect(about("expired")).toEqual({ exitCode: 0, text: all("^◐ expired: 1 account day in 1 account, gone for good") });
  expect(about("deadline")).toEqual({ exitCode: 0, text: `Nothing is incomplete because of deadline.\n${others}` });
  expect(about("slot-busy")).toEqual({ exitCode: 1, text: expect.not.stringContaining("other reasons") });
  expect(makeCalendar(cellsOf(lines, { asked: "no-objects" }), new Map()).cells.map(({ state }) => state)).toEqual(
    states(...lines),
  );
});

test("names and reasons cannot leave the page's data", () => {
  const lines = [coverageLine({ logGroup: hostile, outcome: "failed", reason: `service-error: ${hostile}` })];
  const page = renderPage(makeCalendar(cellsOf(lines), new Map([[account, hostile]])), pageFacts);
  expect(page.match(/<script/g)).toHaveLength(2);
  expect(page).not.toContain("<img");
  expect(page).toContain("default-src 'none'");
});

test("names and reasons cannot act on a terminal", () => {
  const lines = [coverageLine({ logGroup: hostile, outcome: "failed", reason: `service-error: ${hostile}` })];
  const text = renderTerminal(makeCalendar(cellsOf(lines), new Map([[account, hostile]])), 80, coloursFor({}));
  expect(text).toContain("\\u001b[31m\\u202e");
  expect(text).not.toMatch(/(?!\n)[\p{Cc}\u202e]/u);
});

test("a copy of a bucket under another name owes what it lacks in the Region of its records", async () => {
  const lines = toLines([coverageLine({ day: "2026-11-18" })]);
  const bucket = new MemoryBucket(
    "copy",
    new Map([[coverageKey("2026-11-18", account, "run-1", 1), Buffer.from(lines)]]),
  );
  bucket.objects.set(receiptKey("2026-11-19", account, "/x", 1), Buffer.from("{"));
  expect((await coverage(bucket)).map(({ day, region: of, outcome }) => [day, of, outcome])).toEqual([
    ["2026-11-18", region, "exported"],
    ["2026-11-19", region, "failed"],
  ]);
});
