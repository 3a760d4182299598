import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { readText } from "../../apps/query/reading";
import { type ViewName, viewColumns } from "../../handlers/archive/sql/columns";
import { archiveFolder, ask } from "./support/archive-folder";
import { useArchive } from "./support/use-archive";

const archive = useArchive();
let secret: string;

beforeAll(() => {
  secret = mkdtempSync(join(tmpdir(), "org-log-archive-secret-"));
  writeFileSync(join(secret, "file.csv"), "a\nsecret\n");
});
afterAll(() => rmSync(secret, { recursive: true }));

test.each(Object.keys(viewColumns) as ViewName[])(
  "the view %s has the columns and types that it has in Athena",
  async (view) => {
    const types: Readonly<Record<string, string>> = {
      "timestamp(3)": "TIMESTAMP",
      "array(varchar)": "VARCHAR[]",
    };
    const { rows } = await ask(archive.folder, `DESCRIBE ${view}`);
    expect(rows.map(({ column_name, column_type }) => [column_name, column_type])).toEqual(
      viewColumns[view].map(({ name, type }) => [name, types[type] ?? type.toUpperCase()]),
    );
  },
);

test.each([
  "COPY (SELECT 1) TO '/tmp/org-log-archive-copy'",
  "CREATE TABLE t AS SELECT 1",
  "ATTACH '/tmp/org-log-archive.db'",
  "SET enable_external_access = true",
  "PRAGMA enable_profiling",
  "INSTALL httpfs",
  "DROP VIEW events",
])("what is not a question is refused: %s", async (sql) => {
  await expect(ask(archive.folder, sql)).rejects.toThrow("Only a SELECT can be asked");
});

test("one question is asked at a time", async () => {
  await expect(ask(archive.folder, "SELECT 1; SELECT 2")).rejects.toThrow("one SELECT");
  await expect(ask(archive.folder, "SELECT 1; DROP VIEW events")).rejects.toThrow("Only a SELECT");
});

test.each(["read_csv(?)", "read_text(?)", "read_blob(?)", "glob(?)", "?", "read_json(?)", "read_parquet(?)"])(
  "no file can be read through %s",
  async (source) => {
    const sql = `SELECT * FROM ${source.replace("?", `'${join(secret, "file.csv")}'`)}`;
    await expect(ask(archive.folder, sql)).rejects.toMatchObject({ name: "InvalidQuery" });
  },
);

test("a value is a value, whatever it holds", async () => {
  const values = ["' OR 1=1 --"];
  const question = { sql: "SELECT count(*) AS found FROM events WHERE contains(message, $1::VARCHAR)", values };
  expect((await ask(archive.folder, question)).rows).toEqual([{ found: 0 }]);
});

test("a wrong column is explained, with those that there are", async () => {
  await expect(ask(archive.folder, "SELECT task FROM events")).rejects.toThrow(/"task" not found[\s\S]*task_id/);
});

test("an object that is no gzip ends the question with its key", async () => {
  const first = archive.objects.find(({ key }) => key.endsWith(".gz"));
  const damaged = archive.objects.map((object) =>
    object === first ? { ...object, body: Buffer.from("no gzip") } : object,
  );
  const answer = ask(archiveFolder(damaged), "SELECT count(*) FROM events");
  await expect(answer).rejects.toMatchObject({ name: "UnreadableObject" });
  await expect(answer).rejects.toThrow(`${first?.key} cannot be read`);
});

test("an object that expands without end is not read to its end", () => {
  const path = join(secret, "bomb.gz");
  writeFileSync(path, gzipSync(Buffer.alloc(1001)));
  const file = { key: "bomb.gz", path, size: 1 };
  expect(() => readText(file, { objects: 0, bytes: 0, doubts: [] }, 1000)).toThrow("bomb.gz cannot be read");
});
