import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { receiptKey } from "../../../handlers/archive/layout";
import {
  account,
  bucket,
  days,
  midnight,
  orphan,
  otherAccount,
  otherRegion,
  region,
} from "../../audit/support/archive";
import { archiveFolder, ask } from "../../query/support/archive-folder";
import { expectedEvents } from "../../query/support/expected";
import { useArchive } from "../../query/support/use-archive";
import { type Ended, orgLogArchive, run } from "../support/command";

const archive = useArchive();

function query(...args: readonly string[]): Promise<Ended> {
  const where = args.includes("--archive") ? [] : ["--archive", archive.folder];
  return orgLogArchive(["query", ...where, ...args]);
}

/** The accounts of which all is archived. */
const both = ["--account", account, "--account", otherAccount];

test("options find the events that a text occurs in, and say what was read", async () => {
  const { code, out, err } = await query("--grep", "ERROR", "--from", days[0], "--to", days[2], "--json", ...both);
  const found = out
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  const expected = expectedEvents("event-time").filter(({ message }) => /error/i.test(message));
  expect(found.map(({ message }) => message).sort()).toEqual(expected.map(({ message }) => message).sort());
  expect(err).toMatch(
    /^The archive holds all that was asked for: 2 accounts in 2 Regions, 2026-11-17 to 2026-11-19\.\nRead \d+ objects, [\d.]+ k?B\.\n\{.*\}\n$/,
  );
  expect(code).toBe(0);
});

const wholeGroup = ["--account", account, "--log-group", "/app/web", "--from", days[0], "--to", days[2]];

test("raw text is one log group's events in the order of time, byte for byte as their source wrote them", async () => {
  const raw = await query(...wholeGroup, "--raw");
  const { rows } = await ask(
    archive.folder,
    `SELECT message FROM ordered_events WHERE account = '${account}' AND log_group = '/app/web' ORDER BY ts, region, log_stream, place`,
  );
  expect(raw.out).toBe(rows.map(({ message }) => `${message}\n`).join(""));
});

test("stamped raw text is byte for byte as CloudWatch Logs exported it", async () => {
  const { out } = await query(...wholeGroup, "--raw", "--stamped");
  const expected = expectedEvents("event-time")
    .filter((event) => event.account === account && event.log_group === "/app/web")
    .map(({ ts, message }) => `${ts} ${message}\n`);
  const times = [...out.matchAll(/^(\d{4}-\d{2}-\d{2}T\S+Z) /gm)].map(([, time]) => time);
  expect(out.length).toBe(expected.join("").length);
  for (const event of expected) expect(out).toContain(event);
  expect(times).toEqual([...times].sort());
});

test("raw text is of one Region's log group: where several have the name, the Region has to be said", async () => {
  const options = ["--account", otherAccount, "--log-group", "/app/web", "--from", days[1], "--to", days[1], "--raw"];
  const { code, out, err } = await query(...options);
  expect({ code, out }).toEqual({ code: 3, out: "" });
  expect(err).toContain(`in ${region} and in ${otherRegion}. --raw is about one: give --region`);
  const one = await query(...options, "--region", otherRegion);
  expect(one).toMatchObject({ code: 0, out: "an Error elsewhere\n" });
});

test.each([
  [["--raw"], ""],
  [["--json"], ""],
  [[], "no rows\n"],
])("a log group that no receipt names is said, beside an empty answer %j", async (how, nothing) => {
  const { code, out, err } = await query("--account", account, "--log-group", "/app/wbe", ...how);
  expect({ code, out }).toEqual({ code: 0, out: nothing });
  expect(err).toContain(`No receipt is of account ${account}, log group /app/wbe: correct it`);
});

test("with a receipt deleted, an answer says so, and so does one with a receipt that cannot be read", async () => {
  const key = receiptKey(days[0], account, "/app/web", 1);
  const about = ["--account", account, "--from", days[0], "--to", days[0]];
  const lost = await query(
    ...about,
    "--archive",
    archiveFolder(archive.objects.filter((object) => object.key !== key)),
  );
  expect(lost).toMatchObject({ code: 2, out: expect.stringContaining("error: one") });
  expect(lost.err).toContain(
    `  log group /app/web of account ${account} (account ${account}) in ${region} is not complete on ${days[0]}: missing-receipt`,
  );
  const damaged = archive.objects.map((object) =>
    object.key === key ? { ...object, body: Buffer.from("{") } : object,
  );
  for (const asked of [about, ["--named", "gaps", "--account", account]]) {
    const { code, err } = await query(...asked, "--archive", archiveFolder(damaged));
    expect(code).toBe(2);
    expect(err).not.toContain("holds all that was asked for");
    expect(err).toMatch(/^Do not rely on this answer\.\nThese cannot be read, and the answer lacks what they say:\n/);
    expect(err.split(`  ${key} is not JSON\n`)).toHaveLength(2);
  }
});

