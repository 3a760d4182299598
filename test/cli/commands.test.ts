import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { account, bucket, days, noRole, region } from "../audit/support/archive";
import { useArchive } from "../query/support/use-archive";
import { orgLogArchive, run } from "./support/command";

/** `verify` and `coverage` as an auditor runs them. */

const archive = useArchive();
const folder = mkdtempSync(join(tmpdir(), "org-log-archive-commands-"));
afterAll(() => rmSync(folder, { recursive: true }));

test.each(["verify", "coverage"])(
  "%s paints nothing in a pipe, even where the environment asks for it",
  async (command) => {
    const { out } = await orgLogArchive([command, "--archive", archive.folder], { CI: "true", FORCE_COLOR: "1" });
    expect(out).toContain(account);
    expect(out).not.toContain("\u001b");
  },
);

test("verify has accounts' names beside their ids, in JSON as well", async () => {
  const [text, json] = await Promise.all(
    [[], ["--json"]].map((how) => orgLogArchive(["verify", "--archive", archive.folder, ...how])),
  );
  expect(text?.out).toMatch(
    new RegExp(`^ {2}${bucket} ${noRole} account ${noRole} \\S+ to \\S+: role-not-assumable`, "m"),
  );
  expect(JSON.parse(json?.out ?? "").findings).toContainEqual(
    expect.objectContaining({ kind: "not-archived", account: noRole, accountName: `account ${noRole}` }),
  );
});

test("verify goes on where it was, says so, and writes into no file that is not its own", async () => {
  const file = join(folder, "intact.txt");
  const first = await orgLogArchive(["verify", "--archive", archive.folder, "--resume", file]);
  const second = await orgLogArchive(["verify", "--archive", archive.folder, "--resume", file]);
  expect(first.out).toMatch(
    /^Nothing contradicts itself, and not all of it is proven: \d+ account days, \d+ objects, [\d.]+ kB\./m,
  );
  expect(second.out).toMatch(/; \d+ account days more were found intact before, and not looked at again/);
  const foreign = join(folder, "package.json");
  writeFileSync(foreign, "{}");
  const refused = await orgLogArchive(["verify", "--archive", archive.folder, "--resume", foreign]);
  expect(refused).toMatchObject({ code: 3, out: "" });
  expect(refused.err).toContain("Name another file");
  expect(readFileSync(foreign, "utf8")).toBe("{}");
});

test("a bucket that was copied to a folder of any name is verified and covered as what it is", async () => {
  const copies = ["copy", `${bucket}-copy`].map((name) => join(folder, name));
  for (const copy of copies) {
    cpSync(join(archive.folder, bucket), copy, { recursive: true });
    // An account without the member role is not archived: 1.
    expect(await orgLogArchive(["verify", "--archive", copy])).toMatchObject({ code: 1 });
    const { out } = await orgLogArchive(["coverage", "--archive", copy, "--json"]);
    expect(JSON.parse(out)).toMatchObject({ regions: [region] });
  }
});

test("the exit code of a reason is of it alone: other reasons are counted, and keep no one waiting for this one", async () => {
  const about = (reason: string) => orgLogArchive(["coverage", "--archive", archive.folder, "--reason", reason]);
  const [cured, open] = await Promise.all(["deadline", "role-not-assumable"].map(about));
  expect(cured).toMatchObject({
    code: 0,
    out: expect.stringContaining("because of deadline.\nNot archived for other"),
  });
  expect(open).toMatchObject({ code: 1, out: expect.stringContaining("role-not-assumable: ") });
});

/** An account's id with one wrong digit. */
const nearly = account.replace(/.$/, (digit) => (digit === "0" ? "1" : "0"));

