import { gzipSync } from "node:zlib";
import fc from "fast-check";
import type { DryRunStore } from "../../../../handlers/archive/dry-run";
import { codecs } from "../../../../handlers/archive/event-files/compression";
import { type EventFileOptions, EventFiles } from "../../../../handlers/archive/event-files/event-files";
import type { EventSource } from "../../../../handlers/archive/event-files/held-events";
import { eventBlock, eventsOf } from "../../../../handlers/archive/event-text";
import type { SealedEventFile } from "../../../../handlers/archive/seals";
import {
  askDuckDb,
  exported,
  fileColumns,
  memoryArchive,
  type Row,
  rowsOf,
  source,
  type WrittenFile,
} from "./support/rows";

type TextOf = readonly [of: EventSource, text: Buffer];

const noon = Date.parse("2026-11-19T12:00:00.000Z");

/** The files of texts, each an item. */
async function filesOf(texts: Iterable<TextOf>, options: EventFileOptions = {}): Promise<WrittenFile[]> {
  const archive = memoryArchive();
  const files = new EventFiles(fileColumns, archive, options);
  for (const [of, text] of texts) {
    await files.add(of, eventBlock(text));
    files.endItem();
  }
  return written(archive, await files.finish());
}

function written({ written: objects }: DryRunStore, files: readonly SealedEventFile[]): WrittenFile[] {
  return files.map((file) => ({ ...file, body: objects.get(file.key) ?? Buffer.alloc(0) }));
}

/** The rows that texts have, in the order in which they came. */
function expectedRows(texts: Iterable<TextOf>): Row[] {
  return [...texts].flatMap(([{ logGroup, logStream, taskId }, text]) =>
    [...eventsOf(text.toString())].map(
      ({ timestamp, message }): Row => [timestamp, logGroup, logStream, taskId, message],
    ),
  );
}

/** By log group, log stream and time, text without a time first; the rest as it was. */
function sorted(rows: readonly Row[]): Row[] {
  const compare = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));
  const time = (ts: number | null) => ts ?? Number.MIN_SAFE_INTEGER;
  return [...rows].sort((a, b) => compare(a[1], b[1]) || compare(a[2], b[2]) || time(a[0]) - time(b[0]));
}

const hostile: readonly TextOf[] = [
  [source("/z", "_hidden"), exported([[noon, "starts with an underscore"]])],
  [source("/z", ".dot"), exported([[noon, "starts with a dot"]])],
  [source("/z", "ünï-\u{1f600}-\uffff"), exported([[noon, "\u{1f600} \uffff \0 \u2028 \r\n and 'quotes' \"\\"]])],
  [source("/a", "s"), Buffer.from(`lost\nhead\n${exported([[noon, "late"]])}`)],
  [
    source("/a", "s"),
    exported([
      [noon - 5, "early"],
      [noon, "same time, later place"],
      [noon - 6, ""],
    ]),
  ],
  [
    source("/a", "s", "task-2"),
    exported([
      [noon, "a\n\n  b\n"],
      [0, "1970"],
      [253402300799999, "9999"],
    ]),
  ],
  [source("/a", "empty"), Buffer.alloc(0)],
];

describe.each(codecs)("with $codec", (compression) => {
  it("holds every event once, whole, in order, whatever streams and messages are called", async () => {
    const [file, ...more] = await filesOf(hostile, { compression });
    expect(more).toEqual([]);
    expect(file?.events).toBe(11);
    expect(file?.taskIds.toSorted()).toEqual(["task-1", "task-2"]);
    expect(await rowsOf(file ? [file] : [])).toEqual(sorted(expectedRows(hostile)));
  });

  it("is about as large as the objects that it was made from", async () => {
    const text = exported(
      Array.from({ length: 20_000 }, (_, n) => [
        noon + n,
        `{"level":"info","request":"${(n * 2_654_435_761) % 4_294_967_296}","path":"/orders/${n % 97}","ms":${n % 1000}}`,
      ]),
    );
    const [file] = await filesOf([[source("/app", "s"), text]], { compression });
    expect(file?.body.length).toBeLessThan(gzipSync(text).length * 1.1);
  });
});

it("has the same rows for DuckDB, with the columns' names and types, and the time in UTC", async () => {
  const [file] = await filesOf(hostile);
  if (!file) throw new Error("There is no file");
  expect(await askDuckDb(file, "SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM $file)")).toEqual(
    ["ts", "region", "account", "day", "log_group", "log_stream", "task_id", "message"].map((column_name) => ({
      column_name,
      column_type: column_name === "ts" ? "TIMESTAMP WITH TIME ZONE" : "VARCHAR",
    })),
  );
  const rows = await askDuckDb(file, "SELECT epoch_ms(ts) AS ms, * FROM $file");
  expect(
    rows.map(({ ms, ...row }) => [ms && Number(ms), row.log_group, row.log_stream, row.task_id, row.message]),
  ).toEqual(sorted(expectedRows(hostile)));
  expect(new Set(rows.map(({ region, account, day }) => `${region} ${account} ${day}`))).toEqual(
    new Set([`${fileColumns.region} ${fileColumns.account} ${fileColumns.day}`]),
  );
});

