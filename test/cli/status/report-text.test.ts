import { renderReports } from "../../../apps/cli/status/report-text";
import { coloursFor } from "../../../apps/terminal/colours";
import type { AccountList, AccountSummary, CoverageLine, Report } from "../../../handlers/archive/records";
import { type ReasonCode, reasons } from "../../../handlers/contract/reasons";
import { makeReport } from "../../../handlers/report-run/report";
import { coverageLine, region, runId, utcDay } from "../../handlers/support/examples";
import { summarize } from "../../handlers/support/summary";

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
const textOf = (...reports: readonly Report[]) =>
  renderReports(reports, 80, coloursFor({}), (words) => `npx org-log-archive ${words}`);
const longLines = (text: string) => text.split("\n").filter((line) => line.length > 80);

it("says in its first lines how many of how many, and what is lost unless a person acts now", () => {
  const text = textOf(report(10, (index) => (index < 3 ? [failed("deadline", "2026-11-18"), {}] : [{}])));
  const [heading, items] = text.split("\n");
  expect(heading).toBe("eu-central-1  incomplete  2026-11-18 to 2026-11-19, 7 of 10 accounts complete");
  expect(items).toBe("Log group days: 10 exported (10.0 kB), 3 failed");
  expect(text.replaceAll("\n", " ")).toMatch(
    /Last chance: 3 of the failed are on 2026-11-18, which no later.* run --from 2026-11-18 --to 2026-11-18/,
  );
});

it("is one paragraph when 300 accounts fail for one reason in two Regions, with what to do and the command that shows the rest", () => {
  const one = report(1000, (index) => (index < 300 ? [failed(`role-not-assumable: arn ${index}`)] : [{}]));
  const text = textOf(one, { ...one, region: "us-east-1" });
  expect(text).toContain("✘ role-not-assumable: 600 log group days in 300 accounts: account-0, account-1,…");
  expect(text.match(/✘/g)).toHaveLength(1);
  expect(text.replaceAll(/\n */g, " ")).toContain(reasons["role-not-assumable"]);
  expect(text).toContain("  npx org-log-archive coverage --reason role-not-assumable\n");
  expect(text.split("\n").length).toBeLessThan(12);
});

it("cuts a long line at its end, never at the reason, and is nowhere wider than the terminal", () => {
  const text = textOf(
    report(3, () => [failed("export-task-failed: x")], {
      accounts: [0, 1, 2].map((index) => ({
        ...{ id: String(300_000_000_000 + index), name: `${index}-${"long".repeat(12)}`, state: "ACTIVE" },
      })),
    }),
  );
  expect(text).toMatch(/✘ export-task-failed: 3 log group days in 0-long.*…\n/);
  expect(longLines(text)).toEqual([]);
});

it("has one table where nothing failed, however many Regions, with the largest accounts first and the rest in one row", () => {
  const one = report(1000, (index) => [{ bytes: index }]);
  const text = textOf(one, { ...one, region: "us-east-1" });
  expect(text.match(/Account/g)).toHaveLength(1);
  expect(text).toMatch(/│ 300000000999 │ account-999 │ 2 +│ 0 +│ 0 +│ 2.0 kB +│/);
  expect(text).toMatch(/│ 986 more +│ +│ 1,972 +│/);
  expect(longLines(text)).toEqual([]);
});

it("says of what is gone for good what it is, one paragraph for a reason whatever came of the rest, with the command that shows it", () => {
  const partly = { reason: "partly-expired", outcome: "exported" as const };
  const text = textOf(
    report(2, (index) => (index === 0 ? [partly, { ...partly, outcome: "empty" as const }] : [])),
    report(1, () => [{ outcome: "skipped", reason: "expired" }]),
  );
  expect(text).toContain(
    `◐ partly-expired, a part gone for good: 2 log group days in account-0\n  ${reasons["partly-expired"]}\n  npx org-log-archive coverage --reason partly-expired\n`,
  );
  expect(text).toContain("◐ expired, gone for good: 1 log group day in account-0\n");
  expect(text).not.toMatch(/^(Empty|Left out)/m);
});

it("names the accounts that can be read again, and takes nothing of them for exported in part", () => {
  const text = textOf(
    report(2, (index) => [{ logGroup: null, outcome: "exported", reason: "account-reached" }, { bytes: index }]),
  );
  expect(text).toContain("Read again, after a run that could not: account-0, account-1\n");
  expect(text).not.toContain("account-reached");
  expect(text).not.toContain("◐");
});

it("lists by reason what was left out, was empty, or failed as known", () => {
  const text = textOf(
    report(1, () => [
      { outcome: "skipped", reason: "created-after-day" },
      { outcome: "skipped", reason: "delivery-class" },
      { outcome: "empty", reason: "no-objects" },
    ]),
  );
  expect(text).toContain("Left out: created-after-day 1, delivery-class 1\nEmpty: no-objects 1\n");
});

it("has no table of zeros where a run had nothing to do", () => {
  const text = textOf(report(3, () => [{ outcome: "skipped", reason: "expired", bytes: 0 }]));
  expect(text).not.toContain("┌");
});

it("lists a small organisation whole", () => {
  const text = textOf(report(12, () => [{}]));
  for (let index = 0; index < 12; index += 1) expect(text).toContain(`account-${index} `);
});

it("names settings that match nothing", () => {
  const notices = [{ setting: "logGroups.exclude[0]", value: "/tmp/**", message: "It matches no log group." }];
  expect(textOf(report(1, () => [{}], { notices })).replaceAll(/\n */g, " ")).toContain(
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
