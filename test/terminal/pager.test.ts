import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import type { Json } from "@duckdb/node-api";
import { writeRows } from "../../apps/cli/output";
import { writeRaw } from "../../apps/cli/query/raw";
import { isPaging, Pages } from "../../apps/terminal/pager";

/** How people read what is longer than their terminal. */

const folder = mkdtempSync(join(tmpdir(), "org-log-archive-pager-"));
const paged = join(folder, "paged");
const toFile = `cat > '${paged}'`;
const missing = "no-such-pager-anywhere 2> /dev/null";
const lines = (count: number) => Array.from({ length: count }, (_, at) => `${at}\n`).join("");

const before = process.env.PAGER;

beforeEach(() => rmSync(paged, { force: true }));
afterEach(() => {
  if (before === undefined) delete process.env.PAGER;
  else process.env.PAGER = before;
});
afterAll(() => rmSync(folder, { recursive: true }));

class Terminal extends PassThrough {
  readonly rows = 5;
  readonly columns = 80;
  text = "";

  constructor(readonly isTTY = true) {
    super();
    this.on("data", (chunk: Buffer) => {
      this.text += chunk.toString();
    });
  }
}

/** What reached the terminal itself, after pieces were written one by one. */
async function shown(pieces: readonly string[], PAGER: string, screen = new Terminal()): Promise<string> {
  const pages = new Pages(screen, { ...process.env, PAGER });
  for (const piece of pieces) await pages.write(piece);
  await pages.end();
  return screen.text;
}

test("a pager gets what is longer than the terminal, however it comes", async () => {
  expect(await shown([lines(3), "last\n", "more\n"], toFile)).toBe("");
  expect(readFileSync(paged, "utf8")).toBe(`${lines(3)}last\nmore\n`);
});

test.each([
  ["what fits", ["1\n", "2\n"], toFile, true],
  ["what no terminal shows", [lines(9)], toFile, false],
  ["what the person wants without a pager", [lines(9)], "", true],
  ["what a pager should show that is not there", [lines(9), lines(100_000), lines(9)], missing, true],
])("%s is written as it is", async (_what, pieces, pager, isTTY) => {
  expect(await shown(pieces, pager, new Terminal(isTTY))).toBe(pieces.join(""));
  expect(existsSync(paged)).toBe(false);
  expect(isPaging()).toBe(false);
});

test("a line that is broken by the terminal counts as those that it takes, and colours as none", async () => {
  const red = (text: string) => `\u001b[31m${text}\u001b[39m\n`;
  expect(await shown([red("x".repeat(80)).repeat(4)], toFile)).toContain("xx");
  expect(await shown([red("x".repeat(81)).repeat(4)], toFile)).toBe("");
});

test("once the person leaves the pager nothing more is asked for, and the terminal is free again", async () => {
  const pages = new Pages(new Terminal(), { ...process.env, PAGER: "head -n 1 > /dev/null" });
  let asked = 0;
  while (await pages.write(lines(1000))) {
    asked += 1;
    if (asked === 1) expect(isPaging()).toBe(true);
  }
  await pages.end();
  expect(isPaging()).toBe(false);
});

test("a table of rows is paged as records that are counted on, and its rows are read no further than the person reads", async () => {
  const columns = Array.from({ length: 9 }, (_, at) => ({ name: `column_${at}` }));
  const row = columns.map((): Json => "a value that is too long for nine columns beside each other");
  let read = 0;
  async function* batches(most: number) {
    for (; read < most; read += 1) yield Array.from({ length: 500 }, () => row);
  }
  process.env.PAGER = toFile;
  expect(await writeRows(columns, batches(5), "table", new Terminal())).toBe(2500);
  expect(
    readFileSync(paged, "utf8")
      .match(/^── \d+ ──$/gm)
      ?.map((one) => Number(/\d+/.exec(one)?.[0])),
  ).toEqual(Array.from({ length: 2500 }, (_, at) => at + 1));
  process.env.PAGER = "head -n 1 > /dev/null";
  read = 0;
  const count = await writeRows(columns, batches(1000), "table", new Terminal());
  expect(count).toBe(read * 500 + 500);
  expect(read).toBeLessThan(1000);
});

test("raw text and lines of CSV and JSON are paged as well, and read no further than the person reads", async () => {
  const row = [null, `text\u001b[31m ${"x".repeat(100)}`];
  let read = 0;
  async function* batches(most: number) {
    for (read = 0; read < most; read += 1) yield Array.from({ length: 500 }, () => row);
  }
  const columns = [{ name: "ts" }, { name: "message" }];
  const answers = {
    raw: (most: number) => {
      const answer = { columns: ["ts", "message"], content: [], records: [], isOrdered: true, batches: batches(most) };
      return writeRaw(answer, new Terminal(), { stamped: false });
    },
    csv: (most: number) => writeRows(columns, batches(most), "csv", new Terminal()),
    json: (most: number) => writeRows(columns, batches(most), "json", new Terminal()),
  };
  for (const write of Object.values(answers)) {
    process.env.PAGER = toFile;
    await write(2);
    expect(readFileSync(paged, "utf8").match(/^.*text\\u001b\[31m x+.*$/gm)).toHaveLength(1000);
    process.env.PAGER = "head -n 1 > /dev/null";
    await write(10_000);
    expect(read).toBeLessThan(10_000);
  }
});
