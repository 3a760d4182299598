import { readFileSync } from "node:fs";
import { join } from "node:path";
import { orgLogArchive } from "./support/command";

/** Help is asked for at night, on a terminal of 80 columns by 24. */

const operators = ["check", "run", "plan", "offboard", "status", "why"];
const page = readFileSync(join(__dirname, "..", "..", "docs", "commands.md"), "utf8");

/** What the page shows of each command, by its heading. */
const shown = new Map(
  [...page.matchAll(/^## (\S+)\n[\s\S]*?```\n([\s\S]*?)```/gm)].map(([, name = "", text = ""]) => [name, text]),
);

const auditors = ["query", "search", "coverage", "verify", "prove", "evidence", "public-key"];

const helpOf = (command: string) => orgLogArchive([command, "--help"], { COLUMNS: "80" });

/** What stands between empty lines: what a person reads at once. */
function partsOf(help: string): string[][] {
  return help.split(/\n\n+/).map((part) => part.split("\n"));
}

test.each([...operators, ...auditors])(
  "the help of %s is as wide as a terminal, a screen long or in groups, and says what its exit codes mean",
  async (command) => {
    const { code, out } = await helpOf(command);
    const lines = out.trimEnd().split("\n");
    const groups = lines.filter((line) => /^[A-Z][^.]*:$/.test(line) && !/^(Arguments|Options|Examples?):$/.test(line));
    expect(code).toBe(0);
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
    if (lines.length > 24) expect(groups).not.toEqual([]);
    for (const part of partsOf(out)) expect(part.length).toBeLessThanOrEqual(24);
    expect(out).toMatch(/Exit codes:\s0 /);
  },
);

test.each(operators)("the help of %s is what the page shows", async (command) => {
  const { out } = await helpOf(command);
  expect(out.trimEnd().split("\n").length).toBeLessThanOrEqual(40);
  expect(shown.get(command)).toBe(out);
});

test("the groups are about all commands that there are", async () => {
  const { out } = await orgLogArchive(["--help"], { COLUMNS: "80" });
  const named = [...out.slice(out.indexOf("Commands:")).matchAll(/^ {2}([a-z-]+) /gm)].map(([, name]) => name);
  expect(named.filter((name) => name !== "help").sort()).toEqual([...operators, ...auditors].sort());
});

test("the page shows the operators' commands and no other", () => {
  expect([...shown.keys()].sort()).toEqual([...operators].sort());
});
