import { Receipt } from "../../handlers/archive/records";
import {
  addressSeen,
  bytesPerMonth,
  eventsPerLogGroup,
  failedAndSkipped,
  logGroupEvents,
  neverArchived,
  notSealed,
  principalActed,
  wordOnDay,
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
import { overEvents, overRecords } from "./support/raw-records";

const month = { from: "2026-11-01", to: "2026-11-30" };
const hour = 3_600_000;

let objects: ArchivedObject[];
let athena: LocalAthena;
beforeAll(async () => {
  objects = await makeArchive("event-time", true);
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

test("a word across the organisation: in any case of letters, everywhere, in one statement", async () => {
  expect(await athena.rows(wordOnDay({ word: "ERROR", day: days[1] }))).toMatchObject([
    { region, account: otherAccount, message: "an Error elsewhere" },
    { region: otherRegion, account: otherAccount, message: "an Error elsewhere" },
  ]);
  expect(await athena.rows(wordOnDay({ word: "ERROR", day: days[1], accounts: [account] }))).toEqual([]);
  expect(await athena.rows(wordOnDay({ word: "it's \"%_\\' OR 1=1 --", day: days[1] }))).toEqual([]);
});

describe("over events that say who did what from where", () => {
  const arn = "arn:aws:sts::300000000000:assumed-role/Admin/mallory";
  const call = (eventName: string, principal: string) =>
    JSON.stringify({ eventSource: "s3.amazonaws.com", eventName, userIdentity: { arn: principal }, requestID: "1" });
  let asked: LocalAthena;
  beforeAll(async () => {
    asked = await overEvents([
      ["/flow", "2 eni-1 198.51.100.19 10.0.0.1 443 ACCEPT"],
      ["/flow", "2 eni-1 198.51.100.190 10.0.0.1 443 ACCEPT"],
      ["/flow", "2 eni-1 1198.51.100.19 10.0.0.1 443 ACCEPT"],
      ["/flow", "2 eni-1 198x51.100.19 10.0.0.1 443 ACCEPT"],
      ["/app", "from 198.51.100.19"],
      ["/app", "from 2001:db8::1, and 2001:db8::12"],
      ["/trail", call("GetObject", arn)],
      ["/trail", call("PutObject", "arn:aws:sts::300000000000:assumed-role/Admin/alice")],
      ["/app", `no JSON about "eventSource" and ${arn}`],
    ]);
  });
  afterAll(() => asked.close());

  test("an address is found whole, by account and log group", async () => {
    const seen = async (address: string) =>
      (await asked.rows(addressSeen({ address, days: month }))).map(({ log_group, events }) => [log_group, events]);
    expect(await seen("198.51.100.19")).toEqual([
      ["/app", "1"],
      ["/flow", "1"],
    ]);
    expect(await seen("2001:db8::1")).toEqual([["/app", "1"]]);
    expect(await seen("51.100.1")).toEqual([]);
  });

  test("what a principal did is what CloudTrail says of it, and no text that has its name", async () => {
    expect(await asked.rows(principalActed({ principal: "mallory", days: month }))).toMatchObject([
      { event_source: "s3.amazonaws.com", event_name: "GetObject", request_id: "1", error_code: null },
    ]);
  });

  test("how much each log group wrote is counted by its events", async () => {
    const rows = await asked.rows(eventsPerLogGroup(month));
    expect(rows.map(({ log_group, events }) => [log_group, events]).sort()).toEqual([
      ["/app", "3"],
      ["/flow", "4"],
      ["/trail", "2"],
    ]);
  });
});

test("archived and not sealed yet is what no seal binds: here the later receipts that were added after the run", async () => {
  const rows = await athena.rows(notSealed(month));
  expect(new Set(rows.map(({ account, day, log_group }) => [account, day, log_group].join(" ")))).toEqual(
    new Set([[otherAccount, days[1], "/app/web"].join(" ")]),
  );
  const unsealed = await LocalAthena.create(read(objects.filter(({ key }) => !key.startsWith("seals/"))));
  const receipts = objects.filter(({ key }) => key.startsWith("receipts/"));
  expect(await unsealed.rows(notSealed(month))).toHaveLength(receipts.length);
  unsealed.close();
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
