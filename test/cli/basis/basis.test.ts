import { type Basis, failuresOf, isComplete, readBasis, type Subject } from "../../../apps/cli/basis/basis";
import { basisFields, basisText } from "../../../apps/cli/basis/text";
import { daysFromTo, everything, oneOf, type Selection } from "../../../apps/query/selection";
import { nextCommand } from "../../../apps/terminal/next-command";
import { accountListKey, coverageKey } from "../../../handlers/archive/layout";
import type { AccountList, CoverageLine } from "../../../handlers/archive/records";
import { toLines } from "../../../handlers/archive/serialization";
import { MemoryBucket } from "../../handlers/archive/support/memory-bucket";
import { coverageLine, region, utcDay } from "../../handlers/support/examples";

/** What is said of that on which an answer rests. */

const otherRegion = "us-east-1";
const ids = Array.from({ length: 13 }, (_, index) => String(300_000_000_000 + index));
const [one = "", two = ""] = ids;
const [first, second, third] = ["2026-11-15", "2026-11-16", "2026-11-17"] as const;

type Became = Partial<CoverageLine> & Pick<CoverageLine, "account" | "day">;

/** An archive of the three days in which everything was empty, but for what is given. */
function archive(became: readonly Became[] = [], of = region): MemoryBucket {
  const list: AccountList = {
    ...{ version: 1, runId: "run-1", startedAt: "2026-11-18T13:30:00.000Z", deadline: "2026-11-19T13:30:00.000Z" },
    days: [first, second, third].map(utcDay),
    ...{ lastChanceDays: [], notices: [] },
    accounts: ids.map((id, index) => ({ id, name: `team-${index}`, state: "ACTIVE" })),
  };
  const records = new Map([[accountListKey("run-1"), Buffer.from(JSON.stringify(list))]]);
  for (const account of ids)
    for (const day of [first, second, third]) {
      const lines = became.filter((line) => line.account === account && line.day === day);
      const written = [{ account, day, logGroup: "/quiet", outcome: "empty" as const }, ...lines];
      const text = toLines(written.map((line) => coverageLine({ ...line, region: of })));
      records.set(coverageKey(day, account, "run-1", 1), Buffer.from(text));
    }
  return new MemoryBucket(`org-log-archive-200000000000-${of}`, records);
}

const failed = (account: string, day: string, change: Partial<CoverageLine> = {}): Became => ({
  ...{ account, day, logGroup: "/app/web", outcome: "failed", reason: "slot-busy: 61 minutes" },
  ...change,
});

async function told(
  buckets: readonly MemoryBucket[],
  selection: Selection = everything,
  subject: Subject = "archived",
): Promise<string[]> {
  return basisText(await readBasis(buckets, selection, subject), nextCommand())
    .trimEnd()
    .split("\n");
}

test("an archive that holds all that is asked for says of what, so that an empty answer is an answer", async () => {
  expect(await told([archive()])).toEqual([
    `The archive holds all that was asked for: 13 accounts in ${region}, ${first} to ${third}; the archive has no other days.`,
  ]);
  expect(await told([archive(), archive([], otherRegion)], [[oneOf("account", [one]), oneOf("day", [first])]])).toEqual(
    [`The archive holds all that was asked for: 1 account in 2 Regions, ${first}.`],
  );
});

test("accounts that are not complete are counted by day, with the reasons, an account of two Regions once", async () => {
  const open = ids.slice(0, 7).map((account) => failed(account, second));
  const elsewhere = [failed(one, second, { reason: "deadline" }), failed(one, second, { logGroup: "/b" })];
  const lines = await told([archive(open), archive(elsewhere, otherRegion)]);
  expect(lines).toEqual([
    "This answer is not complete. Of what it is about, the archive does not hold all:",
    `  7 of 13 accounts are not complete on ${second}: slot-busy 8, deadline 1`,
    `To see them: npx org-log-archive coverage --from ${second} --to ${second}`,
  ]);
});

test("what is one account's has its name, what is one log group's is named too, and days that say the same are one line", async () => {
  const lines = await told([
    archive([failed(one, first), failed(one, second), failed(one, third), failed(one, third, { logGroup: "/b" })]),
  ]);
  expect(lines.slice(1, 3)).toEqual([
    `  log group /app/web of account ${one} (team-0) in ${region} is not complete on ${first} to ${second}: slot-busy: 61 minutes`,
    `  account ${one} (team-0) is not complete on ${third}: slot-busy 2`,
  ]);
});

test("days with the same lack that do not follow each other are told apart", async () => {
  const lines = await told([archive([failed(one, first), failed(one, third)])]);
  expect(lines.slice(1, 3).map((line) => /on (.*?):/.exec(line)?.[1])).toEqual([first, third]);
});

