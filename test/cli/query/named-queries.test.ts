import type { Filter } from "../../../apps/cli/query/filter";
import { parseMoment } from "../../../apps/cli/query/moment";
import { namedQueries, namedQuery } from "../../../apps/cli/query/named-queries";
import type { Question } from "../../../apps/query/archive-database";
import { Receipt } from "../../../handlers/archive/records";
import { namedQueries as athenaQueries } from "../../../handlers/archive/sql/named-queries";
import { account, days, logArchive, midnight, noRole, otherAccount, region } from "../../audit/support/archive";
import { coverageLine } from "../../handlers/support/examples";
import { management } from "../../handlers/support/organisation";
import { archiveFolder, ask } from "../../query/support/archive-folder";
import { byText, expectedEvents } from "../../query/support/expected";
import { useArchive } from "../../query/support/use-archive";

const archive = useArchive();

const [first, second, last] = days;
const filter = (change: Partial<Filter>): Filter => ({ account: [], region: [], lateDays: 1, ...change });
const asked = (id: string, change: Partial<Filter>): Question => ({ sql: namedQuery(id).sql(filter(change)) });
const rowsOf = async (id: string, change: Partial<Filter> = {}) => (await ask(archive.folder, asked(id, change))).rows;

test("the names are those of Athena's saved queries", () => {
  const names = athenaQueries(account).map(({ name }) => name);
  for (const { name } of namedQueries) expect(names).toContain(name);
  expect(namedQuery("what one log group wrote in an HOUR").id).toBe("hour");
  expect(() => namedQuery("nothing")).toThrow("There are: hour, word");
});

test("hour: what the log group wrote from the first millisecond to before the next hour's, in the order of time", async () => {
  const from = parseMoment(new Date(midnight).toISOString());
  const rows = await rowsOf("hour", { account: [account], logGroup: "/app/web", from });
  const expected = expectedEvents("event-time").filter(({ log_group, ts, ...event }) => {
    const at = Date.parse(ts);
    return event.account === account && log_group === "/app/web" && at >= midnight && at < midnight + 3_600_000;
  });
  expect(rows.map(({ message }) => message).sort()).toEqual(expected.map(({ message }) => message).sort());
  expect(rows.map(({ ts }) => ts)).toEqual(rows.map(({ ts }) => ts).sort());
});

test.each([
  ["word", {}, () => true],
  ["word-in-accounts", { account: [otherAccount] }, (of: string) => of === otherAccount],
] as const)("%s: every event of the day with the word, in any case of letters", async (id, change, isWanted) => {
  for (const day of days) {
    const rows = await rowsOf(id, { grep: "eRRor", from: parseMoment(day), ...change });
    const expected = expectedEvents("event-time").filter(
      (event) => event.day === day && isWanted(event.account) && event.message.toLowerCase().includes("error"),
    );
    const texts = (events: readonly object[]) =>
      events.map((event) => ("message" in event ? event.message : undefined)).sort();
    expect(texts(rows)).toEqual(texts(expected));
  }
});

test("never-archived: the accounts of which nothing was archived, with the latest reason", async () => {
  expect(await rowsOf("never-archived")).toMatchObject([
    { account: management, outcome: "skipped", reason: "management-account" },
    { account: logArchive, outcome: "skipped" },
    { account: noRole, region, first_day: first, last_day: last, outcome: "failed" },
  ]);
  expect(await rowsOf("never-archived", { to: parseMoment("2026-11-01") })).toEqual([]);
});

test("bytes-per-month: what the standing receipts count", async () => {
  const bytes = new Map<string, number>();
  for (const { key, body } of archive.objects) {
    // Of the item with later receipts all say the same.
    if (!/^receipts\/.*\.1\.json$/.test(key)) continue;
    const receipt = Receipt.parse(JSON.parse(body.toString("utf8")));
    bytes.set(receipt.account, (bytes.get(receipt.account) ?? 0) + receipt.bytes);
  }
  const rows = await rowsOf("bytes-per-month");
  expect(rows.map(({ account, month, bytes }) => [account, month, bytes])).toEqual(
    [...bytes].map(([account, ofAccount]) => [account, "2026-11", ofAccount]).sort(),
  );
});

test("gaps: a day without a record between days that have one, and what failed", async () => {
  const silent = archive.objects.filter(({ key }) => !key.includes(`day=${second}/account=${account}`));
  const { rows } = await ask(archiveFolder(silent), asked("gaps", { account: [account] }));
  expect(rows.filter((row) => row.account === account).map(({ day, log_group }) => `${day} ${log_group}`)).toEqual(
    expect.arrayContaining([`${second} /app/web`, `${second} /aws/lambda/a.b-c_d#e`]),
  );
  const failed = (await rowsOf("gaps")).map(({ account, day, outcome }) => ({ account, day, outcome }));
  expect(failed).toEqual(days.map((day) => ({ account: noRole, day, outcome: "failed" })));
});

test("failed-and-skipped: with reasons, hostile ones too, until a receipt stands", async () => {
  const reason = "service-error: '; DROP VIEW events; -- <script>\u001b[31m";
  const lines = [
    coverageLine({ logGroup: "=cmd|'/c calc'!A1", day: last, outcome: "failed", reason }),
    coverageLine({ logGroup: "/app/web", day: last, outcome: "failed", reason: "not-reached" }),
  ];
  const body = Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
  const [{ bucket } = { bucket: "" }] = archive.objects;
  const more = { bucket, key: `coverage/day=${last}/account=${account}/run-2-1.jsonl`, body };
  const { rows } = await ask(archiveFolder([...archive.objects, more]), asked("failed-and-skipped", {}));
  expect(rows.map(({ account, log_group, day }) => ({ account, log_group, day })).sort(byText)).toEqual(
    [
      { account, log_group: "=cmd|'/c calc'!A1", day: last },
      ...[management, logArchive, noRole].flatMap((of) => days.map((day) => ({ account: of, log_group: null, day }))),
    ].sort(byText),
  );
  expect(rows.find(({ log_group }) => log_group)).toMatchObject({ reason });
});

test("an option's text stays a text", async () => {
  const hostile = "' OR 1=1; DROP VIEW events; --";
  expect(await rowsOf("word", { grep: hostile, from: parseMoment(first) })).toEqual([]);
  const from = parseMoment(first);
  expect(await rowsOf("hour", { account: [hostile], logGroup: hostile, from })).toEqual([]);
});

test("what an option lacks, or has too much of, is said", () => {
  expect(() => asked("hour", { account: [account], from: parseMoment(first) })).toThrow("needs --log-group");
  expect(() => asked("hour", { account: [account, noRole] })).toThrow("needs --from");
  expect(() => asked("word", { grep: "x", from: parseMoment("2026-11-20T13:00") })).toThrow("is a time");
  expect(() => asked("word", { grep: "x", from: parseMoment(first), to: parseMoment(last) })).toThrow("one day");
  expect(() => asked("word-in-accounts", { grep: "x", from: parseMoment(first) })).toThrow("needs --account");
});
