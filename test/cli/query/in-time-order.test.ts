import { type DuckDBValue, timestampValue } from "@duckdb/node-api";
import { inTimeOrder, roomToOrder } from "../../../apps/cli/query/in-time-order";
import { type Answer, ArchiveDatabase } from "../../../apps/query/archive-database";
import { account, days } from "../../audit/support/archive";
import { useArchive } from "../../query/support/use-archive";
import { type Ended, orgLogArchive } from "../support/command";

/** Rows of SQL that says nothing of their order. */

const archive = useArchive();

const asTimes = (numbers: readonly (number | null)[]) =>
  numbers.map((number) => (number === null ? null : timestampValue(BigInt(number))));

function answer(columns: readonly string[], batches: readonly (readonly (readonly DuckDBValue[])[])[]): Answer {
  async function* all() {
    yield* batches;
  }
  return { columns, content: [], records: [], isOrdered: false, batches: all() };
}

async function batchesOf({ batches }: Answer): Promise<(readonly (readonly DuckDBValue[])[])[]> {
  const all = [];
  for await (const rows of batches) all.push(rows);
  return all;
}

const never = () => {
  throw new Error("They are not too many.");
};

test("rows come by ts, or else by day, those of one time as they were found, and those without one last", async () => {
  const [late, early, none] = asTimes([20, 10, null]);
  const rows = [
    [late ?? null, "a"],
    [none ?? null, "b"],
    [early ?? null, "c"],
  ];
  const byTs = inTimeOrder(answer(["ts", "day"], [rows, [[early ?? null, "d"]]]), roomToOrder, never);
  expect((await batchesOf(byTs)).flat().map(([, name]) => name)).toEqual(["c", "d", "a", "b"]);
  const byDay = answer(
    ["n", "day"],
    [
      [
        [1, days[2]],
        [2, days[0]],
      ],
      [
        [3, null],
        [4, days[0]],
      ],
    ],
  );
  const [sorted = []] = await batchesOf(inTimeOrder(byDay, roomToOrder, never));
  expect(sorted.map(([n]) => n)).toEqual([2, 4, 1, 3]);
});

test("rows without a time, and those whose order is said, come as they are found", async () => {
  const batches = [[[2]], [[1]]];
  expect(await batchesOf(inTimeOrder(answer(["n"], batches), roomToOrder, never))).toEqual(batches);
  const said = { ...answer(["day"], [[["b"]], [["a"]]]), isOrdered: true };
  expect(await batchesOf(inTimeOrder(said, roomToOrder, never))).toEqual([[["b"]], [["a"]]]);
});

test.each([
  ["rows", { ...roomToOrder, rows: 2 }],
  ["characters", { ...roomToOrder, characters: 2 }],
])("too many %s stream as they are found, and that is told before the first", async (_what, room) => {
  let read = 0;
  let told = 0;
  async function* endless() {
    for (;;) yield [[String(9 - read++)]];
  }
  const { batches } = inTimeOrder({ ...answer(["day"], []), batches: endless() }, room, () => {
    told += 1;
  });
  const found: unknown[] = [];
  for await (const rows of batches) {
    expect(told).toBe(1);
    // Nothing is read ahead.
    found.push(...rows.flat());
    expect(read).toBe(found.length);
    if (found.length > 5) break;
  }
  expect(found).toEqual(["9", "8", "7", "6", "5", "4"]);
});

test.each([
  ["SELECT * FROM events", false],
  ["SELECT string_agg(message ORDER BY ts) AS day, row_number() OVER (ORDER BY 1) FROM events", false],
  ["SELECT * FROM events ORDER BY message", true],
  ["SELECT day FROM events UNION ALL SELECT day FROM events ORDER BY 1", true],
  ["SELECT * FROM (SELECT * FROM events ORDER BY message LIMIT 3)", true],
  ["WITH few AS (SELECT * FROM events ORDER BY message) SELECT * FROM few", true],
])("whether SQL says an order: %s: %s", async (sql, isOrdered) => {
  const database = await ArchiveDatabase.open([]);
  const asked = await database.ask({ sql });
  expect(asked.isOrdered).toBe(isOrdered);
  await batchesOf(asked);
  database.close();
});

async function query(sql: string, ...options: readonly string[]): Promise<string[]> {
  const args = ["query", sql, "--archive", archive.folder, "--account", account, "--json", ...options];
  const { out }: Ended = await orgLogArchive(args);
  return out
    .trimEnd()
    .split("\n")
    .map((line) => Object.values(JSON.parse(line)).join(" "));
}

test("events that SQL asks for come in the order of time unless it says otherwise, and --limit takes the first", async () => {
  const [plain, first, otherwise, perDay] = await Promise.all([
    query("SELECT ts, log_group FROM events"),
    query("SELECT ts, log_group FROM events", "--limit", "3"),
    query("SELECT ts FROM events ORDER BY ts DESC"),
    query("SELECT day, count(*) AS n FROM events GROUP BY day"),
  ]);
  const times = plain.map((row) => row.slice(0, 24));
  expect(times.length).toBeGreaterThan(10);
  expect(times).toEqual([...times].sort());
  expect(first).toEqual(plain.slice(0, 3));
  expect(otherwise).toEqual([...times].reverse());
  expect(perDay.map((row) => row.slice(0, 10))).toEqual([...days]);
});
