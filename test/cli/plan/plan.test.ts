import { forecast, type PlannedAccount } from "../../../apps/cli/plan/forecast";
import { planRegion } from "../../../apps/cli/plan/plan-region";
import { forecastText } from "../../../apps/cli/plan/text";
import { assumed, monthlyCost, prices } from "../../../apps/deploy/cost";
import { coloursFor } from "../../../apps/terminal/colours";
import { parseConfiguration } from "../../../constructs/configuration";
import { operatorRoleName } from "../../../constructs/names";
import { daysBetween } from "../../../handlers/archive/expectations";
import { planKey } from "../../../handlers/archive/layout";
import { type AccountList, Plan } from "../../../handlers/archive/records";
import { Logs } from "../../../handlers/clients/logs";
import { MemberSessions } from "../../../handlers/clients/member-sessions";
import { Organizations } from "../../../handlers/clients/organizations";
import type { RunRequest } from "../../../handlers/contract/messages";
import { closeAll, type Emulated, emulate } from "../../handlers/support/emulated";
import { account, day, region, utcDay } from "../../handlers/support/examples";
import { HandlerCalls } from "../../handlers/support/handler-calls";
import { configuration, externalId, logGroup, member, start, world } from "../../handlers/support/organisation";
import { runOnce } from "../../handlers/support/run";
import { orgLogArchive } from "../support/command";
import { asOperator, cdkJsonOf, removeCdkJsons, withoutCredentials } from "../support/deployment-file";

/** `plan`: what a run would do, by what the run itself decides by. */

afterEach(closeAll);
afterAll(removeCdkJsons);

const other = "300000000001";
const closed = "300000000002";

const longAgo = Date.UTC(2024, 0, 1);

const organisation = () =>
  emulate({
    world: world(
      [
        ...["/a", "/b", "/left/out"].map((name) => logGroup(name, { createdAt: longAgo })),
        logGroup("/new", { createdAt: start - day / 4 }),
        logGroup("/c", { account: other, createdAt: longAgo }),
      ],
      [account, other, closed].map((id) => member(id, id === closed ? { state: "SUSPENDED" } : {})),
    ),
  });

const settings = { lookbackDays: 2, logGroups: { exclude: ["/left/**"] } };

function planned(emulated: Emulated, change: Partial<typeof settings> & object = {}, request: RunRequest = {}) {
  const parsed = parseConfiguration({ ...configuration, ...settings, ...change });
  const [own = { name: region, schedule: parsed.regions[0]?.schedule ?? { expression: "", timeZone: "" } }] =
    parsed.regions;
  const role = { partition: "aws", roleName: "OrgLogArchiveMember", externalId };
  const sessions = new MemberSessions(region, role, "plan", emulated.source);
  return planRegion(
    request,
    { ...parsed, ...own },
    {
      region,
      clock: emulated.clock,
      archive: emulated.store(),
      organizations: new Organizations(region, emulated.source),
      logsOf: async (id) => new Logs(region, await sessions.assume(id, "look"), emulated.source),
    },
  );
}

test("what is planned is what the next run plans, and nothing is written for it", async () => {
  const emulated = await organisation();
  const before = emulated.keys();
  const forecast = await planned(emulated);
  expect(emulated.keys()).toEqual(before);
  expect([...emulated.calls("PutObject"), ...emulated.calls("CreateExportTask")]).toEqual([]);
  expect(forecast).toMatchObject({
    items: 6,
    days: [
      { day: "2026-11-19", items: 3 },
      { day: "2026-11-18", items: 3 },
    ],
    skipped: { "excluded-by-configuration": 2, "created-after-day": 2 },
    leftOut: { "account-suspended": 1, "management-account": 1, "excluded-by-configuration": 1 },
    unreachable: [],
  });
  await runOnce(emulated, { ...settings, runId: "run-1" });
  for (const { account: id, items } of forecast.accounts)
    expect(Plan.parse(JSON.parse(emulated.text(planKey("run-1", id)))).items.length / 2).toBe(items);
});

