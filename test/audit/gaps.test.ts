import type { CoverageLine, Receipt } from "../../handlers/archive/records";
import { gaps } from "../../handlers/archive/sql/questions";
import { account, coverageLine, region } from "../handlers/support/examples";
import { overRecords } from "./support/raw-records";

const day = (n: number) => `2026-11-${String(n).padStart(2, "0")}`;
/** Days are archived the day after. */
const dayAfter = (n: number) => `${day(n + 1)}T13:30:00.000Z`;
const line = (
  logGroup: string | null,
  n: number,
  outcome: CoverageLine["outcome"],
  change: Partial<CoverageLine> = {},
) => coverageLine({ logGroup, day: day(n), outcome, at: dayAfter(n), ...change });
const receipt = (logGroup: string, n: number): Partial<Receipt> => ({ logGroup, day: day(n), at: dayAfter(n) });
const gap = (log_group: string | null, n: number, outcome: string | null = null, reason: string | null = null) => ({
  account,
  region,
  log_group,
  day: day(n),
  outcome,
  reason,
});

/** What the view and the saved query, over all days, both say. */
async function gapsIn(lines: readonly CoverageLine[], receipts: readonly Partial<Receipt>[]) {
  const athena = await overRecords(lines, receipts);
  const [view, query] = [
    await athena.rows("SELECT * FROM gaps ORDER BY day, region, account, log_group"),
    await athena.rows(gaps({ from: day(1), to: day(30) })),
  ];
  athena.close();
  expect(view).toEqual(query);
  return query;
}

test("what is receipted, empty or skipped is no gap, whatever failed before", async () => {
  const lines = [
    line("/receipted", 10, "failed", { reason: "slot-busy" }),
    line("/empty", 10, "failed", { at: "2026-11-11T00:00:00.000Z" }),
    line("/empty", 10, "empty", { at: "2026-11-12T00:00:00.000Z" }),
    line("/skipped", 10, "skipped", { reason: "expired" }),
  ];
  expect(await gapsIn(lines, [receipt("/receipted", 10)])).toEqual([]);
});

test("what failed, and what is said to be exported without a receipt, is a gap with its reason", async () => {
  const lines = [line("/busy", 10, "failed", { reason: "slot-busy" }), line("/lost", 10, "exported")];
  expect(await gapsIn(lines, [])).toEqual([gap("/busy", 10, "failed", "slot-busy"), gap("/lost", 10, "exported")]);
});

test("a log group that is silent between two days on record is a gap on every day between", async () => {
  const lines = [line("/other", 11, "empty"), line("/other", 12, "empty"), line("/web", 13, "skipped")];
  expect(await gapsIn(lines, [receipt("/web", 10)])).toEqual([gap("/web", 11), gap("/web", 12)]);
});

test("days that were archived long after, by themselves, owe nothing for the days between them", async () => {
  const late = { at: dayAfter(25) };
  expect(
    await gapsIn(
      [line("/old", 2, "exported", { taskIds: ["t"], ...late })],
      [{ ...receipt("/old", 2), ...late }, { ...receipt("/old", 9), ...late }, receipt("/web", 25)],
    ),
  ).toEqual([]);
});

test("a log group that was archived late is missed on a day that was archived in its Region", async () => {
  const late = { at: dayAfter(25) };
  const receipts = [2, 4].map((n) => ({ ...receipt("/old", n), ...late }));
  expect(await gapsIn([line("/web", 3, "empty", late)], receipts)).toEqual([gap("/old", 3)]);
});

test("a log group is not missed before its first day on record, nor after its last", async () => {
  const lines = [1, 2, 3, 4].map((n) => line("/always", n, "empty"));
  expect(await gapsIn(lines, [receipt("/web", 2), receipt("/web", 3)])).toEqual([]);
});

test("an account that is silent between two days on record is a gap, with the log groups that it is known to have", async () => {
  expect(await gapsIn([], [receipt("/web", 10), receipt("/web", 12)])).toEqual(
    expect.arrayContaining([gap(null, 11), gap("/web", 11)]),
  );
});

test("an account's own line speaks for its silent log groups", async () => {
  const around = [receipt("/web", 10), receipt("/web", 12)];
  expect(await gapsIn([line(null, 11, "skipped", { reason: "account-suspended" })], around)).toEqual([]);
  const failed = await gapsIn([line(null, 11, "failed", { reason: "role-not-assumable" })], around);
  expect(failed).toHaveLength(2);
  expect(failed).toEqual(
    expect.arrayContaining([
      gap(null, 11, "failed", "role-not-assumable"),
      gap("/web", 11, "failed", "role-not-assumable"),
    ]),
  );
});

test("an account that failed after its log groups were settled is no gap", async () => {
  expect(await gapsIn([line(null, 10, "failed", { reason: "role-not-assumable" })], [receipt("/web", 10)])).toEqual([]);
});

test("Regions and accounts are told apart", async () => {
  const lines = [
    line("/web", 10, "failed", { reason: "slot-busy" }),
    line("/web", 12, "empty", { region: "us-east-1" }),
    line("/web", 14, "empty", { account: "400000000000" }),
  ];
  const elsewhere = [
    { ...receipt("/web", 10), region: "us-east-1" },
    { ...receipt("/web", 10), account: "400000000000" },
  ];
  const found = await gapsIn(lines, elsewhere);
  expect(found.filter(({ log_group }) => log_group !== null)).toEqual([
    gap("/web", 10, "failed", "slot-busy"),
    { ...gap("/web", 11), account: "400000000000" },
    { ...gap("/web", 11), region: "us-east-1" },
    { ...gap("/web", 12), account: "400000000000" },
    { ...gap("/web", 13), account: "400000000000" },
  ]);
});
