import { readFileSync } from "node:fs";
import { join } from "node:path";
import { orgLogArchive } from "./support/command";

/** The operator's commands are asked for help at night, on a terminal of 80 columns. */

const operators = ["check", "run", "plan", "status", "why"];
const page = readFileSync(join(__dirname, "..", "..", "docs", "commands.md"), "utf8");

/** What the page shows of each command, by its heading. */
const shown = new Map(
  [...page.matchAll(/^## (\S+)\n[\s\S]*?```\n([\s\S]*?)```/gm)].map(([, name = "", text = ""]) => [name, text]),
);

test.each(operators)(
  "the help of %s fits a screen, says what its exit codes mean, and is what the page shows",
  async (command) => {
    const { code, out } = await orgLogArchive([command, "--help"], { COLUMNS: "80" });
    const lines = out.trimEnd().split("\n");
    expect(code).toBe(0);
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
    expect(lines.length).toBeLessThanOrEqual(36);
    expect(out).toContain("Exit codes: 0 ");
    expect(shown.get(command)).toBe(out);
  },
);

test("the page shows the operators' commands and no other", () => {
  expect([...shown.keys()].sort()).toEqual([...operators].sort());
});