test("what is not asked about lacks nothing: another account, day, Region or log group", async () => {
  const buckets = [archive([failed(one, first)]), archive([failed(two, second)], otherRegion)];
  const asked: readonly Selection[] = [
    [[oneOf("account", [two]), oneOf("region", [region])]],
    [[oneOf("day", [third])]],
    [[daysFromTo(first, first), oneOf("region", [otherRegion])]],
    [[oneOf("log_group", ["/quiet"])]],
  ];
  for (const selection of asked) expect((await told(buckets, selection))[0]).toMatch(/^The archive holds all/);
});

test("an account without log groups does not make a log group that no run has seen look archived", async () => {
  const noLogGroups = failed(one, first, { logGroup: null, outcome: "empty", reason: "no-log-groups" });
  const unknown: Selection = [[oneOf("log_group", ["/app/wbe"]), oneOf("day", [first])]];
  expect(await told([archive([noLogGroups])], unknown)).toEqual([
    "This answer is not complete. Of what it is about, the archive does not hold all:",
    "  nothing is on record of log group /app/wbe",
  ]);
  const refused = failed(one, first, { logGroup: null, reason: "access-denied" });
  expect((await told([archive([refused])], unknown))[1]).toContain("is not complete");
});

test("what is gone for good is told from what was left out on purpose", async () => {
  const gone = (account: string, day: string, reason: string) =>
    failed(account, day, { outcome: "skipped", logGroup: "/short", reason });
  const lines = await told([
    archive([
      ...[gone(one, first, "expired"), gone(one, second, "expired: export task 1 found nothing")],
      ...[gone(one, third, "log-group-deleted"), gone(two, third, "log-group-deleted")],
      ...[gone(two, first, "delivery-class"), gone(two, second, "created-after-day")],
      failed(two, second, { outcome: "exported", logGroup: "/partly", reason: "partly-expired", taskIds: ["1"] }),
    ]),
  ]);
  expect(lines).toEqual(
    expect.arrayContaining([
      `  expired before it was exported: 2 log group days of account ${one} (team-0), ${first} to ${second}`,
      `  deleted before it was exported: 2 log group days of 2 accounts, ${third}`,
      "Left out on purpose: created-after-day 1, delivery-class 1.",
    ]),
  );
});

test.each([
  [daysFromTo("2027-01-01", "2027-12-31"), "no run has covered 2027: the archive ends with 2026-11-17"],
  [daysFromTo("2027-01-01", undefined), "no run has covered 2027-01-01 or later: the archive ends with 2026-11-17"],
  [daysFromTo(undefined, "2026-10-31"), "no run has covered 2026-10-31 or earlier: the archive begins with 2026-11-15"],
  [oneOf("day", ["2026-11-14", third]), "no run has covered 2026-11-14: the archive begins with 2026-11-15"],
])("days that no run has covered are named", async (days, sentence) => {
  expect(await told([archive(), archive([], otherRegion)], [[days]])).toContain(`  ${sentence}`);
});

test("a Region whose runs began later is named with the days that it lacks", async () => {
  const later = archive([], otherRegion);
  for (const key of [...later.objects.keys()]) if (key.includes(first)) later.objects.delete(key);
  const list = JSON.parse((await later.read(accountListKey("run-1")))?.toString() ?? "");
  const record = JSON.stringify({ ...list, days: [second, third].map(utcDay) });
  later.objects.set(accountListKey("run-1"), Buffer.from(record));
  expect(await told([archive(), later], [[daysFromTo(first, third)]])).toContain(
    `  no run has covered ${first} in ${otherRegion}`,
  );
  const ofFirst = [[daysFromTo(first, third), oneOf("region", [region])]];
  expect((await told([archive(), later], ofFirst))[0]).toMatch(/^The archive holds all/);
});

test("what nothing at all is on record of is named, and its absence is never called complete", async () => {
  const elsewhere = oneOf("region", [region, "us-west-2"]);
  const lines = await told([archive()], [[elsewhere, oneOf("log_group", ["/quiet", "/nowhere"])]]);
  expect(lines.slice(1)).toEqual([
    "  nothing is on record of Region us-west-2",
    "  nothing is on record of log group /nowhere",
  ]);
  const nothing: readonly [readonly MemoryBucket[], Selection][] = [
    [[archive()], [[oneOf("region", ["us-west-2"])]]],
    [[archive()], [[oneOf("log_group", ["/nowhere"])]]],
    [[archive()], [[oneOf("day", ["yesterday"])]]],
    [[new MemoryBucket("org-log-archive-200000000000-eu-central-1", new Map())], everything],
  ];
  for (const [buckets, selection] of nothing) expect(isComplete(await readBasis(buckets, selection))).toBe(false);
  const copied = new MemoryBucket("copied down", archive().objects);
  expect((await told([copied], [[oneOf("region", [region])]]))[0]).toMatch(/^The archive holds all/);
});

