import { decideAccounts } from "../../../handlers/list-accounts/list-accounts";
import { closeAll, emulate } from "../support/emulated";
import { account } from "../support/examples";
import { death, on, once } from "../support/faults";
import { HandlerCalls } from "../support/handler-calls";
import { logArchive, management, member, world } from "../support/organisation";

afterEach(closeAll);

const suspended = "300000000009";
const emulateOrganization = () =>
  emulate({ world: world([], [member(account), member(suspended, { state: "SUSPENDED" })]) });

it("opens a run with its days, its deadline and the accounts to archive", async () => {
  const emulated = await emulateOrganization();
  const run = await new HandlerCalls(emulated, { lookbackDays: 3 }).listAccounts();
  expect(run).toMatchObject({
    runId: "run-1",
    startedAt: "2026-11-20T13:30:00.000Z",
    deadline: "2026-11-21T13:20:00.000Z",
    accounts: { key: "runs/run-1/archived-accounts.json", count: 1 },
  });
  expect(JSON.parse(emulated.text(run.accounts.key))).toEqual([account]);
  expect(run.days.map(({ day }) => day)).toEqual(["2026-11-19", "2026-11-18", "2026-11-17"]);
});

it("writes down every account, also those that it leaves out, and why", async () => {
  const emulated = await emulateOrganization();
  await new HandlerCalls(emulated).listAccounts();
  const { accounts } = JSON.parse(emulated.text("runs/run-1/accounts.json"));
  expect(accounts.map(({ id, skipped }: { id: string; skipped?: string }) => [id, skipped])).toEqual([
    [management, "management-account"],
    [logArchive, "excluded-by-configuration: targets.excludeAccounts"],
    [account, undefined],
    [suspended, "account-suspended"],
  ]);
});

it("covers the days of the moment for which it was scheduled, however late it starts", async () => {
  const emulated = await emulateOrganization();
  const request = { scheduledTime: "2026-11-20T13:30:00Z" };
  await emulated.clock.sleep(11 * 3_600_000);
  const { days, deadline } = await new HandlerCalls(emulated, { request }).listAccounts();
  expect(days.map(({ day }) => day)).toEqual(["2026-11-19"]);
  expect(deadline).toBe("2026-11-21T13:20:00.000Z");
});

it.each(["cron(30 13 * * ? *)", "rate(1 day)"])("stops creating tasks before %s fires again", async (schedule) => {
  const emulated = await emulateOrganization();
  const request = { scheduledTime: "2026-11-20T13:29:00Z" };
  const { deadline } = await new HandlerCalls(emulated, { request, schedule }).listAccounts();
  const again = Date.parse("2026-11-21T13:29:00Z");
  expect(Date.parse(deadline)).toBeLessThan(again);
  expect(Date.parse(deadline)).toBeGreaterThan(again - 3_600_000);
});

it("goes on for two days where the schedule's local time does not exist on the next, and covers no less", () => {
  const scheduledTime = "2026-10-02T16:30:00Z";
  const { deadline, lastChanceDays } = decideAccounts(
    {
      execution: { name: "run-1", startTime: scheduledTime },
      request: { scheduledTime },
      settings: {
        dayTimeZone: "Australia/Sydney",
        lookbackDays: 3,
        schedule: { expression: "cron(30 2 * * ? *)", timeZone: "Australia/Sydney" },
        targets: { organizationalUnits: ["r-abcd"], includeAccounts: [], excludeAccounts: [] },
      },
    },
    [],
  );
  // Clocks go from 02:00 to 03:00 on 4 October: the next run is on the 5th, 47 hours later.
  expect(deadline).toBe("2026-10-04T15:20:00.000Z");
  // On the 3rd at 02:30 the newest day that can be archived is the 1st; on the 5th it is the 3rd.
  expect(lastChanceDays).toEqual(["2026-09-30", "2026-09-29"]);
});

it("stands by the list that an earlier attempt wrote", async () => {
  const emulated = await emulateOrganization();
  emulated.rules.push(once(on("PutObject", death("after"))));
  const fixture = new HandlerCalls(emulated);
  await expect(fixture.listAccounts()).rejects.toThrow("Death");
  await emulated.clock.sleep(3 * 24 * 3_600_000);
  const { startedAt, days } = await fixture.listAccounts();
  expect([startedAt, days[0]?.day]).toEqual(["2026-11-20T13:30:00.000Z", "2026-11-19"]);
});

describe("a run that is started for certain days", () => {
  it("covers the days and accounts that it names", async () => {
    const other = "300000000001";
    const emulated = await emulate({ world: world([], [member(account), member(other)]) });
    const request = { days: ["2026-11-01"], accounts: [other] };
    const run = await new HandlerCalls(emulated, { request }).listAccounts();
    expect(run.days.map(({ day }) => day)).toEqual(["2026-11-01"]);
    expect(JSON.parse(emulated.text(run.accounts.key))).toEqual([other]);
    // So that these days count as covered for no other account.
    expect(JSON.parse(emulated.text(`runs/${run.runId}/accounts.json`))).toMatchObject({ onlyAccounts: true });
  });

  it("still leaves out an account that the configuration leaves out", async () => {
    const emulated = await emulateOrganization();
    const { accounts } = await new HandlerCalls(emulated, { request: { accounts: [logArchive] } }).listAccounts();
    expect(accounts.count).toBe(0);
    expect(JSON.parse(emulated.text(accounts.key))).toEqual([]);
  });

  it.each([
    ["a day that cannot be archived yet", { days: ["2026-11-20"] }, /2026-11-20/],
    ["an account of another organisation", { accounts: ["999999999999"] }, /999999999999/],
    ["a key that is not known", { account }, /"account"/],
  ])("is refused for %s, by name", async (_, request, message) => {
    const emulated = await emulateOrganization();
    const opened = new HandlerCalls(emulated, { request }).listAccounts();
    await expect(opened).rejects.toMatchObject({ name: "InvalidInput", message: expect.stringMatching(message) });
    expect(emulated.keys()).toEqual([]);
  });
});