it("loses and doubles nothing wherever files and row groups end, and gives the same bytes again", async () => {
  const stamp = fc.integer({ min: noon, max: noon + 20 });
  const text = fc
    .array(fc.tuple(stamp, fc.constantFrom("a", "", "b\n  c", "ü")), { maxLength: 8 })
    .map((events) => exported(events));
  const place = fc.tuple(fc.constantFrom("/a", "/b"), fc.constantFrom("x", "y", "x-y"), fc.constantFrom("t1", "t2"));
  const texts = fc.array(
    fc.tuple(
      place.map((of) => source(...of)),
      text,
    ),
    { maxLength: 8 },
  );
  await fc.assert(
    fc.asyncProperty(
      texts,
      fc.integer({ min: 1, max: 600 }),
      fc.integer({ min: 1, max: 200 }),
      async (of, fileBytes, rowGroupBytes) => {
        const files = await filesOf(of, { fileBytes, rowGroupBytes });
        const rows = await rowsOf(files);
        expect(sorted(rows)).toEqual(sorted(expectedRows(of)));
        for (const file of files) {
          const ofFile = await rowsOf([file]);
          expect(ofFile).toEqual(sorted(ofFile));
          expect([file.events, new Set(file.taskIds)]).toEqual([
            ofFile.length,
            new Set(ofFile.map(([, , , taskId]) => taskId)),
          ]);
        }
        expect(await filesOf(of, { fileBytes, rowGroupBytes })).toEqual(files);
      },
    ),
    { seed: 20_261_126, numRuns: 60 },
  );
});

describe("what a question has to read", () => {
  const names = ["/aws/lambda/function-with-a-long-name-1", "/aws/lambda/function-with-a-long-name-2"];
  const large = (first: number) =>
    exported(Array.from({ length: 24_000 }, (_, n) => [first + n * 3600, "x".repeat(100)]));

  it("is told by statistics: each log group's row groups name it whole, and follow the hours", async () => {
    const midnight = noon - 12 * 3_600_000;
    const [file] = await filesOf(
      names.map((name): TextOf => [source(name, "s"), large(midnight)]),
      { rowGroupBytes: 1024 ** 2 },
    );
    if (!file) throw new Error("There is no file");
    const groups = await askDuckDb(
      file,
      `SELECT row_group_id, path_in_schema AS name, stats_min_value AS low, stats_max_value AS high
       FROM parquet_metadata($file) WHERE path_in_schema IN ('log_group', 'ts') ORDER BY row_group_id, column_id`,
    );
    const bounds = groups.filter(({ name }) => name === "log_group").map(({ low, high }) => [low, high]);
    expect(bounds).toEqual(names.flatMap((name) => Array(bounds.length / 2).fill([name, name])));
    const hours = groups.filter(({ name }) => name === "ts").map(({ low, high }) => [String(low), String(high)]);
    expect(hours.length).toBeGreaterThan(4);
    const perGroup = hours.length / 2;
    for (const [index, [low = "", high = ""]] of hours.slice(0, perGroup).entries()) {
      expect(low <= high).toBe(true);
      expect((hours[index + 1]?.[0] ?? "9999") > high || index === perGroup - 1).toBe(true);
    }
  });

  it("is little where log groups are small: they share a row group", async () => {
    const small = Array.from({ length: 50 }, (_, n): TextOf => [source(`/small/${n}`, "s"), exported([[noon, "x"]])]);
    const [file] = await filesOf(small);
    if (!file) throw new Error("There is no file");
    expect(await askDuckDb(file, "SELECT num_row_groups AS n FROM parquet_file_metadata($file)")).toEqual([{ n: "1" }]);
  });

  it("is told of every column", async () => {
    const [file] = await filesOf(hostile);
    if (!file) throw new Error("There is no file");
    const columns = await askDuckDb(
      file,
      "SELECT path_in_schema AS name, stats_null_count AS nulls FROM parquet_metadata($file)",
    );
    expect(columns.map(({ nulls }) => nulls)).toEqual(["1", ...Array(7).fill("0")]);
  });
});

describe("an item that is larger than what is left of a step", () => {
  const small = source("/small", "s", "small");
  const large = source("/large", "s", "large");
  const piece = (n: number) => exported([[noon + n, `${n} ${"x".repeat(300)}`]]);

  async function begin() {
    const archive = memoryArchive();
    const files = new EventFiles(fileColumns, archive, { fileBytes: 700 });
    await files.add(small, eventBlock(piece(0)));
    files.endItem();
    for (const n of [1, 2, 3, 4, 5]) await files.add(large, eventBlock(piece(n)));
    return { archive, files };
  }

  it("is in no file with another item, so that a seal without it names none of its events", async () => {
    const { archive, files } = await begin();
    files.dropItem();
    const sealed = written(archive, await files.finish());
    expect(sealed.map(({ taskIds }) => taskIds)).toEqual([["small"]]);
    expect(await rowsOf(sealed)).toEqual(expectedRows([[small, piece(0)]]));
    expect(archive.written.size).toBeGreaterThan(1);
  });

  it("is gone on with: its files are of both steps, and have everything once", async () => {
    const { archive, files } = await begin();
    const kept = await files.keepItem();
    expect(new Set(kept.flatMap(({ taskIds }) => taskIds))).toEqual(new Set(["large"]));
    expect((await files.finish()).map(({ taskIds }) => taskIds)).toEqual([["small"]]);
    const next = new EventFiles(fileColumns, archive, { fileBytes: 700 });
    next.resumeItem(kept);
    await next.add(large, eventBlock(piece(6)));
    next.endItem();
    const sealed = written(archive, await next.finish());
    expect(sorted(await rowsOf(sealed))).toEqual(expectedRows([1, 2, 3, 4, 5, 6].map((n) => [large, piece(n)])));
  });

  it("leaves nothing behind where its files were written before: the same events have the same key", async () => {
    const { archive, files } = await begin();
    await files.keepItem();
    const keys = [...archive.written.keys()];
    const again = new EventFiles(fileColumns, archive, { fileBytes: 700 });
    for (const n of [1, 2, 3, 4, 5]) await again.add(large, eventBlock(piece(n)));
    await again.keepItem();
    expect([...archive.written.keys()]).toEqual(keys);
  });
});
