import { readExpectations } from "../../../handlers/archive/expectations";
import { accountListKey, coverageKey, planKey, receiptKey, summaryKey } from "../../../handlers/archive/layout";
import type { AccountList, CoverageLine } from "../../../handlers/archive/records";
import { toLines } from "../../../handlers/archive/serialization";
import { standingCoverage } from "../../../handlers/archive/standing-coverage";
import {
  account,
  coverageLine,
  plan as examplePlan,
  plannedLogGroup,
  receipt,
  region,
  utcDay,
} from "../support/examples";
import { MemoryBucket } from "./support/memory-bucket";

/** What an archive owes a record of, by what its runs covered and saw. */

const other = "300000000001";
const bucketName = `org-log-archive-200000000000-${region}`;

/** A run on a day, which covers the day before and as many before that as it looks back. */
function run(day: string, accounts: readonly string[], change: Partial<AccountList> = {}): [string, AccountList] {
  const startedAt = `${day}T13:30:00.000Z`;
  const yesterday = new Date(Date.parse(day) - 86_400_000).toISOString().slice(0, 10);
  const list: AccountList = {
    version: 1,
    runId: `run-${day}`,
    startedAt,
    deadline: startedAt,
    days: [utcDay(yesterday)],
    lastChanceDays: [],
    accounts: accounts.map((id) => ({ id, name: id, state: "ACTIVE" })),
    notices: [],
    ...change,
  };
  return [accountListKey(list.runId), list];
}

function archive(records: readonly (readonly [string, object | string])[]): MemoryBucket {
  const body = (record: object | string) => Buffer.from(typeof record === "string" ? record : JSON.stringify(record));
  return new MemoryBucket(bucketName, new Map(records.map(([key, record]) => [key, body(record)])));
}

function exported(day: string, id = account): [string, string] {
  return [coverageKey(day, id, "run-1", 1), toLines([coverageLine({ account: id, day, outcome: "empty" })])];
}

async function found(
  bucket: MemoryBucket,
  asked: { from?: string; to?: string } = {},
  now?: number,
): Promise<string[]> {
  const unreadable = (error: Error) => {
    throw error;
  };
  const due = { asked, ...(now === undefined ? {} : { now }) };
  const expectations = await readExpectations(bucket, asked, "unrecorded", unreadable, due);
  const lines: CoverageLine[] = [];
  for await (const ofDay of standingCoverage(bucket, asked, expectations)) lines.push(...ofDay);
  return lines
    .filter(({ outcome }) => outcome === "failed")
    .map((line) => `${line.day} ${line.account} ${line.logGroup}: ${line.reason}`);
}

test("a day that a run covered and that has no record is owed", async () => {
  expect(await found(archive([run("2026-11-20", [account])]))).toEqual([`2026-11-19 ${account} null: no-record`]);
});

test("a day between two runs that no run covered is owed", async () => {
  const bucket = archive([
    run("2026-11-18", [account]),
    run("2026-11-21", [account]),
    exported("2026-11-17"),
    exported("2026-11-20"),
  ]);
  expect(await found(bucket)).toEqual([
    `2026-11-18 ${account} null: not-covered`,
    `2026-11-19 ${account} null: not-covered`,
  ]);
});

test("an account owes nothing for days before the first run that saw it, or after the last", async () => {
  const bucket = archive([
    run("2026-11-18", [account]),
    run("2026-11-19", [account, other]),
    run("2026-11-20", [other]),
    exported("2026-11-17"),
    exported("2026-11-18"),
    exported("2026-11-18", other),
    exported("2026-11-19", other),
  ]);
  expect(await found(bucket)).toEqual([]);
});

test("one old day that was archived by itself owes nothing for the years between", async () => {
  const days = [utcDay("2017-01-01"), utcDay("2026-11-19")];
  const bucket = archive([
    run("2026-11-20", [account], { days }),
    run("2026-11-21", [account]),
    ...["2017-01-01", "2026-11-19", "2026-11-20"].map((day) => exported(day)),
  ]);
  expect(await found(bucket)).toEqual([]);
});