test("what a run has settled is not planned again, and its receipts say how long the next exports take", async () => {
  const emulated = await organisation();
  const first = await planned(emulated);
  expect(first.accounts.map(({ basis, secondsPerExport }) => [basis, secondsPerExport])).toEqual([
    ["assumed", 30],
    ["assumed", 30],
  ]);
  await runOnce(emulated, settings);
  expect(await planned(emulated)).toMatchObject({ items: 0, settledBefore: 8 });
  const earlier = await planned(emulated, {}, { days: ["2026-11-17"], accounts: [account] });
  const [forecast] = earlier.accounts;
  expect(forecast).toMatchObject({ account, items: 2, basis: "receipts" });
  const receipts = emulated.receipts().filter((one) => one.account === account);
  const seconds = receipts.map(
    ({ tasks: [task] }) => Date.parse(task?.completedAt ?? "") - Date.parse(task?.createdAt ?? ""),
  );
  expect(seconds).toContain((forecast?.secondsPerExport ?? 0) * 1000);
});

test("what the next run goes on with of a backfill is planned, too", async () => {
  const emulated = await organisation();
  const backfill = { from: "2026-09-01", to: "2026-10-02" };
  await new HandlerCalls(emulated, { ...settings, runId: "dead", request: { backfill } }).listAccounts();
  await emulated.clock.sleep(2 * day);
  await runOnce(emulated, { ...settings, runId: "run-1" });
  const { days } = await planned(emulated);
  expect(days.map((planned) => planned.day).sort()).toEqual([
    ...daysBetween("2026-09-01", "2026-09-29"),
    ...["2026-11-20", "2026-11-21"],
  ]);
});

test("each account more costs as many calls as any other, and a few", async () => {
  const callsFor = async (accounts: number): Promise<number> => {
    const ids = Array.from({ length: accounts }, (_, index) => String(300_000_000_000 + index));
    const groups = ids.map((id) => logGroup("/a", { account: id, createdAt: longAgo }));
    const emulated = await emulate({
      world: world(
        groups,
        ids.map((id) => member(id)),
      ),
    });
    const { items } = await planned(emulated);
    expect(items).toBe(2 * accounts);
    // Accounts are listed a page at a time.
    const calls = emulated.cloud.calls.filter(({ operation }) => operation !== "ListAccounts").length;
    await closeAll();
    return calls;
  };
  // More of them than have their records listed one by one, and more than are planned at once.
  const [some, more, most] = [await callsFor(30), await callsFor(60), await callsFor(120)];
  expect(most - more).toBe(2 * (more - some));
  expect((more - some) / 30).toBeLessThanOrEqual(4);
});

test("an account that cannot be read is named, and the others are planned", async () => {
  const emulated = await organisation();
  emulated.closeAccount(other);
  const forecast = await planned(emulated);
  expect(forecast.accounts.map((one) => one.account)).toEqual([account]);
  expect(forecast.unreachable).toMatchObject([
    { account: other, reason: expect.stringMatching(/^role-not-assumable: arn:aws:iam::300000000001/) },
  ]);
});

/** A run of a day, with an hour for it. */
const list: AccountList = {
  version: 1,
  runId: "plan",
  startedAt: "2026-11-20T13:30:00.000Z",
  deadline: "2026-11-20T14:30:00.000Z",
  days: [utcDay("2026-11-19")],
  lastChanceDays: [],
  notices: [],
  accounts: [account, other, closed].map((id) => ({ id, name: "\u001b[31mname", state: "ACTIVE" })),
};

/** Accounts of 40 exports each, which take a minute. */
const busy = [account, other, closed].map((id): PlannedAccount => {
  const experience = { seconds: [60], bytes: [5e8] };
  const work = { logGroups: 40, items: 40, days: { "2026-11-19": 40 }, skipped: {}, settledBefore: 0 };
  return { account: id, name: "\u001b[31mname", ...work, experience };
});

test("accounts wait for each other's places, and who is not done in time is late", () => {
  const ends = (concurrency: number) =>
    forecast(region, list, busy, [], concurrency).accounts.map(({ endsAt, isLate }) => [endsAt.slice(11, 16), isLate]);
  expect(ends(3)).toEqual(Array(3).fill(["14:10", false]));
  expect(ends(2)).toEqual([
    ["14:10", false],
    ["14:10", false],
    ["14:50", true],
  ]);
});

test("a run costs what the table of costs says of a day of such accounts", () => {
  const { cost, items, slotHours, bytes } = forecast(region, list, busy, [], 3);
  expect([items, slotHours, bytes]).toEqual([120, 2, 6e10]);
  const month = { ...assumed, accounts: 3, regions: 1, logGroups: 40, secondsPerExport: 60, gigabytesPerDay: 20 };
  const transitions = monthlyCost(month).find(({ price }) => price === "transition");
  expect(cost.transitions).toBe(Math.round((transitions?.units ?? 0) / 30));
  expect(cost.items.map(({ price }) => price)).not.toContain("storage");
  expect(cost.usdPerMonthKept).toBeCloseTo(60 * prices.storage.usd);
});

