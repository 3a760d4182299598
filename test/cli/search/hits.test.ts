import { archivedDays, chunksOf } from "../../../apps/cli/search/chunks";
import { type HitRow, HitSearch } from "../../../apps/cli/search/hits";
import type { Search } from "../../../apps/cli/search/question";
import { ArchiveDatabase } from "../../../apps/query/archive-database";
import { folderStores } from "../../../handlers/archive/folder-store";
import { account, days, otherAccount, region } from "../../audit/support/archive";
import { expectedEvents } from "../../query/support/expected";
import { useArchive } from "../../query/support/use-archive";

const archive = useArchive();

/** Looks for texts over all days, and for what is around them. */
async function searchFor(texts: readonly string[], change: Partial<Search> = {}, around?: number, limit = 1000) {
  const buckets = folderStores(archive.folder);
  const database = await ArchiveDatabase.open(buckets);
  const looked: string[] = [];
  try {
    const search: Search = { account: [], region: [], lateDays: 1, sought: { texts }, ...change };
    const hits = new HitSearch(database, search, chunksOf(archivedDays(buckets, {})), ({ from }) => looked.push(from));
    const rows: HitRow[] = [];
    for await (const batch of around === undefined ? hits.hits() : hits.blocksOf(around, limit)) rows.push(...batch);
    return { rows, counts: hits.counts(), looked };
  } finally {
    database.close();
  }
}

test("hits are those events that hold every text, the newest day first, in every account and Region", async () => {
  const { rows, looked } = await searchFor(["ERROR"]);
  const expected = expectedEvents("event-time").filter(({ message }) => /error/i.test(message));
  expect(rows.map(({ message }) => message).sort()).toEqual(expected.map(({ message }) => message).sort());
  expect(new Set(rows.map((row) => row.region)).size).toBe(2);
  const order = rows.map(({ day, ts }) => `${day} ${ts}`);
  expect(order).toEqual([...order].sort().reverse());
  expect(looked).toEqual([days[2], days[0]]);
  expect((await searchFor(["ERROR", "elsewhere"])).rows).toHaveLength(2);
});

test("hits are counted by account, Region and log group, with the account's name", async () => {
  const { rows, counts } = await searchFor(["error"]);
  expect(counts.reduce((sum, { hits }) => sum + hits, 0)).toBe(rows.length);
  expect(counts).toContainEqual({
    ...{ account: otherAccount, account_name: `account ${otherAccount}`, region },
    ...{ log_group: "/app/web", hits: 1 },
  });
  expect(counts.map(({ hits }) => hits)).toEqual(counts.map(({ hits }) => hits).sort((a, b) => b - a));
});

test("a search is narrowed by account and log group, and by whole words", async () => {
  const only = { account: [account], logGroup: "/aws/lambda/a.b-c_d#e" };
  expect((await searchFor(["error"], only)).rows.map(({ log_group }) => log_group)).toEqual([
    ...["/aws/lambda/a.b-c_d#e", "/aws/lambda/a.b-c_d#e", "/aws/lambda/a.b-c_d#e"],
  ]);
  expect((await searchFor([], { sought: { words: ["rror"] } })).rows).toEqual([]);
});

test("around a hit come the events before and after it in its log stream, in the order of time, and it is marked", async () => {
  const { rows, counts } = await searchFor(["exactly at midnight"], { account: [account] }, 1);
  expect(rows.map(({ message, hit }) => [message, hit])).toEqual([
    ["exactly at midnight", true],
    ["stamped ahead of its ingestion", false],
  ]);
  expect(new Set(rows.map(({ log_stream }) => log_stream))).toEqual(new Set(["plain"]));
  expect(counts).toMatchObject([{ account, log_group: "/app/web", hits: 1 }]);
  const two = await searchFor(["first of the"], { account: [account] }, 2);
  expect(two.rows.map(({ message, hit }) => [message, hit])).toEqual([
    ...[
      ["exactly at midnight", false],
      ["stamped ahead of its ingestion", false],
    ],
    ...[
      ["the first of the day", true],
      ["the first of the next hour", true],
    ],
    [expect.stringContaining("carriage"), false],
    ["", false],
  ]);
  expect(new Set(two.rows.map(({ block }) => block))).toEqual(new Set([1]));
});

test("hits that lie apart are blocks of their own, numbered on, the newest first; a limit ends with a whole block", async () => {
  const { rows } = await searchFor(["error"], { account: [account] }, 0);
  const blocks = rows.map(({ block }) => Number(block));
  expect(blocks).toEqual(rows.map((_, index) => index + 1));
  const order = rows.map(({ day, ts }) => `${day} ${ts}`);
  expect(order).toEqual([...order].sort().reverse());
  const limited = await searchFor(["error"], { account: [account] }, 0, 2);
  expect(limited.rows).toEqual(rows.slice(0, 2));
  expect(limited.counts.reduce((sum, { hits }) => sum + hits, 0)).toBe(rows.length);
  const [newest, ...others] = (await searchFor(["t"], { account: [account], logGroup: "/app/web" }, 0, 1)).rows;
  expect(newest).toMatchObject({ message: expect.stringMatching(/^more\n/), hit: true });
  expect(others).toEqual([]);
});

test("a limit begins no day that it does not need, and leaves no hit uncounted of a day that it began", async () => {
  const columns = ["day", "account", "region", "log_group", "message"];
  const asked: unknown[] = [];
  const database: Pick<ArchiveDatabase, "ask"> = {
    async ask({ selection }) {
      asked.push(selection);
      const row = [days[0], account, region, "/app/web", "error"];
      async function* batches() {
        yield [row, row];
        yield [row, row];
      }
      return { columns, content: [], records: [], isOrdered: true, batches: batches() };
    },
  };
  const search: Search = { account: [], region: [], lateDays: 1, sought: { texts: ["error"] } };
  const chunks = [...days].reverse().map((day) => ({ from: day, to: day }));
  const found = async (limit: number | undefined) => {
    const hits = new HitSearch(database, search, chunks, () => {});
    const rows: HitRow[] = [];
    for await (const batch of hits.hits(limit)) rows.push(...batch);
    const counted = hits.counts().reduce((sum, one) => sum + one.hits, 0);
    return { rows: rows.length, counted, looked: hits.daysLooked(), isAll: hits.hasLookedEverywhere() };
  };
  const looked = (from: string) => ({ from, to: days[2] });
  expect(await found(1)).toEqual({ rows: 1, counted: 4, looked: looked(days[2]), isAll: false });
  expect(await found(4)).toEqual({ rows: 4, counted: 4, looked: looked(days[2]), isAll: false });
  expect(await found(5)).toEqual({ rows: 5, counted: 8, looked: looked(days[1]), isAll: false });
  expect(await found(undefined)).toEqual({ rows: 12, counted: 12, looked: looked(days[0]), isAll: true });
  expect(asked).toHaveLength(1 + 1 + 2 + 3);
});
