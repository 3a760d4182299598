import { renderReports } from "../../apps/demo/report-view";
import { coloursFor } from "../../apps/terminal/colours";
import type { AccountList, AccountSummary, CoverageLine, Report } from "../../handlers/archive/records";
import { type ReasonCode, reasons } from "../../handlers/contract/reasons";
import { makeReport } from "../../handlers/report-run/report";
import { coverageLine, region, runId, utcDay } from "../handlers/support/examples";
import { summarize } from "../handlers/support/summary";

const at = Date.UTC(2026, 10, 20, 15);

/** An organisation of so many accounts, each with the lines that `linesOf` gives it. */
function report(
  accounts: number,
  linesOf: (index: number) => readonly Partial<CoverageLine>[],
  change: Partial<AccountList> = {},
): Report {
  const ids = Array.from({ length: accounts }, (_, index) => String(300_000_000_000 + index));
  const list: AccountList = {
    version: 1,
    runId,
    startedAt: "2026-11-20T13:30:00.000Z",
    deadline: "2026-11-21T13:20:00.000Z",
    days: [utcDay("2026-11-19"), utcDay("2026-11-18")],
    lastChanceDays: ["2026-11-18"],
    accounts: ids.map((id, index) => ({ id, name: `account-${index}`, state: "ACTIVE" })),
    notices: [],
    ...change,
  };
  const summaries = ids.map((account, index): [string, AccountSummary] => {
    const lines = linesOf(index).map((line) => coverageLine({ account, bytes: 1000, ...line }));
    return [account, summarize(account, runId, lines, at)];
  });
  return makeReport(list, region, new Map(summaries), { error: null, settings: { knownExceptions: [] } }, at);
}

const failed = (reason: string, day = "2026-11-19"): Partial<CoverageLine> => ({
  outcome: "failed",
  reason,
  day,
  bytes: 0,
});
const textOf = (one: Report) => renderReports([one], coloursFor({}));

it("says in its first lines how many of how many, and what is lost unless a person acts now", () => {
  const text = textOf(report(10, (index) => (index < 3 ? [failed("deadline", "2026-11-18"), {}] : [{}])));
  const [, accounts, items, lastChance] = text.split("\n");
  expect(accounts).toBe("7 of 10 accounts complete, 3 with failures");
  expect(items).toBe("Log group days: 10 exported (9.8 KiB), 0 empty, 0 skipped, 3 failed");
  expect(lastChance).toMatch(/^Last chance: 3 of the failed are on 2026-11-18.*"days": \["2026-11-18"\]/);
});

it("is one paragraph when 300 accounts fail for one reason, with what to do", () => {
  const text = textOf(report(1000, (index) => (index < 300 ? [failed(`role-not-assumable: arn ${index}`)] : [{}])));
  expect(text.match(/role-not-assumable/g)).toHaveLength(1);
  expect(text).toContain("✘ role-not-assumable: 300 items on 1 day in 300 accounts");
  expect(text).toContain(reasons["role-not-assumable"]);
  expect(text).toContain("300000000000 account-0,");
  expect(text).toContain("and 295 more");
});

it("stays readable with 1,000 accounts: those that fail first, the rest in one row", () => {
  const text = textOf(report(1000, (index) => (index % 10 === 0 ? [failed("deadline"), failed("throttled")] : [{}])));
  expect(text.split("\n").length).toBeLessThan(60);
  expect(text).toMatch(/75 accounts +│ more with failures +│ +0 │ +0 │ +0 │ +150 /);
  expect(text).toMatch(/900 accounts +│ complete +│ +900 /);
});

it("lists a small organisation whole", () => {
  const text = textOf(report(12, () => [{}]));
  for (let index = 0; index < 12; index += 1) expect(text).toContain(`account-${index} `);
});

it("names settings that match nothing", () => {
  const notices = [{ setting: "logGroups.exclude[0]", value: "/tmp/**", message: "It matches no log group." }];
  expect(textOf(report(1, () => [{}], { notices }))).toContain(
    "logGroups.exclude[0] /tmp/**: It matches no log group.",
  );
});

it.each(Object.keys(reasons) as ReasonCode[])("has a word of advice for %s", (code) => {
  expect(reasons[code]).toMatch(/^[A-Z].*\.$/);
});

it("shows names and messages from outside without obeying them", () => {
  const hostile = "\u001b]0;owned\u0007\u001b[2J\u009b1A\nx";
  const accounts = [{ id: "300000000000", name: hostile, state: "ACTIVE" }];
  const one = report(1, () => [failed(`service-error: ${hostile}`)], { accounts });
  expect(textOf(one)).not.toMatch(/(?!\n)\p{Cc}/u);
  expect(textOf(one)).toContain("\\u001b]0;owned\\u0007");
});
