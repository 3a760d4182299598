import { readText } from "../../../apps/cli/basis/tell";
import { account, days, noRole, region } from "../../audit/support/archive";
import { useArchive } from "../../query/support/use-archive";
import { type Ended, orgLogArchive } from "../support/command";

/** Every answer ends with what it rests on. */

const archive = useArchive();

function query(...args: readonly string[]): Promise<Ended> {
  return orgLogArchive(["query", "--archive", archive.folder, ...args]);
}

test("what the archive does not hold of the days and accounts that are asked about is said, and in the exit code", async () => {
  const count = "SELECT count(*) AS n FROM events";
  const [all, one, later] = await Promise.all([
    query(count, "--csv"),
    query(`${count} WHERE account = '${account}' AND day <= '${days[1]}'`, "--csv"),
    query("--account", account, "--from", days[2], "--to", "2026-11-20"),
  ]);
  expect(all.code).toBe(1);
  expect(all.err).toContain(
    `  account ${noRole} (account ${noRole}) in ${region} is not complete on ${days[0]} to ${days[2]}: role-not-assumable`,
  );
  expect(all.err).toContain(`To see them: npx org-log-archive coverage --from ${days[0]} --to ${days[2]} --archive `);
  expect(all.err).toContain("Left out on purpose: excluded-by-configuration 3, management-account 3.");
  expect(one).toMatchObject({
    code: 0,
    err: expect.stringMatching(
      /^The archive holds all that was asked for: 1 account in eu-central-1, 2026-11-17 to 2026-11-18; the archive has no earlier days\.\nRead/,
    ),
  });
  expect(later).toMatchObject({
    code: 0,
    err: expect.stringContaining(`  no run has covered 2026-11-20: the archive ends with ${days[2]}`),
  });
});

test.each([
  // A condition that is not understood is no bound.
  [[`SELECT * FROM events WHERE account = '${account}' AND day LIKE '2027-%'`], /; the archive has no other days\./],
  [["--grep", "is nowhere", "--account", account], /holds all that was asked for: 1 account/],
  [["--grep", "x", "--from", "2027-01-01", "--to", "2027-12-31"], /no run has covered 2027:/],
  [["SELECT * FROM coverage WHERE day = '2027-01-01'"], /no run has covered 2027-01-01:/],
  [["--named", "gaps", "--from", "2027-01-01"], /no run has covered 2027-01-01 or later:/],
  [["--account", "999999999999"], /no run has seen account 999999999999\n/],
  [["SELECT 1 WHERE false"], /^This question reads nothing of the archive\./],
])("no rows never stands alone: %j", async (asked, why) => {
  const { code, out, err } = await query(...asked);
  expect({ code, out }).toEqual({ code: 0, out: "no rows\n" });
  expect(err).toMatch(why);
});

test("a question about records that finds nothing is not called incomplete, and says where no record is", async () => {
  const { code, out, err } = await query("--named", "gaps", "--from", "2027-01-01");
  expect({ code, out }).toEqual({ code: 0, out: "no rows\n" });
  expect(err).toMatch(/^Not all that this answer is about is on record:\n {2}no run has covered 2027-01-01 or later/);
  expect(err).not.toContain("This answer is not complete");
});

const restsOn = ({ err }: Ended) => JSON.parse(err.trimEnd().split("\n").at(-1) ?? "").restsOn;

test.each([
  [["--named", "never-archived", "--from", "2026-11-01"]],
  [["--named", "failed-and-skipped", "--from", "2026-11-01"]],
  [["--named", "gaps", "--from", "2026-11-01"]],
  [["SELECT * FROM gaps WHERE day >= '2026-11-01'"]],
  [["SELECT count(*) AS n FROM coverage WHERE day >= '2026-11-01'"]],
])("rows from records stand beside the days that are on record nowhere: %j", async (asked) => {
  const ended = await query(...asked, "--json");
  expect(ended.out).not.toBe("");
  expect(ended.err).toContain(`  no run has covered 2026-11-01 to 2026-11-16: the archive begins with ${days[0]}\n`);
  // That accounts failed is in the rows.
  expect(ended.err).not.toContain("To see them");
  expect(ended.code).toBe(0);
  expect(restsOn(ended)).toMatchObject({ subject: "recorded", complete: false, incomplete: [] });
});

test.each([
  [`SELECT count(*) AS n FROM events WHERE ts >= TIMESTAMP '${days[1]}' AND ts < '${days[2]} 00:00'`, "archived"],
  [`SELECT * FROM gaps WHERE day = '${days[1]}'`, "recorded"],
])("SQL is about the days that it asks for, by the time of events too: %s", async (sql, subject) => {
  const ended = await query(sql, "--json");
  const asked = { from: days[1], to: days[1] };
  expect(restsOn(ended)).toMatchObject({ subject, days: asked, notCovered: [] });
  const dayOf = ({ day }: { day: string }) => day;
  expect(restsOn(ended).incomplete.map(dayOf)).toEqual(subject === "archived" ? [days[1]] : []);
});

test("a Region or a log group that nothing is on record of is said, and is not complete", async () => {
  const [elsewhere, mistyped] = await Promise.all([
    query("--region", "us-west-2", "--json"),
    query("SELECT * FROM events WHERE log_group IN ('/app/web', '/app/wbe')", "--account", account, "--json"),
  ]);
  expect(elsewhere.err).toContain("  nothing is on record of Region us-west-2\n");
  expect(restsOn(elsewhere)).toMatchObject({ complete: false, unknownRegions: ["us-west-2"] });
  // No run can bring it.
  expect([elsewhere.code, mistyped.code]).toEqual([0, 0]);
  expect(mistyped.err).toContain("  nothing is on record of log group /app/wbe\n");
  expect(restsOn(mistyped)).toMatchObject({ complete: false, unknownLogGroups: ["/app/wbe"] });
});

test("the command that shows what is not complete is of the account that was given", async () => {
  const { code, err } = await query("--account", noRole, "--from", days[0]);
  expect(code).toBe(1);
  expect(err).toContain(
    `To see them: npx org-log-archive coverage --account ${noRole} --from ${days[0]} --to ${days[2]} --archive `,
  );
});

test("JSON has the same as fields in a line of its own, on standard error, so that rows stay rows", async () => {
  const { out, err } = await query("--from", days[0], "--to", "2026-11-30", "--word", "error", "--json");
  const rows = out.trimEnd().split("\n");
  expect(rows.map((row) => Object.keys(JSON.parse(row)))).toEqual(rows.map(() => expect.arrayContaining(["message"])));
  const { restsOn, read } = JSON.parse(err.trimEnd().split("\n").at(-1) ?? "");
  expect(restsOn).toMatchObject({
    ...{ subject: "archived", complete: false },
    days: { from: days[0], to: "2026-11-30" },
    archive: { from: days[0], to: days[2] },
    incomplete: days.map((day) => ({ day, accounts: 1, of: 5, reasons: { "role-not-assumable": 1 } })),
    notCovered: [{ from: "2026-11-20", to: "2026-11-30" }],
  });
  expect(err).toContain(`${readText(read)}.\n`);
});