const mistakes: readonly (readonly [args: readonly string[], sentence: string])[] = [
  [["verify", "--from", "2020-01-01", "--to", "2020-01-02"], "holds nothing in this range"],
  [["verify", "--account", "999999999999"], "No record of the archive names account 999999999999"],
  [["verify", "--resume", "/no/such/folder/file"], "There is no folder /no/such/folder to write"],
  [["coverage", "--from", "2020-01-01", "--to", "2020-01-02"], "holds nothing in this range"],
  [["coverage", "--account", nearly, "--json"], `Near it are: ${account} (`],
  [
    ["why", nearly, "/app/web", days[0]],
    `No record of the archive names account ${nearly}. Correct the id. Near it are:`,
  ],
  [["prove", "--account", nearly, "--log-group", "/app/web", "--from", days[0]], `Near it are: ${account} (`],
  [["evidence", "--account", nearly, "--public-key", "none.pem", "--out", "none"], `Near it are: ${account} (`],
  [["coverage", "--reason", "bogus"], "There is no such reason. There are: access-denied, "],
  [["coverage", "--reason", "toString"], "There is no such reason."],
  [["coverage", "--html", "/no/such/folder/page.html"], "There is no folder /no/such/folder to write"],
  [["coverage", "--from", days[1], "--to", days[0]], "is later than"],
  [["coverage", "--region", "mars-north-1"], "No bucket is of the Region mars-north-1"],
  [["verify", "--archive", "/no/such/folder"], "no archive folder /no/such/folder"],
  [["verify", "--archive", join(__dirname, "commands.test.ts")], "is not a folder"],
  [["verify", "--archive", "one", "--archive", "other"], "given twice: one and other"],
  [["coverage", "--bucket", "a-bucket", "--archive", "one"], "Give --archive or --bucket"],
  [["coverage", "--bucket", bucket, "--bucket", bucket], "An archive has one bucket per Region"],
  [["coverage", "--bucket", "a-bucket"], "Region is not known. Correct its name, which ends with it"],
  [["coverage", "--archive", ""], "--archive <folder>' argument '' is invalid. It is empty."],
  [["coverage", "--account", ""], "It is empty. Give a value, or leave the option out."],
  [["coverage", "--bucket", bucket], "There are no AWS credentials"],
  [["verify", "--public-key", join(__dirname, "commands.test.ts")], "holds no public key"],
  [["verify", "--head", "7:abc"], "it must be SEQUENCE:HASH"],
  [["verify", "--head", "/no/such/head.json"], "--head /no/such/head.json is neither SEQUENCE:HASH nor a file"],
  [["verify", "--head", "5"], "--head 5 is neither SEQUENCE:HASH nor a file. Give SEQUENCE:HASH"],
  [["verify", "--head", "package.json"], "--head package.json is no head.json. Give SEQUENCE:HASH"],
];

test.each([
  ["coverage", "> /dev/full", "Standard output could not be written: no space left on device."],
  ["coverage --json", "> /dev/full", "Standard output could not be written: no space left on device."],
  ["query --csv 'SELECT 1'", "> /dev/full", "Standard output could not be written: no space left on device."],
  ["coverage --html /dev/full", "", "/dev/full could not be written: no space left on device."],
])(
  "%s %s tells that the disk is full, and exits as where it could not do what was asked",
  async (args, to, sentence) => {
    const where = `--archive '${archive.folder}'`;
    const { code, err } = await run("/bin/sh", ["-c", `node apps/cli/org-log-archive.js ${args} ${where} ${to}`]);
    expect([code, err.trimEnd()]).toEqual([3, sentence]);
  },
);

test("a wrong command line ends with a sentence", async () => {
  const ends = await Promise.all(
    mistakes.map(([[command = "", ...options]]) => {
      const where = options.includes("--archive") || options.includes("--bucket") ? [] : ["--archive", archive.folder];
      return orgLogArchive([command, ...where, ...options], {
        AWS_ACCESS_KEY_ID: "",
        AWS_PROFILE: "",
        HOME: "/nowhere",
      });
    }),
  );
  for (const [index, { code, out, err }] of ends.entries()) {
    expect({ code, out }).toEqual({ code: 3, out: "" });
    expect(err).toContain(mistakes[index]?.[1]);
    expect(err).not.toContain("    at ");
  }
});
