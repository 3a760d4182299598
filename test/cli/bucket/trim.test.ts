import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { trim } from "../../../apps/cli/bucket/trim";

const now = Date.UTC(2026, 10, 20, 12);
const day = 86_400_000;
const root = mkdtempSync(join(tmpdir(), "org-log-archive-trim-"));

afterAll(() => rmSync(root, { recursive: true }));

/** A file of ten bytes that was used so long ago. */
function file(name: string, unusedMs: number): string {
  const path = join(root, "bucket", name);
  mkdirSync(join(root, "bucket"), { recursive: true });
  writeFileSync(path, "x".repeat(10));
  utimesSync(path, new Date(now - unusedMs), new Date(now - unusedMs));
  return path;
}

test("a cache makes room by what was not used for the longest, and never by what may be in use", () => {
  const [oldest, old, fresh] = [file("a", 3 * day), file("b", 2 * day), file("c", 60_000)] as const;
  const names = file("bucket.keys.json", 9 * day);
  const there = () => [oldest, old, fresh, names].filter((path) => existsSync(path));
  trim(root, 40, 0, now);
  expect(there()).toEqual([oldest, old, fresh, names]);
  trim(root, 30, 10, now);
  expect(there()).toEqual([old, fresh, names]);
  trim(root, 0, 100, now);
  expect(there()).toEqual([fresh, names]);
  trim(join(root, "nothing"), 0, 0, now);
});
