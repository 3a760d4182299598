import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { bundleFolder } from "../../apps/bundle";
import { run } from "../cli/support/command";

const root = join(__dirname, "..", "..");
let project: string;

/** A project whose tool is one file, beside a file of its own. */
beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), "org-log-archive-bundle-"));
  cpSync(join(root, "apps", "bundle"), join(project, "apps", "bundle"), { recursive: true });
  for (const folder of ["cli", "cli/bucket", "query", "verify"]) mkdirSync(join(project, "apps", folder));
  mkdirSync(join(project, "node_modules"));
  for (const name of ["esbuild", "@esbuild"])
    symlinkSync(join(root, "node_modules", name), join(project, "node_modules", name));
  writeFileSync(join(project, "package-lock.json"), "{}");
  writeFileSync(join(project, "apps", "cli", "own.txt"), "its own file");
  for (const entry of ["query/worker.ts", "verify/day-worker.ts", "verify/hash-worker.ts", "cli/bucket/fetch-now.ts"])
    writeFileSync(join(project, "apps", entry), "");
  source("first");
});
afterEach(() => rmSync(project, { recursive: true }));

function source(says: string): void {
  writeFileSync(
    join(project, "apps", "cli", "main.ts"),
    `import { readFileSync } from "node:fs";
console.log("${says}: " + readFileSync(__dirname + "/own.txt", "utf8"));`,
  );
}

async function start(): Promise<{ readonly folder: string; readonly out: string }> {
  const script = `const folder = require("./apps/bundle").bundleFolder(); console.error(folder); import(folder + "/main.js");`;
  const { code, out, err } = await run("sh", ["-c", `cd '${project}' && node -e '${script}'`]);
  expect({ code, err }).toEqual({ code: 0, err: expect.stringMatching(/^\S+\n$/) });
  return { folder: err.trim(), out };
}

test("what is built runs what the sources say, with the files that lie beside them, and is built once", async () => {
  const first = await start();
  expect(first.out).toBe("first: its own file\n");
  const made = join(first.folder, "made-once");
  writeFileSync(made, "");
  expect(await start()).toEqual(first);
  expect(existsSync(made)).toBe(true);
});

test("a changed source, or other packages, make another bundle", async () => {
  const { folder } = await start();
  source("second");
  const second = await start();
  expect(second.out).toBe("second: its own file\n");
  writeFileSync(join(project, "package-lock.json"), '{ "changed": true }');
  const third = await start();
  expect(new Set([folder, second.folder, third.folder]).size).toBe(3);
});

test("processes that build at the same time all run", async () => {
  const started = await Promise.all(Array.from({ length: 4 }, start));
  expect(new Set(started.map(({ out }) => out))).toEqual(new Set(["first: its own file\n"]));
  expect(new Set(started.map(({ folder }) => folder)).size).toBe(1);
});

test("the tool starts without DuckDB, the SDK and what parses records", () => {
  const folder = bundleFolder();
  const loaded = (file: string, seen = new Set<string>()): Set<string> => {
    if (seen.has(file)) return seen;
    seen.add(file);
    const text = readFileSync(join(folder, file), "utf8");
    for (const [, chunk = ""] of text.matchAll(/^(?:import|\} from|import .* from) ?"\.\/([^"]+)"/gm))
      loaded(chunk, seen);
    return seen;
  };
  const sources = [...loaded("main.js")].flatMap((file) =>
    [...readFileSync(join(folder, file), "utf8").matchAll(/^\/\/ (\S+)$/gm)].map(([, path]) => path ?? ""),
  );
  expect(sources).toContain("apps/cli/main.ts");
  expect(sources.map((path) => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? "own")).not.toEqual(
    expect.arrayContaining([expect.stringMatching(/^(zod|@aws-sdk\/.*|@duckdb\/.*)$/)]),
  );
  expect(basename(folder)).toMatch(/^[0-9a-f]{16}$/);
});
