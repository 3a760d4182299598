import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { ArchiveDatabase } from "../../apps/query/archive-database";
import { toJson } from "../../apps/query/values";
import { eventsOf } from "../../handlers/archive/event-text";
import { folderStores } from "../../handlers/archive/folder-store";
import { archiveFolder, ask, removeFolders } from "./support/archive-folder";
import { archiveOfTexts } from "./support/texts";

afterAll(removeFolders);

/** Letters whose case is not what bytes show, what looks like a time, ends of lines, and what is no UTF-8. */
const pieces = [
  ...[
    "a",
    "K",
    "k",
    "i",
    "I",
    "ss",
    "\u212a",
    "\u0130",
    "\u0131",
    "\u017f",
    "ß",
    "É",
    "é",
    "Σ",
    "ς",
    "\u{1f600}",
    "\ufffd",
    "\ufeff",
  ],
  ...["\0", "\r", "\n", " ", "%", "_", "'", "\\", ".", "2026-11-19T00:00:00.000Z ", "2026-02-31T00:00:00.000Z "],
].map((text) => Buffer.from(text));
const bytes = fc.constantFrom(...pieces, Buffer.from([0xff]), Buffer.from([0xe2, 0x84]), Buffer.from([0xc4]));
const hostileText = fc
  .array(fc.record({ isStamped: fc.boolean(), text: fc.array(bytes, { maxLength: 8 }) }), { maxLength: 8 })
  .map((lines) =>
    Buffer.concat(
      lines.map(({ isStamped, text }, index) =>
        Buffer.concat([Buffer.from(isStamped ? `2026-11-19T10:00:00.00${index}Z ` : ""), ...text, Buffer.from("\n")]),
      ),
    ),
  );
const needle = fc
  .array(fc.constantFrom(...pieces.filter((piece) => !piece.includes(0))), { minLength: 1, maxLength: 3 })
  .map((parts) => Buffer.concat(parts).toString("utf8"));

const literal = (text: string) => `'${text.replaceAll("'", "''")}'`;
/** Each way to look for a text, with the column as it is, and so that what is looked for is not seen. */
const ways: readonly ((column: string, text: string) => string)[] = [
  (column, text) => `contains(${column}, ${literal(text)})`,
  (column, text) => `contains(lower(${column}), lower(${literal(text)}))`,
  (column, text) => `contains(lower(${column}), ${literal(text)})`,
  (column, text) => `contains(${column}, lower(${literal(text)}))`,
  (column, text) => `strpos(${column}, ${literal(text)}) > 0`,
  (column, text) => `0 <> strpos(${column}, ${literal(text)})`,
  (column, text) => `1 <= instr(lower(${column}), ${literal(text)})`,
  (column, text) => `position(${literal(text)} IN ${column}) >= 1`,
  (column, text) => `${column} LIKE ${literal(`%${text}%`)}`,
  (column, text) => `${column} ILIKE ${literal(`${text}%a`)}`,
  (column, text) => `starts_with(${column}, ${literal(text)})`,
  (column, text) => `contains(${column}, ${literal(text)}) AND (${column} LIKE '%a%' OR ${column} ILIKE '%k_i%')`,
];

test("what is looked for in bytes first is found as if every event had been looked at", async () => {
  const texts = fc.sample(hostileText, { seed: 7, numRuns: 80 });
  const database = await ArchiveDatabase.open(folderStores(archiveFolder(archiveOfTexts(texts))));
  const all = async (where: string) => {
    const { batches } = await database.ask({
      sql: `SELECT log_stream, ts, message FROM ordered_events WHERE ${where} ORDER BY place`,
    });
    const found: unknown[] = [];
    for await (const rows of batches) found.push(...rows.map((row) => row.map(toJson)));
    return found;
  };
  try {
    // Every event there is, as the objects' texts have it.
    expect(await all("true")).toEqual(
      texts.flatMap((text, index) =>
        [...eventsOf(text.toString("utf8"))].map(({ timestamp, message }) => [
          `stream-${String(index).padStart(5, "0")}`,
          timestamp === null ? null : new Date(timestamp).toISOString(),
          message,
        ]),
      ),
    );
    let found = 0;
    await fc.assert(
      fc.asyncProperty(needle, fc.constantFrom(...ways), async (text, way) => {
        const rows = await all(way("message", text));
        found += rows.length;
        expect(rows).toEqual(await all(way("concat(message, '')", text)));
      }),
      { seed: 11, numRuns: 150 },
    );
    expect(found).toBeGreaterThan(50);
  } finally {
    database.close();
  }
});

const event = (index: number, message: string) =>
  `2026-11-19T10:00:00.${String(index % 1000).padStart(3, "0")}Z ${message}\n`;

test("many objects, large ones and damaged ones are answered in their order", async () => {
  const noise = (seed: number) =>
    Buffer.from(Array.from({ length: 40_000 }, (_, n) => (n * seed) % 251)).toString("base64");
  const texts = Array.from({ length: 90 }, (_, index) =>
    index === 40
      ? // Read in pieces, of which some hold nothing.
        Array.from({ length: 300 }, (_, n) => event(n, `large ${n} ${"x".repeat(200_000)}`)).join("")
      : event(index, `needle ${noise(index + 2)}`) + event(index, "Needle") + event(index, "nothing"),
  );
  const objects = archiveOfTexts(texts);
  const damaged = objects.map((object, index) =>
    index === 70 ? { ...object, body: gzipSync("x").subarray(0, 12) } : object,
  );
  const folder = archiveFolder(damaged);
  const sql = (where: string) =>
    `SELECT log_stream, message[:9] AS text FROM ordered_events WHERE ${where} ORDER BY place`;
  const { rows, unreadable } = await ask(folder, sql("message ILIKE 'needle%' OR contains(message, 'large 2')"));
  const expected = texts.flatMap((text, index) =>
    index === 70
      ? []
      : [...eventsOf(text)]
          .filter(({ message }) => /^needle|large 2/i.test(message))
          .map(({ message }) => ({
            log_stream: `stream-${String(index).padStart(5, "0")}`,
            text: message.slice(0, 9),
          })),
  );
  expect(rows).toEqual(expected);
  expect(unreadable).toEqual([expect.stringContaining(`${objects[70]?.key} cannot be read (`)]);
  const { rows: count } = await ask(folder, "SELECT count(*) AS n, count(DISTINCT log_stream) AS streams FROM events");
  expect(count).toEqual([{ n: 88 * 3 + 300, streams: 89 }]);
});

test("times before 1970 and far ahead, and texts of every length, pass as they are", async () => {
  const times = [
    "0001-01-01T00:00:00.001Z",
    "1969-12-31T23:59:59.999Z",
    "2026-11-19T00:00:00.000Z",
    "9999-12-31T23:59:59.999Z",
  ];
  const messages = Array.from({ length: 40 }, (_, length) => "é".repeat(length % 7) + "x".repeat(length));
  const text = times.flatMap((time) => messages.map((message) => `${time} ${message}\n`)).join("");
  const { rows } = await ask(archiveFolder(archiveOfTexts([text])), "SELECT epoch_ms(ts) AS ms, message FROM events");
  expect(rows).toEqual(times.flatMap((time) => messages.map((message) => ({ ms: Date.parse(time), message }))));
});
