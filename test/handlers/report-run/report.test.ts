import type { AccountList, AccountSummary, CoverageLine } from "../../../handlers/archive/records";
import type { CaughtError } from "../../../handlers/contract/messages";
import { reasons } from "../../../handlers/contract/reasons";
import { makeReport, summarySentence } from "../../../handlers/report-run/report";
import { coverageLine, region, runId, utcDay } from "../support/examples";
import { summarize } from "../support/summary";

const at = Date.UTC(2026, 10, 20, 15);
const [web, api, old] = ["300000000000", "300000000001", "300000000002"];

const list: AccountList = {
  version: 1,
  runId,
  startedAt: "2026-11-20T13:30:00.000Z",
  deadline: "2026-11-21T13:20:00.000Z",
  days: [utcDay("2026-11-19")],
  lastChanceDays: [],
  notices: [],
  accounts: [
    { id: web, name: "web", state: "ACTIVE" },
    { id: api, name: "api", state: "ACTIVE" },
    { id: old, name: "old", state: "SUSPENDED", skipped: "account-suspended" },
  ],
};

function report(lines: Readonly<Record<string, readonly CoverageLine[]>>, error: CaughtError | null = null) {
  const summaries = Object.entries(lines).map(([id, of]): [string, AccountSummary] => [
    id,
    summarize(id, runId, of, at),
  ]);
  return makeReport(list, region, new Map(summaries), { error, settings: { knownExceptions: [] } }, at);
}

const exported = coverageLine({ bytes: 10 });
const failed = (reason: string) => coverageLine({ outcome: "failed", reason });

it("is complete when nothing failed", () => {
  const complete = report({
    [web]: [exported],
    [api]: [exported, coverageLine({ outcome: "empty", reason: "no-objects" })],
  });
  expect(complete).toMatchObject({ status: "complete", bytes: 20, counts: { exported: 2, empty: 1, failed: 0 } });
  expect(summarySentence(complete)).toBe(
    "2 of 2 accounts complete in eu-central-1, 2 log group days exported, 1 empty",
  );
});

it("is incomplete when anything failed, and says in a sentence where and why, the most frequent cause first", () => {
  const incomplete = report({
    [web]: [exported],
    [api]: [failed("access-denied"), failed("deadline"), failed("deadline")],
  });
  expect(incomplete.status).toBe("incomplete");
  expect(summarySentence(incomplete)).toBe(
    "1 of 2 accounts complete in eu-central-1, 1 log group days exported, 0 empty, 3 failed (deadline 2, access-denied 1)",
  );
});

it("stays complete when something was skipped for good", () => {
  expect(report({ [web]: [coverageLine({ outcome: "skipped", reason: "expired" })] }).status).toBe("complete");
});

it("is incomplete when the run itself went wrong, whatever the accounts say", () => {
  const broken = report({ [web]: [exported] }, { Error: "States.DataLimitExceeded", Cause: "too large" });
  expect(broken.status).toBe("incomplete");
  expect(summarySentence(broken)).toContain("the run itself went wrong: States.DataLimitExceeded: too large");
});

it("names accounts that were left out, and does not count them as complete", () => {
  const { accounts } = report({
    [web]: [exported],
    [old]: [coverageLine({ outcome: "skipped", reason: "account-suspended" })],
  });
  expect(accounts.map(({ id, skipped }) => [id, skipped])).toEqual([
    [web, undefined],
    [api, undefined],
    [old, "account-suspended"],
  ]);
});

it("merges the same cause of several accounts, with what to do about it", () => {
  const { causes } = report({ [web]: [failed("slot-busy: task 1")], [api]: [failed("slot-busy: task 2")] });
  expect(causes).toMatchObject([{ reason: "slot-busy", advice: reasons["slot-busy"], count: 2, accounts: [web, api] }]);
  expect(causes[0]?.examples.map(({ account, reason }) => [account, reason])).toEqual([
    [web, "slot-busy: task 1"],
    [api, "slot-busy: task 2"],
  ]);
});

it("puts failures before everything else", () => {
  const skipped = coverageLine({ outcome: "skipped", reason: "expired" });
  const { causes } = report({
    [web]: [skipped, skipped, failed("deadline"), { ...exported, reason: "partly-expired" }],
  });
  expect(causes.map(({ reason }) => reason)).toEqual(["deadline", "partly-expired", "expired"]);
});
