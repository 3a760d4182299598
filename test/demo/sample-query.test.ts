import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { askSampleQuery } from "../../apps/demo/sample-query";

const day = "2026-11-20";
const taskId = "3fa85f64-5717-4562-b3fc-2c963f66afa6";
const s3 = mkdtempSync(join(tmpdir(), "org-log-archive-query-"));
afterAll(() => rmSync(s3, { recursive: true, force: true }));

function put(key: string, body: string | Buffer): void {
  const path = join(s3, "bucket", ...key.split("/"));
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, body);
}

it("has no answer for a day without receipts", async () => {
  expect(await askSampleQuery(s3, day)).toBeUndefined();
});

it("reads whatever a log may hold: carriage returns, quotes, NUL, escapes, a megabyte", async () => {
  const lines = [
    "error a\rb",
    'error "x',
    "error \u0000 \u001b[2J",
    "",
    "\r\n\r",
    `error ${"x".repeat(1_048_000)}`,
    "fine",
  ];
  put(
    `receipts/day=${day}/account=1/h.1.json`,
    JSON.stringify({ region: "r", account: "1", logGroup: "/a", tasks: [{ taskId }] }),
  );
  put(`1/${day}/${taskId}/main/000000.gz`, gzipSync(`${lines.join("\n")}\n`));
  expect((await askSampleQuery(s3, day))?.rows).toEqual([["r", "1", "/a", "4"]]);
});