test("an account that a run left out owes nothing", async () => {
  const accounts = [{ id: account, name: "", state: "SUSPENDED", skipped: "account-suspended" }];
  expect(await found(archive([run("2026-11-20", [], { accounts })]))).toEqual([]);
});

test("a day that is asked for and that no run covered is owed by every account that was seen", async () => {
  const bucket = archive([run("2026-11-20", [account, other]), exported("2026-11-19"), exported("2026-11-19", other)]);
  expect(await found(bucket, { from: "2026-11-18", to: "2026-11-19" })).toEqual([
    `2026-11-18 ${account} null: not-covered`,
    `2026-11-18 ${other} null: not-covered`,
  ]);
});

describe("of a run that was interrupted", () => {
  const [listKey, list] = run("2026-11-20", [account]);
  const [day] = list.days;
  const plan = examplePlan({
    runId: list.runId,
    days: list.days,
    logGroups: [plannedLogGroup("/a"), plannedLogGroup("/app/web", { retentionInDays: 1 })],
    items: [0, 0, 1, 0],
  });
  const standing = receipt({ runId: list.runId });
  const records: [string, object][] = [
    [listKey, list],
    [planKey(list.runId, account), plan],
    [receiptKey("2026-11-19", account, standing.logGroup, 1), standing],
  ];

  test("what it planned and has not recorded is owed", async () => {
    expect(await found(archive(records))).toEqual([
      `${day?.day} ${account} /a: no-record: planned by run ${list.runId}`,
    ]);
  });

  test("what it had recorded is not asked for twice", async () => {
    expect(await found(archive([...records, [summaryKey(list.runId, account, 1), {}]]))).toEqual([]);
  });

  test("a receipt of which retention had taken a part before the export is partly expired, though coverage never said so", async () => {
    const bucket = archive(records);
    const expectations = await readExpectations(bucket, {}, "unrecorded", () => {});
    const lines: CoverageLine[] = [];
    for await (const ofDay of standingCoverage(bucket, {}, expectations)) lines.push(...ofDay);
    expect(lines.find(({ logGroup }) => logGroup === standing.logGroup)).toMatchObject({
      outcome: "exported",
      reason: "partly-expired",
    });
  });
});

test("a damaged list of accounts is named, and the others are read", async () => {
  const bucket = archive([run("2026-11-20", [account]), ["runs/run-x/accounts.json", "{"]]);
  const damaged: string[] = [];
  const expectations = await readExpectations(bucket, {}, "unrecorded", ({ message }) => damaged.push(message));
  expect(damaged).toEqual([expect.stringContaining("runs/run-x/accounts.json")]);
  expect(expectations.days()).toEqual(["2026-11-19"]);
});

test("a run for some log groups covers no day: not what it has no record of, and not what others missed", async () => {
  const partial = run("2026-11-21", [account, other], { logGroups: ["/a"], runId: "partial" });
  expect(await found(archive([partial]))).toEqual([]);
  const line = coverageLine({ account, day: "2026-11-18", outcome: "empty", runId: "partial" });
  const missed = archive([
    run("2026-11-18", [account]),
    run("2026-11-20", [account]),
    exported("2026-11-17"),
    exported("2026-11-19"),
    [coverageKey("2026-11-18", account, "partial", 1), toLines([line])],
    run("2026-11-21", [account], { logGroups: ["/a"], runId: "partial" }),
  ]);
  expect(await found(missed)).toEqual([`2026-11-18 ${account} null: not-covered`]);
});

test("of a day that a run covered, what a run for some log groups wrote last is enough", async () => {
  const line = coverageLine({ account, day: "2026-11-19", outcome: "empty", runId: "partial" });
  const covered = archive([
    run("2026-11-20", [account]),
    run("2026-11-21", [account], { logGroups: ["/a"], runId: "partial" }),
    [coverageKey("2026-11-19", account, "partial", 1), toLines([line])],
  ]);
  expect(await found(covered)).toEqual([]);
});

