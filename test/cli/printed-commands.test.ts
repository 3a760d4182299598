import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { nextCommand } from "../../apps/terminal/next-command";
import { orgLogArchive } from "./support/command";

/** Commands that are printed as what to do next run as they are printed. */

const root = join(__dirname, "..", "..");
const commands = "check|plan|run|status|why|offboard|coverage|verify|prove|evidence|public-key|query|search";

function sources(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join(folder, name));
}

/** What a source says without its comments. */
function said(file: string): string {
  return readFileSync(join(root, file), "utf8").replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");
}

test("a text names a command of the tool by how it is called, which stands in one place", () => {
  const loose = [
    // Without what calls the tool.
    new RegExp(String.raw`org-log-archive (?:${commands})\b[^-]`),
    // In the middle of a text, as something to be typed.
    new RegExp(String.raw`\\?${"`"}(?:${commands})(?: -[^${"`"}]*)?\\?${"`"} [a-z]`),
  ];
  const files = ["apps", "handlers", "constructs"].flatMap(sources);
  const found = files.filter((file) => loose.some((pattern) => pattern.test(said(file))));
  // What they say of a command is a file's first line, and the name of what wrote a folder: nothing to be typed.
  expect(found).toEqual(["apps/cli/evidence/guide.ts", "apps/cli/verify/resume-file.ts"]);
  expect(files.filter((file) => said(file).includes('"npx org-log-archive"'))).toEqual(["handlers/contract/tool.ts"]);
});

test("a command goes on where the one before it looked, whatever names its places have", () => {
  const given = { bucket: ["one", "two"], configuration: "my organisation/cdk.json" };
  expect(nextCommand(given)("status --report")).toBe("npx org-log-archive status --report --bucket one --bucket two");
  expect(nextCommand(given)("check")).toBe("npx org-log-archive check --configuration 'my organisation/cdk.json'");
  expect(nextCommand({ archive: "it's here" })("verify")).toBe("npx org-log-archive verify --archive 'it'\\''s here'");
  expect(nextCommand()("run --from 2026-11-19")).toBe("npx org-log-archive run --from 2026-11-19");
});

test.each(commands.split("|"))("the examples of %s are called as they are run", async (command) => {
  const { out } = await orgLogArchive([command, "--help"], { COLUMNS: "80" });
  const [, examples = ""] = /^Examples?:\n([\s\S]*?)\n\n/m.exec(out) ?? [];
  const begun = examples.split("\n").filter((line) => /^ {2}\S/.test(line));
  expect(begun.length).toBeGreaterThan(0);
  for (const line of begun) expect(line).toMatch(new RegExp(`^ {2}npx org-log-archive ${command}\\b`));
  expect(out).toMatch(new RegExp(`^Usage: npx org-log-archive ${command} `));
});
