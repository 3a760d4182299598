import fc from "fast-check";
import { receiptKey } from "../../../handlers/archive/layout";
import type { CoverageLine } from "../../../handlers/archive/records";
import { compareStanding, StandingLines, standingReceipts } from "../../../handlers/archive/standing";
import { overRecords } from "../../audit/support/raw-records";
import { account, coverageLine } from "../support/examples";
import { holds } from "../support/property";

const line = fc
  .record({
    logGroup: fc.constantFrom("/a", null),
    outcome: fc.constantFrom("exported", "empty", "skipped", "failed"),
    reason: fc.constantFrom(undefined, "deadline", "slot-busy"),
    isReceipted: fc.boolean(),
    runId: fc.constantFrom("run-1", "run-2"),
    at: fc.constantFrom("2026-11-20T14:00:00.000Z", "2026-11-20T14:00:00.001Z"),
  })
  .map(
    ({ reason, isReceipted, ...rest }): CoverageLine =>
      coverageLine({
        ...rest,
        ...(reason ? { reason } : {}),
        ...(isReceipted && rest.logGroup ? { taskIds: ["task"] } : {}),
      }),
  );

function standing(lines: readonly CoverageLine[]): CoverageLine[] {
  const collected = new StandingLines();
  for (const one of lines) collected.add(one);
  return [...collected.values()];
}

test("a line that was made from a receipt stands, though a failure's clock is later", () => {
  const receipted = coverageLine({ taskIds: ["task"], at: "2026-11-20T14:00:00.000Z" });
  const failed = coverageLine({ outcome: "failed", reason: "deadline", at: "2026-11-21T14:00:00.000Z" });
  expect(standing([receipted, failed])).toEqual([receipted]);
  expect(standing([failed, receipted])).toEqual([receipted]);
});

test("an account that was read stands as read, though an earlier run's failure has a later clock", () => {
  const read = coverageLine({ logGroup: null, outcome: "exported", reason: "account-reached" });
  const failed = coverageLine({ logGroup: null, outcome: "failed", at: "2026-11-21T14:00:00.000Z" });
  expect(standing([read, failed])).toEqual([read]);
});

test("of lines of one moment and run the failure stands, in whatever order they are read", () => {
  const failed = coverageLine({ outcome: "failed", reason: "deadline" });
  const skipped = coverageLine({ outcome: "skipped", reason: "expired" });
  expect(standing([failed, skipped])).toEqual([failed]);
  expect(standing([skipped, failed])).toEqual([failed]);
});

test("which line stands does not depend on the order of reading", () => {
  holds(
    fc.property(fc.array(line, { minLength: 1, maxLength: 8 }), (lines) => {
      const byItem = (found: readonly CoverageLine[]) =>
        found.map((one) => JSON.stringify(one, Object.keys(one).sort())).sort();
      expect(byItem(standing([...lines].reverse()))).toEqual(byItem(standing(lines)));
    }),
  );
});

test("only lines that say the same are equal in rank", () => {
  const lines = fc.sample(line, { seed: 7, numRuns: 300 });
  const [collective, individual] = [
    lines.filter(({ logGroup }) => logGroup === null),
    lines.filter(({ logGroup }) => logGroup),
  ];
  const ranked = ({ taskIds, ...rest }: CoverageLine) =>
    JSON.stringify({ ...rest, isReceipted: taskIds !== undefined });
  for (const items of [collective, individual])
    for (const a of items) for (const b of items) if (compareStanding(a, b) === 0) expect(ranked(a)).toBe(ranked(b));
});

test("the audit views let the same line stand", async () => {
  const samples = fc.sample(fc.array(line, { minLength: 2, maxLength: 6 }), { seed: 7, numRuns: 60 });
  const days = samples.map((_, index) => new Date(Date.UTC(2026, 0, 1 + index)).toISOString().slice(0, 10));
  const lines = samples.flatMap((sample, index) => sample.map((one) => ({ ...one, day: days[index] ?? "" })));
  const views = await overRecords(lines, []);
  const rows = await views.rows(
    "SELECT day, log_group, outcome, coalesce(reason, '') AS reason, run_id, epoch_ms(\"at\") AS at_ms FROM coverage_latest",
  );
  views.close();
  const expected = standing(lines).map(({ day, logGroup, outcome, reason = "", runId, at }) => ({
    day,
    log_group: logGroup,
    outcome,
    reason,
    run_id: runId,
    at_ms: String(Date.parse(at)),
  }));
  const sorted = (found: readonly object[]) => found.map((row) => JSON.stringify(row)).sort();
  expect(sorted(rows)).toEqual(sorted(expected));
});

test("of an item's receipts the highest number stands, also beyond nine and over a gap", () => {
  const keys = [2, 10, 1].map((n) => receiptKey("2026-11-19", account, "/a", n));
  const other = receiptKey("2026-11-19", account, "/b", 1);
  expect(standingReceipts([...keys, other], (key) => key)).toEqual([keys[1], other]);
});

test("what only looks like a receipt's key is none", () => {
  const key = receiptKey("2026-11-19", account, "/a", 1);
  const lookalikes = [key.replace(".1.json", ".01.json"), key.replace(".1.json", ".0.json"), `${key}.bak`, `x/${key}`];
  expect(standingReceipts([...lookalikes, key], (one) => one)).toEqual([key]);
});
