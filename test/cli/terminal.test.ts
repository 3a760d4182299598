import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { account, days } from "../audit/support/archive";
import { useArchive } from "../query/support/use-archive";
import { orgLogArchive } from "./support/command";
import { onTerminal } from "./support/terminal";

/** Commands in a real pseudo-terminal, and in a pipe. */

const archive = useArchive();
const PAGER = "sed 's/^/paged: /'";

test.each([60, 80, 120])(
  "on a terminal of %d columns a long answer goes through the pager, and no line of it is wider",
  async (columns) => {
    const ask = ["query", "--account", account, "--from", days[0], "--archive", archive.folder];
    const { code, text } = await onTerminal(ask, columns, { PAGER });
    expect(code).toBe(0);
    const paged = text.split("\n").flatMap((line) => /^paged: (.*)$/.exec(line)?.[1] ?? []);
    expect(paged.length).toBeGreaterThan(8);
    expect(paged.filter((line) => line.length > columns)).toEqual([]);
    expect(paged.join("\n")).toContain("account_name");
    expect(text).toContain("The archive holds all that was asked for");
    expect(text).not.toContain("paged: The archive holds");
  },
);

test.each([["--raw"], ["--csv"], ["--json"]])(
  "%s is paged on a terminal, and in a pipe no pager is asked",
  async (how) => {
    const ask = ["query", "--account", account, "--log-group", "/app/web", "--from", days[0], how];
    const [terminal, piped] = await Promise.all([
      onTerminal([...ask, "--archive", archive.folder], 80, { PAGER }),
      orgLogArchive([...ask, "--archive", archive.folder], { PAGER }),
    ]);
    expect(piped.out.split("\n").length).toBeGreaterThan(8);
    expect(piped.out).not.toContain("paged: ");
    expect(terminal.text.match(/paged: /g)?.length).toBeGreaterThan(8);
  },
);

test("what is written of a page, a list of questions or a folder fits into 80 columns", async () => {
  const folder = mkdtempSync(join(tmpdir(), "org-log-archive-fits-"));
  const key = join(folder, "key.pem");
  writeFileSync(
    key,
    generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey.export({ type: "spki", format: "pem" }),
  );
  const asks = [
    ["coverage", "--html", join(folder, "c.html")],
    ["evidence", "--out", join(folder, "e"), "--public-key", key],
    ["coverage"],
    ["query", "--list"],
  ];
  try {
    for (const ask of asks) {
      const { text } = await onTerminal([...ask, "--archive", archive.folder], 80, { PAGER: "" });
      // What was drawn of progress was taken off again, and a path has no place where it could be broken.
      const lines = text.split("\n").map((line) => line.split("\r").at(-1) ?? "");
      expect(lines.filter((line) => stripVTControlCharacters(line).length > 80 && !line.includes(folder))).toEqual([]);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});