test("times choose events by their time stamps, to before the last", async () => {
  const at = new Date(midnight);
  const to = new Date(midnight + 1);
  const { out, err } = await query("--from", at.toISOString(), "--to", to.toISOString(), "--account", account, "--csv");
  expect(
    out
      .split("\r\n")
      .slice(1, -1)
      .map((line) => line.split(",").at(-1))
      .sort(),
  ).toEqual(["exactly at midnight", "stamped ahead of its ingestion"]);
  expect(err).toContain("of the days 2026-11-18 to 2026-11-20");
});

test("SQL is asked as it is, and narrowed by options", async () => {
  const { out } = await query(
    "SELECT account, count(*) AS events FROM events GROUP BY 1",
    "--account",
    account,
    "--csv",
  );
  const events = expectedEvents("event-time").filter((event) => event.account === account);
  expect(out).toBe(`account,events\r\n${account},${events.length}\r\n`);
});

test("events come in the order of time: a limit takes the first of them, --last the newest", async () => {
  const about = ["--account", account, "--from", days[0], "--to", days[2], "--json"];
  const ends = await Promise.all([[], ["--limit", "3"], ["--last", "3"]].map((how) => query(...about, ...how)));
  const [all = [], first, last] = ends.map(({ out }) =>
    out
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line)),
  );
  const times = all.map(({ ts }) => ts);
  expect(times).toEqual(
    expectedEvents("event-time")
      .filter((event) => event.account === account)
      .map(({ ts }) => ts)
      .sort(),
  );
  expect(first).toEqual(all.slice(0, 3));
  expect(last).toEqual(all.slice(-3));
});

test("a word is found whole, and not as a part of a longer one", async () => {
  const found = async (word: string) =>
    (await query("--word", word, "--account", account, "--from", days[0], "--to", days[2], "--json")).out
      .split("\n")
      .filter((line) => line !== "");
  const [errors, parts, dotted] = await Promise.all([found("ERROR"), found("rror"), found("c.java:1")]);
  expect(errors).toHaveLength(
    expectedEvents("event-time").filter((event) => event.account === account && /\berror\b/i.test(event.message))
      .length,
  );
  expect(parts).toEqual([]);
  expect(dotted).not.toEqual([]);
});

test("the column at needs no quotes, and a text or AT TIME ZONE is left as it is", async () => {
  const sql =
    "SELECT max(at) > TIMESTAMP '2020-01-01' AS later, ' at ' AS text, (min(r.at) at time zone 'UTC') IS NULL AS none FROM receipts r -- at";
  expect((await query(sql, "--csv", ...both)).out).toBe("later,text,none\r\ntrue, at ,false\r\n");
});

test("SQL may begin with a comment, and come from a file", async () => {
  const sql = "-- what there is, account='x'\nSELECT count(*) AS n FROM receipts -- of all\n";
  const file = join(mkdtempSync(join(tmpdir(), "org-log-archive-sql-")), "query.sql");
  writeFileSync(file, sql);
  const [asked, dashes, fromFile, twice] = await Promise.all([
    query(sql, "--csv", ...both),
    query(`--no space\n${sql};`, "--csv", ...both),
    query("--file", file, "--csv", ...both),
    query("--file", file, "SELECT 1"),
  ]);
  expect(asked.out).toMatch(/^n\r\n[1-9]\d*\r\n$/);
  expect([dashes.out, fromFile.out]).toEqual([asked.out, asked.out]);
  expect(twice).toMatchObject({ code: 3, err: expect.stringContaining("Give one of SQL and --file") });
  rmSync(dirname(file), { recursive: true });
});

test("log content is harmless in a table and in CSV", async () => {
  const hostile =
    "SELECT '=1+1' AS a, '@x' AS b, chr(27) || '[2Jred' AS c, chr(155) || 'x' AS d, 'a\"b,c' AS e, -5 AS f";
  expect((await query(hostile, "--csv")).out).toBe(`a,b,c,d,e,f\r\n'=1+1,'@x,\u001b[2Jred,\u009bx,"a""b,c",-5\r\n`);
  const { out } = await query(hostile);
  expect(out).toContain("=1+1");
  for (const control of ["\u001b", "\u009b"]) expect(out).not.toContain(control);
});

