import { Receipt } from "../../handlers/archive/records";
import {
  bytesPerMonth,
  failedAndSkipped,
  logGroupEvents,
  neverArchived,
  wordInAccounts,
  wordStatements,
} from "../../handlers/archive/sql/questions";
import { closeAll } from "../handlers/support/emulated";
import { coverageLine } from "../handlers/support/examples";
import {
  type ArchivedObject,
  account,
  days,
  makeArchive,
  midnight,
  noRole,
  otherAccount,
  otherRegion,
  region,
  sourceEvents,
} from "./support/archive";
import { read } from "./support/athena";
import { LocalAthena } from "./support/duckdb";
import { overRecords } from "./support/raw-records";

const month = { from: "2026-11-01", to: "2026-11-30" };
const hour = 3_600_000;

let objects: ArchivedObject[];
let athena: LocalAthena;
beforeAll(async () => {
  objects = await makeArchive("event-time");
  athena = await LocalAthena.create(read(objects));
});
afterAll(async () => {
  athena.close();
  await closeAll();
});

test("what one log group wrote in an hour: from its first millisecond to before the next hour's, in order", async () => {
  const rows = await athena.rows(
    logGroupEvents({ account, logGroup: "/app/web", from: midnight, to: midnight + hour }),
  );
  const expected = sourceEvents
    .filter(({ account: of, logGroup, timestamp }) => {
      return of === account && logGroup === "/app/web" && timestamp >= midnight && timestamp < midnight + hour;
    })
    .map(({ message }) => message);
  expect(rows.map(({ message }) => message).sort()).toEqual(expected.sort());
  expect(rows.map(({ ts }) => ts)).toEqual(rows.map(({ ts }) => ts).sort());
});

test("a word across the organisation: the statements that are written find it everywhere, in any case of letters", async () => {
  const day = days[1];
  const written = await athena.rows(wordStatements({ word: "ERROR", day }));
  expect(written).toMatchObject([{ accounts: "2" }]);
  // The other account has receipts of nothing but empty log groups.
  expect(await athena.rows(wordStatements({ word: "ERROR", day: days[0] }))).toMatchObject([{ accounts: "1" }]);
  const found = await Promise.all(written.map(({ statement }) => athena.rows(String(statement))));
  expect(found.flat()).toMatchObject([
    { region, account: otherAccount, message: "an Error elsewhere" },
    { region: otherRegion, account: otherAccount, message: "an Error elsewhere" },
  ]);
});

test("a written statement is the one that can be asked for some accounts, whatever the word", async () => {
  const word = "it's {accounts} \"%_\\' OR 1=1 --";
  const [row] = await athena.rows(wordStatements({ word, day: days[1] }));
  expect(row?.statement).toBe(wordInAccounts({ word, day: days[1], accounts: [account, otherAccount] }));
  expect(await athena.rows(String(row?.statement))).toEqual([]);
});

test("a statement names at most 1,000 accounts, and is cut where the accounts' data is much", async () => {
  const small = Array.from({ length: 1001 }, (_, index) => ({ account: String(100000000000 + index) }));
  const receiptOf = ({ account }: { account: string }, bytes: number) => ({ account, tasks: [taskOf(bytes)] });
  const many = await overRecords(
    [],
    small.map((of) => receiptOf(of, 1)),
  );
  expect(await many.rows(wordStatements({ word: "x", day: "2026-11-19" }))).toMatchObject([
    { accounts: "1000" },
    { accounts: "1" },
  ]);
  many.close();
  const large = await overRecords(
    [],
    small.slice(0, 4).map((of) => receiptOf(of, 600_000_000)),
  );
  const statements = await large.rows(wordStatements({ word: "x", day: "2026-11-19" }));
  large.close();
  expect(statements.map(({ accounts }) => Number(accounts)).reduce((sum, count) => sum + count)).toBe(4);
  expect(Math.max(...statements.map(({ bytes }) => Number(bytes)))).toBeLessThan(2_147_483_647);
});

test("who was never archived: accounts without a receipt or an empty log group, with the latest reason", async () => {
  const rows = await athena.rows(neverArchived(month));
  expect(rows.map((row) => row.account)).toEqual(["100000000000", "200000000000", noRole]);
  expect(rows[2]).toMatchObject({
    region,
    first_day: days[0],
    last_day: days[2],
    outcome: "failed",
    reason: expect.stringContaining("role-not-assumable"),
  });
});

test("an account whose run died before it could say so was archived all the same", async () => {
  const lines = [coverageLine({ outcome: "failed", reason: "execution-died" })];
  const [receipted, unreceipted] = [await overRecords(lines, [{}]), await overRecords(lines, [])];
  expect(await receipted.rows(neverArchived(month))).toEqual([]);
  expect(await unreceipted.rows(neverArchived(month))).toMatchObject([{ account, reason: "execution-died" }]);
  receipted.close();
  unreceipted.close();
});

test("bytes per account and month are those of the standing receipts", async () => {
  const expected: Record<string, number> = {};
  // The later receipts say of the item what the first does: one of the three counts.
  const first = objects.filter(({ key }) => key.startsWith("receipts/") && key.endsWith(".1.json"));
  for (const object of first) {
    const receipt = Receipt.parse(JSON.parse(object.body.toString("utf8")));
    expected[receipt.account] = (expected[receipt.account] ?? 0) + receipt.bytes;
  }
  const rows = await athena.rows(bytesPerMonth(month));
  expect(Object.fromEntries(rows.map((row) => [row.account, Number(row.bytes)]))).toEqual(expected);
  expect(new Set(rows.map((row) => row.month))).toEqual(new Set(["2026-11"]));
});

test("failed and skipped says why, of accounts too, and leaves out what is receipted or was settled later", async () => {
  const at = "2026-11-21T00:00:00.000Z";
  const athena = await overRecords(
    [
      coverageLine({ logGroup: "/busy", outcome: "failed", reason: "slot-busy" }),
      coverageLine({ logGroup: "/old", outcome: "skipped", reason: "expired" }),
      coverageLine({ logGroup: "/receipted", outcome: "failed", reason: "not-reached" }),
      coverageLine({ account: "400000000000", logGroup: null, outcome: "failed", reason: "role-not-assumable" }),
      coverageLine({ account: noRole, logGroup: null, outcome: "failed", reason: "role-not-assumable" }),
      coverageLine({ account: noRole, logGroup: "/web", outcome: "empty", at }),
    ],
    [{ logGroup: "/receipted" }],
  );
  const rows = await athena.rows(failedAndSkipped(month));
  athena.close();
  expect(rows.map(({ account, log_group, outcome, reason }) => [account, log_group, outcome, reason])).toEqual([
    ["400000000000", null, "failed", "role-not-assumable"],
    [account, "/busy", "failed", "slot-busy"],
    [account, "/old", "skipped", "expired"],
  ]);
});

function taskOf(bytes: number) {
  return {
    taskId: "task",
    taskName: "name",
    prefix: "prefix",
    from: 0,
    to: 1,
    objects: 1,
    bytes,
    listingSha256: "0".repeat(64),
    createdAt: "2026-11-20T13:30:00.000Z",
    completedAt: "2026-11-20T13:31:00.000Z",
  };
}