test("the table fits 80 columns, says who is late, and obeys no name", () => {
  const unreachable = [{ account: "300000000009", name: "", reason: "role-not-assumable: \u001b[2J" }];
  const text = forecastText(forecast(region, list, busy, unreachable, 2), 80, coloursFor({}));
  expect(text.split("\n").filter((line) => line.length > 80)).toEqual([]);
  expect(text).not.toMatch(/(?!\n)\p{Cc}/u);
  expect(text).toContain("1 account will not be done before the next run; 1 account cannot be read.");
});

const args = (file: string) => [
  ...["plan", "--configuration", file, "--region", region],
  ...["--from", "2025-05-01", "--to", "2025-05-02", "--json"],
];

test("the command plans with the operators' role, as an administrator of the log archive account", async () => {
  const emulated = await organisation();
  const deployed = { ...configuration, ...settings };
  emulated.deploy(deployed);
  const { code, out, err } = await orgLogArchive(args(cdkJsonOf(deployed)), asOperator(emulated));
  expect({ code, err }).toEqual({ code: 0, err: "" });
  expect(JSON.parse(out)).toMatchObject({ regions: [{ region, items: 6, unreachable: [] }] });
  const assumed = emulated.calls("AssumeRole").map(({ input }) => String(input.RoleArn).split("/").at(-1));
  expect(new Set(assumed)).toEqual(new Set([operatorRoleName, "OrgLogArchiveMember"]));
});

test.each([
  ["AssumeRole", "AccessDenied", 3, "may not use the operators' role"],
  ["ListAccounts", "AccessDeniedException", 3, "may not do what the command needs"],
  ["ListObjectsV2", "AccessDenied", 3, "may not read the archive"],
])("%s answered by %s ends with a sentence", async (operation, name, code, sentence) => {
  const emulated = await organisation();
  emulated.deploy({ ...configuration, ...settings });
  emulated.rules.push((call) => (call.operation === operation ? { kind: "error", name, message: "no" } : undefined));
  const ended = await orgLogArchive(args(cdkJsonOf({ ...configuration, ...settings })), asOperator(emulated));
  expect(ended).toMatchObject({ code, out: "", err: expect.stringContaining(sentence) });
  expect(ended.err).not.toContain("    at ");
});

test("the command takes an account's name, and refuses one that none has with those that there are", async () => {
  const emulated = await organisation();
  emulated.deploy(configuration);
  const given = (name: string) => [...args(cdkJsonOf({ ...configuration, ...settings })), "--account", name, "--json"];
  const { out } = await orgLogArchive(given(`account ${other}`), asOperator(emulated));
  const [{ accounts }] = JSON.parse(out).regions;
  expect(accounts.map(({ account: id }: { account: string }) => id)).toEqual([other]);
  const none = await orgLogArchive(given("acct"), asOperator(emulated));
  expect(none).toMatchObject({ code: 3, err: expect.stringMatching(/no account named acct\..* account 300000000000/) });
});

test.each([
  [["--from", "2026-11-18"], "--from and --to go together"],
  [["--from", "2026-11-19", "--to", "2026-11-18"], "Swap them"],
  [["--from", "2199-01-01", "--to", "2199-01-01"], "cannot be archived yet"],
  [["--from", "1026-11-19", "--to", "2026-11-19"], "before CloudWatch Logs began"],
  [["--log-group", "l".repeat(513)], "No run takes this"],
  [["--region", "mars-north-1"], "has no Region mars-north-1"],
  [["--configuration", "/no/such/cdk.json"], "/no/such/cdk.json does not exist"],
  [["--configuration", __filename], "is no cdk.json"],
  [["--account", "12"], "12 digits"],
])("plan %j is wrong use", async (given, sentence) => {
  // Without credentials: what is wrong is seen before AWS is asked.
  const ended = await orgLogArchive(["plan", ...given], withoutCredentials);
  expect(ended).toMatchObject({ code: 3, out: "", err: expect.stringContaining(sentence) });
  expect(ended.err).not.toContain("    at ");
});