test("an asked day of which only a run for some log groups wrote is owed", async () => {
  const line = coverageLine({ account, day: "2026-11-15", outcome: "empty", runId: "partial" });
  const bucket = archive([
    run("2026-11-20", [account]),
    exported("2026-11-19"),
    run("2026-11-21", [account], { logGroups: ["/a"], runId: "partial" }),
    [coverageKey("2026-11-15", account, "partial", 1), toLines([line])],
  ]);
  expect(await found(bucket)).toEqual([]);
  expect(await found(bucket, { from: "2026-11-15", to: "2026-11-15" })).toEqual([
    `2026-11-15 ${account} null: not-covered`,
  ]);
});

test("a run for one account covers its days for no other", async () => {
  const bucket = archive([
    run("2026-11-18", [account, other]),
    run("2026-11-20", [account], { onlyAccounts: true, runId: "one", days: [utcDay("2026-11-18")] }),
    run("2026-11-21", [account, other], { days: [utcDay("2026-11-20"), utcDay("2026-11-19")] }),
    ...["2026-11-17", "2026-11-19", "2026-11-20"].flatMap((day) => [exported(day), exported(day, other)]),
    exported("2026-11-18"),
  ]);
  expect(await found(bucket)).toEqual([`2026-11-18 ${other} null: not-covered`]);
});

describe("where the next scheduled run has not begun", () => {
  /** Weekly: the next run was to begin on the 27th, ten minutes after the deadline. */
  const weekly = run("2026-11-20", [account], { deadline: "2026-11-27T13:20:00.000Z" });
  const records = [weekly, exported("2026-11-19")];
  const missedOf = async (bucket: MemoryBucket, now: number) =>
    (await readExpectations(bucket, {}, "unrecorded", () => {}, { now })).missed();

  test("nothing is owed until it should have, whatever the schedule", async () => {
    const now = Date.parse("2026-11-27T14:29:00.000Z");
    expect(await found(archive(records), {}, now)).toEqual([]);
    expect(await missedOf(archive(records), now)).toBeUndefined();
  });

  test("the days since the newest run are owed, as far as they can have been archived", async () => {
    const now = Date.parse("2026-11-27T14:31:00.000Z");
    const days = ["2026-11-20", "2026-11-21", "2026-11-22", "2026-11-23", "2026-11-24", "2026-11-25"];
    expect(await found(archive(records), {}, now)).toEqual(days.map((day) => `${day} ${account} null: not-covered`));
    expect(await missedOf(archive(records), now)).toEqual({
      newestStartedAt: "2026-11-20T13:30:00.000Z",
      dueAt: "2026-11-27T13:30:00.000Z",
      days,
    });
  });

  test("a run for some accounts or log groups is no scheduled one", async () => {
    const now = Date.parse("2026-11-27T14:31:00.000Z");
    const deadline = "2026-11-28T13:20:00.000Z";
    const byHand = [
      run("2026-11-26", [account], { onlyAccounts: true, runId: "one", days: [], deadline }),
      run("2026-11-26", [account], { logGroups: ["/a"], runId: "group", days: [], deadline }),
    ];
    expect((await missedOf(archive([...records, ...byHand]), now))?.dueAt).toBe("2026-11-27T13:30:00.000Z");
  });

  test("an account that the newest run did not list owes nothing", async () => {
    const now = Date.parse("2026-11-27T14:31:00.000Z");
    const bucket = archive([...records, run("2026-11-19", [other], { days: [] })]);
    expect((await found(bucket, {}, now)).filter((line) => line.includes(other))).toEqual([]);
  });

  test("who does not ask about now is told of no run that is missing", async () => {
    expect(await found(archive(records))).toEqual([]);
  });
});