test("an answer from records lacks what is on record nowhere, and not what the records say is missing", async () => {
  const recorded = archive([
    failed(one, first),
    failed(one, second, { outcome: "skipped", reason: "expired" }),
    failed(two, first, { outcome: "skipped", reason: "delivery-class" }),
  ]);
  expect(await told([recorded], everything, "recorded")).toEqual([
    `All that was asked about is on record: 13 accounts in ${region}, ${first} to ${third}; the archive has no other days.`,
  ]);
  recorded.objects.delete(coverageKey(second, two, "run-1", 1));
  expect(await told([recorded], [[daysFromTo(first, "2026-11-20")]], "recorded")).toEqual([
    "Not all that this answer is about is on record:",
    `  account ${two} (team-1) in ${region} is not complete on ${second}: no-record`,
    "  no run has covered 2026-11-18 to 2026-11-20: the archive ends with 2026-11-17",
    `To see them: npx org-log-archive coverage --from ${second} --to ${second}`,
  ]);
  const basis = await readBasis([recorded], everything, "recorded");
  expect(failuresOf(basis)).toEqual([{ reason: "no-record" }]);
  expect(basisFields(basis)).toMatchObject({ subject: "recorded", complete: false });
});

test("the command that shows what is not complete is of what was asked about", async () => {
  const buckets = [archive([failed(one, first, { logGroup: "/it's" })])];
  const asked = [oneOf("account", [one, two]), oneOf("region", [region]), oneOf("log_group", ["/it's"])];
  expect((await told(buckets, [asked])).at(-1)).toBe(
    `To see them: npx org-log-archive coverage --account ${one} --account ${two} --region ${region} --log-group '/it'\\''s' --from ${first} --to ${first}`,
  );
});

test("an account that was left out on purpose lacks nothing, and nothing of it is called archived", async () => {
  const leftOut = archive();
  for (const day of [first, second, third]) {
    const line = coverageLine({
      account: one,
      day,
      logGroup: null,
      outcome: "skipped",
      reason: "management-account",
      region,
    });
    leftOut.objects.set(coverageKey(day, one, "run-1", 1), Buffer.from(toLines([line])));
  }
  expect(await told([leftOut], [[oneOf("account", [one])]])).toEqual([
    "Nothing of what was asked for is to be archived.",
    "Left out on purpose: management-account 3.",
  ]);
  expect(isComplete(await readBasis([leftOut], [[oneOf("account", [one])]]))).toBe(true);
});

test("an account that no run has seen is named", async () => {
  expect(await told([archive()], [[oneOf("account", [one, "999999999999"])]])).toContain(
    "  no run has seen account 999999999999",
  );
});

test("of many days that lack something, some are listed and the rest is counted; a terminal's lines are folded", async () => {
  const day = (index: number) => new Date(Date.UTC(2026, 9, 1 + index)).toISOString().slice(0, 10);
  const basis: Basis = {
    ...(await readBasis([archive()], everything)),
    incomplete: Array.from({ length: 9 }, (_, index) => ({
      ...{ day: day(index), accounts: index + 2, of: 13, reasons: { "role-not-assumable": 300, "slot-busy": 20 } },
    })),
  };
  const lines = basisText(basis, nextCommand(), 60).trimEnd().split("\n");
  // A command is one line, however long: a shell takes it as it is printed.
  expect(lines.filter((line) => line.length > 60)).toEqual([
    expect.stringMatching(/^To see them: npx org-log-archive /),
  ]);
  expect(basisText(basis, nextCommand())).toContain(`  6 of 13 accounts are not complete on ${day(4)}`);
  expect(basisText(basis, nextCommand())).toContain("  and 4 more like it\n");
  expect(basisText(basis, nextCommand())).toContain(`--from ${day(0)} --to ${day(8)}`);
});

test("programs get the same as fields", async () => {
  const fields = basisFields(await readBasis([archive([failed(one, second)])], [[daysFromTo(second, "2026-11-18")]]));
  expect(fields).toMatchObject({
    complete: false,
    days: { from: second, to: "2026-11-18" },
    archive: { from: first, to: third },
    ...{ accounts: 13, regions: [region], lost: [], leftOut: {} },
    incomplete: [{ day: second, accounts: 1, of: 13, reasons: { "slot-busy": 1 } }],
    notCovered: [{ from: "2026-11-18", to: "2026-11-18" }],
  });
  expect(basisFields(await readBasis([archive()], everything))).toMatchObject({ complete: true, incomplete: [] });
});