const mistakes: readonly (readonly [args: readonly string[], sentence: string])[] = [
  [["--nothing"], "unknown option '--nothing'"],
  [["--account", "12"], "12 digits"],
  [["--from", "2026-02-30"], "a day, such as"],
  [["--from", "2026-11-20", "--to", "2026-11-19"], "is later than"],
  [[], "Say what to look for"],
  [["SELECT 1", "--grep", "x"], "does not go with SQL"],
  [["SELECT 1", "--raw"], "Give one of SQL and --raw"],
  [["--stamped", "--grep", "x"], "--stamped goes with --raw"],
  [["--file", "/no/such.sql"], "/no/such.sql cannot be read"],
  [["--raw"], "one --account and --log-group"],
  [["--named", "nothing"], "There are: hour"],
  [["SELECT 1", "--archive", "/no/such/folder"], "no archive folder /no/such/folder"],
  [["SELECT 1", "--archive", "one", "--archive", "other"], "given twice: one and other"],
];

test("a wrong command line ends with a sentence", async () => {
  const ends = await Promise.all(mistakes.map(([args]) => query(...args)));
  for (const [index, { code, out, err }] of ends.entries()) {
    expect({ code, out }).toEqual({ code: 3, out: "" });
    expect(err).toContain(mistakes[index]?.[1]);
    expect(err).not.toContain("    at ");
  }
});

test("a closed pipe ends it quietly, and a limit ends it early", async () => {
  const endless = "SELECT * FROM range(10000000)";
  const piped = await run("bash", [
    "-c",
    `set -o pipefail; node apps/cli/org-log-archive.js query --archive '${archive.folder}' '${endless}' --json | head -1`,
  ]);
  expect(piped).toEqual({ code: 0, out: '{"range":0}\n', err: "" });
  expect((await query(endless, "--json", "--limit", "2")).out).toBe('{"range":0}\n{"range":1}\n');
});

test.each([
  ["lost its objects", isData, 0],
  ["got an object more", () => false, 1],
])("an answer from a task that has %s says that it is not to be relied on, and fails", async (_what, isLost, added) => {
  const objects = archive.objects.filter(({ key }) => !isLost(key));
  const data = archive.objects.filter(({ key }) => isData(key)).slice(0, added);
  const forged = data.map((object) => ({ ...object, key: object.key.replace(/[^/]+\/[^/]+$/, "forged/000000.gz") }));
  const damaged = archiveFolder([...objects, ...forged]);
  const { code, err } = await query("SELECT count(*) FROM events", "--archive", damaged);
  expect(code).toBe(2);
  expect(err).toMatch(
    /^Do not rely on this answer\.\nThe archive does not hold what its receipts count:\n[\s\S]*of log group [\s\S]* objects and \d+ bytes, the receipt says/,
  );
});

function isData(key: string): boolean {
  return key.startsWith(`${account}/`) && key.endsWith(".gz") && !key.includes(orphan);
}

test("a U+FEFF at the beginning of a message is printed, raw and otherwise", async () => {
  const object = archive.objects.find(({ key }) => key.startsWith(`${otherAccount}/`) && key.endsWith(".gz"));
  const text = gunzipSync(object?.body ?? "")
    .toString("utf8")
    .replace("an Error", "\uFEFFan Error");
  const body = gzipSync(text);
  const marked = archiveFolder(archive.objects.map((one) => (one === object ? { ...one, body } : one)));
  const about = ["--account", otherAccount, "--region", region, "--log-group", "/app/web", "--archive", marked];
  for (const how of ["--raw", "--csv", "--json"])
    expect((await query(...about, how)).out).toContain("\uFEFFan Error elsewhere");
});

test("a damaged object is named, without a stack", async () => {
  const [damaged] = archive.objects.filter(({ key }) => key.endsWith(".gz"));
  const broken = archiveFolder(
    archive.objects.map((object) => (object === damaged ? { ...object, body: Buffer.from("x") } : object)),
  );
  const { code, err } = await query("SELECT count(*) FROM events", "--archive", join(broken, bucket));
  expect(code).toBe(2);
  expect(err).toContain(`${damaged?.key} cannot be read`);
  expect(err).not.toContain("    at ");
});
