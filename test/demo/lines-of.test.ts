import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { linesOf } from "../../apps/demo/check/lines-of";

const folder = mkdtempSync(join(tmpdir(), "org-log-archive-lines-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the lines of a file", () => {
  it.each(["", "one", "one\n", "one\n\ntwo 日本語🚀\nthree", "\n\n", `${"long".repeat(40)}\nshort\n`])(
    "are the same whatever pieces it is read in: %j",
    (text) => {
      const path = join(folder, "file");
      writeFileSync(path, text);
      const expected = text === "" ? [] : text.replace(/\n$/, "").split("\n");
      for (const pieceBytes of [1, 2, 3, 7, 1024]) expect([...linesOf(path, pieceBytes)]).toEqual(expected);
    },
  );
});
