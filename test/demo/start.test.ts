import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { type Ended, orgLogArchive, run } from "../cli/support/command";

/** The command in processes of its own, over a small organisation and log files. */

const folder = mkdtempSync(join(tmpdir(), "org-log-archive-start-"));
const logs = join(folder, "logs");
const elsewhere = join(folder, "elsewhere");
const empty = join(folder, "empty");
const tooMany = join(folder, "too-many");
const emulator = join(folder, ".emulator");
const tsx = (program: string, ...args: string[]) => run(process.execPath, ["--import", "tsx", program, ...args]);
const start = (...args: string[]) => tsx("test/demo/support/small-start.ts", folder, ...args);
const exportTasks = () => readFileSync(join(emulator, "export-tasks.jsonl"), "utf8");

let first: Ended;

beforeAll(async () => {
  for (const path of [logs, elsewhere, empty]) mkdirSync(path);
  writeFileSync(
    join(logs, "app.log"),
    "2026-10-02T00:00:00Z at midnight\n2026-10-02T12:00:00Z at noon\n  of that day\n",
  );
  writeFileSync(join(logs, "old.log.gz"), gzipSync("2026-09-30T08:00:00Z long ago\n"));
  writeFileSync(join(elsewhere, "app.log"), "2026-10-01T12:00:00Z elsewhere\n");
  const days = Array.from({ length: 250 }, (_, day) => new Date(Date.UTC(2026, 0, 1 + day)).toISOString());
  for (let group = 0; group < 240; group++) {
    mkdirSync(join(tooMany, `${group}`), { recursive: true });
    writeFileSync(join(tooMany, `${group}`, "app.log"), days.join("\n"));
  }
  first = await start("--logs", logs);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Every file with its size and time. */
function everything(): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((path) => ({ path, ...statSync(join(folder, path)) }))
    .map(({ path, size, mtimeMs }) => `${path} ${size} ${mtimeMs}`)
    .sort();
}

test("log files are archived, and the command says so and nothing else", () => {
  expect(first).toMatchObject({ code: 0, err: "" });
  expect(first.out).toContain(
    "Log files: 2 files, 4 lines, 3 events went in. Lines without a time of their own: 1.\n" +
      "  app.log: 1 of 3 lines state no time: 1 with the event before them\n",
  );
  expect(first.out).toMatch(/✔ \d+ log group days hold data, \d+ events in all; \d+ receipts: every line/);
  expect(first.out).not.toContain("Not archived");
});

test("the sample question is about the files, and the commands to try next name what is there", async () => {
  expect(first.out).toContain("What is in your log files");
  expect(first.out).toMatch(/│ 2026-09-30 │ 2026-10-02 │ 3 /);
  const commands = first.out.split("Try next\n")[1]?.trim().split(/\n\s*/) ?? [];
  expect(commands).toHaveLength(3);
  const [query = ""] = commands;
  const asked = await run("/bin/sh", ["-c", query.replace("npx org-log-archive", "node apps/cli/org-log-archive.js")]);
  expect(asked).toMatchObject({ code: 0, out: expect.stringContaining("at noon") });
});

test("progress counts the accounts that the runs archive, and ends with all of them", () => {
  const counted = [...first.out.matchAll(/\((\d+) of (\d+)\)$/gm)].map(([, done, total]) => [
    Number(done),
    Number(total),
  ]);
  const [done, total] = counted.at(-1) ?? [];
  expect(done).toBe(counted.length);
  expect(done).toBe(total);
});

test("it ends with what verify says of every byte, and with the command that says the same", async () => {
  const [, command = ""] = /\n(npx org-log-archive verify --deep[\s\S]*?)\nIntact/.exec(first.out) ?? [];
  expect(first.out).toMatch(/\nIntact: \d+ account days, \d+ objects, [\d.]+ kB\.\n/);
  const args = command.replaceAll("\\\n", " ").trim().split(/\s+/).slice(2);
  const options = args.filter((arg) => arg.startsWith("--"));
  expect(options).toEqual(["--deep", "--archive", "--public-key", "--head", "--head"]);
  const again = await orgLogArchive(args);
  expect(again).toMatchObject({ code: 0, err: "" });
  const [verdict] = /^Intact: [\s\S]*$/m.exec(again.out) ?? [];
  expect(verdict).toBeDefined();
  expect(first.out).toContain(verdict);
});

test("--keep goes on with the log files of the archive, and exports nothing again", async () => {
  const before = exportTasks();
  const kept = await start("--keep", "--json");
  expect(kept).toMatchObject({ code: 0, err: "" });
  expect(JSON.parse(kept.out)).toMatchObject({
    succeeded: true,
    logFiles: { events: 3 },
    check: { problems: [] },
    verification: { result: { findings: [], buckets: [{ digests: 4, signed: 4 }] } },
  });
  expect(exportTasks()).toBe(before);
});

/** Damages the first file of the archive whose path matches while something is done. */
async function damaged<T>(which: RegExp, work: (path: string) => Promise<T>): Promise<T> {
  const [path = ""] = readdirSync(join(emulator, "s3"), { recursive: true, encoding: "utf8" })
    .filter((one) => which.test(one))
    .sort();
  const file = join(emulator, "s3", path);
  const whole = readFileSync(file);
  writeFileSync(file, "damaged");
  try {
    return await work(path);
  } finally {
    writeFileSync(file, whole);
  }
}

test.each([/\/coverage\/.*\.jsonl$/, /\/receipts\/.*\.json$/, /\/report\.json$/])(
  "--keep over an archive with a damaged record (%s) names it, says what to do, and ends with 2",
  (record) =>
    damaged(record, async (path) => {
      const ended = await start("--keep");
      expect(ended.code).toBe(2);
      expect(ended.err).toMatch(/is not JSON\. `npx org-log-archive verify` names all that is damaged\. .*--keep/);
      expect(ended.err.startsWith(path)).toBe(true);
      expect(ended.err.trim().split("\n")).toHaveLength(1);
    }),
);

test("--keep over an archive with a damaged object goes on, names it beside what verify says, and ends with 2", () =>
  damaged(/\/\d{12}\/.*\.gz$/, async (path) => {
    const ended = await start("--keep");
    expect(ended).toMatchObject({ code: 2, err: "" });
    const [, key = ""] = /^[^/]*\/(.*)$/.exec(path) ?? [];
    expect(ended.out).toContain(`: ${key} cannot be read`);
    expect(ended.out).toMatch(/^changed-object +1 finding:/m);
    expect(ended.out.split("\n").filter((line) => line.includes(`${key}: its size`))).toHaveLength(1);
  }));

test("what cannot be done is said in a sentence, before anything is written or deleted", async () => {
  const before = everything();
  const refused = async (running: Promise<Ended>, sentence: string) => {
    const ended = await running;
    expect(ended).toMatchObject({ code: 1, out: "" });
    expect(ended.err).toContain(sentence);
    expect(ended.err).not.toMatch(/^ +at /m);
  };
  const missing = join(folder, "missing");
  await Promise.all([
    refused(start("--wrong"), "unknown option '--wrong'"),
    refused(start("--keep", "--faults"), "--faults starts clean: give it without --keep"),
    refused(start("--logs", missing), `There is no ${missing}.`),
    refused(start("--logs", empty), `${empty} contains no readable log file`),
    refused(start("--logs", tooMany), "The log files make 60,000 log group days"),
    refused(start("--keep", "--logs", elsewhere), `made from the log files in ${logs}: leave out --logs`),
  ]);
  expect(everything()).toEqual(before);

  writeFileSync(join(logs, "app.log"), "2026-10-02T00:00:00Z another line\n");
  const changed = everything();
  await refused(start("--keep"), `The log files in ${logs} are not those any more`);
  expect(everything()).toEqual(changed);
});

test("npm start is this command", async () => {
  const ended = await tsx("apps/demo/main.ts", "--wrong");
  expect(ended).toMatchObject({ code: 1, out: "" });
  expect(ended.err).toContain("unknown option '--wrong'");
});
