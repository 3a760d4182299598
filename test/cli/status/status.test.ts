import { readStatus } from "../../../apps/cli/status/region-status";
import { statusText } from "../../../apps/cli/status/text";
import { coloursFor } from "../../../apps/terminal/colours";
import { nextCommand } from "../../../apps/terminal/next-command";
import { foreignTaskText } from "../../../handlers/archive/foreign-task";
import {
  accountListKey,
  coverageKey,
  outcomesKey,
  planKey,
  reportKey,
  summaryKey,
} from "../../../handlers/archive/layout";
import { toLines } from "../../../handlers/archive/serialization";
import { reasons } from "../../../handlers/contract/reasons";
import { account, bucket, days, noRole, otherAccount } from "../../audit/support/archive";
import { MemoryBucket } from "../../handlers/archive/support/memory-bucket";
import { coverageLine } from "../../handlers/support/examples";
import { archiveFolder } from "../../query/support/archive-folder";
import { useArchive } from "../../query/support/use-archive";
import { sealAndSign, signingKey } from "../../verify/support/sealed-archive";
import { begin, interrupt, leave, orgLogArchive } from "../support/command";

/** `status`: how far a run is, by its own records. */

const archive = useArchive();
/** Half an hour after the run began. */
const now = Date.parse("2026-11-20T14:00:00.000Z");

/** The archive's main bucket in memory, without the objects that `left` names. */
function objects(left: (key: string) => boolean = () => false): Map<string, Buffer> {
  return new Map(
    archive.objects.flatMap((one) => (one.bucket === bucket && !left(one.key) ? [[one.key, one.body] as const] : [])),
  );
}

/** As the archive was while the first account was still running. */
const midway = (key: string) =>
  key === reportKey("run-1") || [summaryKey("run-1", account, 1), summaryKey("run-1", noRole, 1)].includes(key);

const look = (of: Map<string, Buffer>, runId?: string) => readStatus(new MemoryBucket(bucket, of), runId, now);

test("a run that has ended is told with what failed, and what is open the longest", async () => {
  const { run, oldest } = await look(objects());
  expect(run).toMatchObject({
    runId: "run-1",
    status: "incomplete",
    accounts: { total: 3, running: 0, failed: 1 },
    failed: [{ account: noRole, reason: "role-not-assumable" }],
  });
  expect(run).not.toHaveProperty("expectedEnd");
  expect(oldest).toMatchObject({ account: noRole, accountName: `account ${noRole}`, day: days[0] });
});

test("an account without a summary is running: its steps' outcomes say how far it is", async () => {
  const { run } = await look(objects(midway));
  expect(run).toMatchObject({ status: "running", running: [{ account, done: 9, total: 9, heldUp: 0 }] });
  expect(run?.running[0]?.latest).toMatchObject({ logGroup: expect.any(String), outcome: expect.any(String) });
  const half = objects((key) => midway(key) || key.startsWith(`runs/run-1/outcomes/${account}/`));
  expect((await look(half)).run?.running).toMatchObject([{ account, done: 0, total: 9 }]);
});

test("the end is expected by what was settled an hour, once every account has a plan", async () => {
  const planned = objects((key) => key === reportKey("run-1") || key === summaryKey("run-1", account, 1));
  const { run } = await look(planned);
  expect(run?.accounts.waiting).toBe(0);
  expect(run?.itemsPerHour).toBe((run?.items.done ?? 0) * 2);
  expect(run?.expectedEnd).toBe("2026-11-20T14:00:00.000Z");
  const waiting = objects((key) => midway(key) || key === planKey("run-1", account));
  expect((await look(waiting)).run).toMatchObject({ accounts: { waiting: 2 }, items: { done: 3 } });
  expect((await look(waiting)).run).not.toHaveProperty("expectedEnd");
});

test("a run whose accounts are all done has no end to expect, and says that its report is missing", async () => {
  const status = await look(objects((key) => key === reportKey("run-1")));
  expect(status.run).toMatchObject({ status: "running", accounts: { running: 0, waiting: 0 } });
  expect(status.run).not.toHaveProperty("expectedEnd");
  expect(statusText(status, 80, coloursFor({}), nextCommand())).toContain(
    "every account is done, and there is no report yet",
  );
});

test("a run that was stopped has no end on record once its time is over, and is not well", async () => {
  const of = objects(midway);
  const late = await readStatus(new MemoryBucket(bucket, of), "run-1", Date.parse("2026-11-27T14:00:00.000Z"));
  expect(late.run).toMatchObject({ status: "no-report", itemsPerHour: 0 });
  expect(late.run).not.toHaveProperty("expectedEnd");
  const text = statusText(late, 80, coloursFor({}), nextCommand()).replaceAll("\n", " ");
  expect(text).toMatch(
    /run run-1 {2}no end on record began .*, was to end by \d{4}-\d\d-\d\d \d\d:\d\dZ: it was stopped/,
  );
  expect(text).not.toMatch(/running {2}|expected/);
  const key = accountListKey("run-1");
  const list = JSON.parse(of.get(key)?.toString() ?? "");
  // Nothing else than its missing end is wrong with this one.
  const body = Buffer.from(JSON.stringify({ ...list, accounts: [], logGroups: ["/web"] }));
  const ended = await orgLogArchive(["status", "run-1", "--archive", archiveFolder([{ bucket, key, body }])]);
  const isOver = Date.parse(list.deadline) < Date.now();
  expect(ended.out).toContain("nothing open");
  expect([isOver, ended.code]).toEqual([true, 1]);
});

test("an export task of others that is in the way is named, with its account and since when", async () => {
  const task = {
    taskId: "b48cc53c-78e6-4a4d-939d-33c0d1e9836b",
    logGroup: "/others",
    since: "2026-11-20T12:00:00.000Z",
  };
  const held = [days[0], days[1]].map((day) =>
    coverageLine({ account, day, outcome: "failed", reason: `slot-busy: ${foreignTaskText(task)}` }),
  );
  const of = objects((key) => midway(key) || key.startsWith(`runs/run-1/outcomes/${account}/`));
  of.set(outcomesKey("run-1", account, 1, "request"), Buffer.from(toLines(held)));
  const running = await look(of);
  expect(running.run?.running).toMatchObject([{ account, heldUp: 2, heldUpBy: task }]);
  const named = [{ account, name: `account ${account}`, ...task }];
  expect(running.run?.foreignTasks).toEqual(named);
  const text = statusText(running, 80, coloursFor({}), nextCommand()).replaceAll("\n", " ");
  expect(text).toContain(
    `in the way: ${account} account ${account}, export task ${task.taskId} of /others since 2026-11-20 12:00Z, not ours`,
  );

  // Of an account that is done, its summary names it.
  const ended = objects();
  const key = summaryKey("run-1", account, 1);
  const summary = JSON.parse(ended.get(key)?.toString() ?? "");
  const examples = held.map(({ logGroup, day, reason }) => ({ logGroup, day, reason }));
  const causes = [{ outcome: "failed", reason: "slot-busy", count: 2, days: {}, examples }];
  ended.set(key, Buffer.from(JSON.stringify({ ...summary, causes })));
  expect((await look(ended)).run?.foreignTasks).toEqual(named);
  expect((await look(objects())).run?.foreignTasks).toEqual([]);
});

test("a digest that is gone is named by its run's head, and the archive is not well", async () => {
  const sealed = objects();
  const { key, sha256 } = sealAndSign(bucket, sealed, "run-1", signingKey());
  expect((await look(sealed)).lost).toEqual([]);
  sealed.delete(key);
  const status = await look(sealed);
  expect(status.lost).toEqual([{ sequence: 1, head: { runId: "run-1", sequence: 1, sha256 } }]);
  const text = statusText(status, 80, coloursFor({}), nextCommand());
  expect(text.replaceAll("\n", " ")).toContain(`${key} (1:`);
  const folder = archiveFolder([...sealed].map(([one, body]) => ({ bucket, key: one, body })));
  expect((await orgLogArchive(["status", "--archive", folder])).code).toBe(2);
});

test("the head is the newest digest", async () => {
  const sealed = objects();
  const { digest, sha256 } = sealAndSign(bucket, sealed, "run-1", signingKey());
  expect((await look(sealed)).head).toMatchObject({ sequence: digest.sequence, sha256 });
  expect((await look(objects())).head).toBeUndefined();
});

test("a Region is shown within a screen of 80 columns, and no name is obeyed", async () => {
  const of = objects(midway);
  const key = "runs/run-1/accounts.json";
  const list = JSON.parse(of.get(key)?.toString() ?? "");
  for (const one of list.accounts) one.name = "\u001b[2Jname";
  of.set(key, Buffer.from(JSON.stringify(list)));
  const text = statusText(await look(of), 80, coloursFor({}), nextCommand());
  expect(text.split("\n").filter((line) => line.length > 80)).toEqual([]);
  expect(text.split("\n").length).toBeLessThanOrEqual(24);
  expect(text).toContain(`› ${account} \\u001b[2Jname`);
  expect(text).not.toMatch(/(?!\n)\p{Cc}/u);
});

test("a scheduled run that has not begun is named with the days that no run covers, and not before it should have", async () => {
  const at = (time: string) => readStatus(new MemoryBucket(bucket, objects()), undefined, Date.parse(time));
  expect(await at("2026-11-21T14:29:00.000Z")).not.toHaveProperty("missed");
  const late = Date.parse("2026-11-23T14:31:00.000Z");
  const ofCopy = await readStatus(new MemoryBucket(bucket, objects()), undefined, late, { isLive: false });
  expect(ofCopy).not.toHaveProperty("missed");
  const status = await at("2026-11-23T14:31:00.000Z");
  expect(status.missed).toEqual({
    newestStartedAt: "2026-11-20T13:30:00.000Z",
    dueAt: "2026-11-21T13:30:00.000Z",
    days: ["2026-11-20", "2026-11-21"],
  });
  expect(statusText(status, 80, coloursFor({}), nextCommand()).replaceAll("\n", " ")).toContain(
    "no scheduled run since 2026-11-20 13:30Z: the next was to begin 2026-11-21 13:30Z; no run has covered 2026-11-20 to 2026-11-21",
  );
});

test("a record that cannot be read is named", async () => {
  const of = objects();
  of.set(summaryKey("run-1", otherAccount, 1), Buffer.from("{"));
  expect((await look(of)).run?.unreadable).toEqual([expect.stringContaining(summaryKey("run-1", otherAccount, 1))]);
});

test("the command shows the newest run of each Region, or the one that is named", async () => {
  const [plain, json, named, unknown, wrong] = await Promise.all([
    orgLogArchive(["status", "--archive", archive.folder]),
    orgLogArchive(["status", "--archive", archive.folder, "--json"]),
    orgLogArchive(["status", "run-1", "--archive", archive.folder]),
    orgLogArchive(["status", "run-7", "--archive", archive.folder]),
    orgLogArchive(["status", "run 7", "--archive", archive.folder]),
  ]);
  expect(plain).toMatchObject({ code: 1, err: "", out: expect.stringContaining("us-east-1  no run yet") });
  expect(JSON.parse(json.out)).toMatchObject({ regions: [{ run: { runId: "run-1" } }, { region: "us-east-1" }] });
  expect(named.out).toContain("run run-1  incomplete");
  expect(unknown).toMatchObject({ code: 3, out: "", err: expect.stringContaining("has no run run-7") });
  expect(wrong).toMatchObject({ code: 3, out: "", err: expect.stringContaining("is no run id") });
});

test("the report of the newest run is told with what to do about each cause, and where to go on", async () => {
  const place = ["--archive", archive.folder];
  const [plain, json, running, following] = await Promise.all([
    orgLogArchive(["status", "--report", ...place]),
    orgLogArchive(["status", "run-1", "--report", "--json", ...place]),
    orgLogArchive(["status", "run-7", "--report", ...place]),
    orgLogArchive(["status", "--report", "--follow", ...place]),
  ]);
  expect(plain).toMatchObject({ code: 1, err: "org-log-archive-200000000000-us-east-1: no run yet.\n" });
  expect(plain.out).toContain("✘ role-not-assumable: ");
  expect(plain.out).toContain(reasons["role-not-assumable"].split(" ")[0]);
  expect(plain.out).toContain(`org-log-archive coverage --reason role-not-assumable --archive ${archive.folder}`);
  expect(JSON.parse(json.out)).toMatchObject({ reports: [{ runId: "run-1", status: "incomplete" }] });
  expect(running).toMatchObject({ code: 3, err: expect.stringContaining("The archive has no run run-7") });
  expect(following).toMatchObject({ code: 3, err: expect.stringContaining("does not go with --follow") });
});

test("what CloudWatch Logs deletes next of what is open is told with its day, of all days and in a run's report", async () => {
  const atRisk = (name: string, retentionInDays: number) => {
    const of = { day: days[1], logGroup: name, outcome: "failed" as const, reason: "slot-busy", retentionInDays };
    const line = coverageLine({ ...of, at: "2026-11-21T00:00:00.000Z" });
    return [coverageKey(days[1], account, `run-${retentionInDays}`, 1), Buffer.from(toLines([line]))] as const;
  };
  const of = new Map([...objects(), atRisk("/kept/5", 5), atRisk("/kept/3", 3)]);
  const status = await look(of);
  expect(status.lostNext.map(({ deletedFrom, logGroup }) => [deletedFrom, logGroup])).toEqual([
    ["2026-11-21", "/kept/3"],
    ["2026-11-23", "/kept/5"],
  ]);
  const text = statusText(status, 80, coloursFor({}), nextCommand({ bucket: [bucket] }));
  expect(text.replaceAll("\n", " ")).toContain(
    `lost next: CloudWatch Logs deletes ${days[1]} of ${account} account ${account} /kept/3 from 2026-11-21, and of 1 log group more; all of it:`,
  );
  expect(text).toContain(`\n  npx org-log-archive coverage --bucket ${bucket}\n`);
  expect((await look(objects())).lostNext).toEqual([]);

  const place = ["--archive", archiveFolder([...of].map(([key, body]) => ({ bucket, key, body })))];
  const [report, json] = await Promise.all(
    [[], ["--json"]].map((how) => orgLogArchive(["status", "--report", ...how, ...place])),
  );
  expect(report?.out).toMatch(/Lost next if nothing is done[^│]*│ From .*\n│ 2026-11-21 │ .*\/kept\/3/);
  expect(report?.out).toContain("of 1 account that failed as a whole");
  expect(JSON.parse(json?.out ?? "").lostNext).toEqual(status.lostNext);
});

test("where no run has begun, the command that starts one is told", async () => {
  const text = statusText(await look(new Map()), 80, coloursFor({}), nextCommand({ bucket: [bucket] }));
  expect(text).toBe("eu-central-1  no run yet; to start one:\n  npx org-log-archive run --region eu-central-1\n");
});

test("a run that is red for its sealing alone is red, and says for what", async () => {
  const of = objects();
  const report = JSON.parse(of.get(reportKey("run-1"))?.toString() ?? "");
  const [cause] = report.causes;
  report.causes = [{ ...cause, outcome: "failed", reason: "not-sealed", count: 7 }];
  of.set(reportKey("run-1"), Buffer.from(JSON.stringify(report)));
  const status = await look(of);
  expect(status.run?.causes).toEqual([{ reason: "not-sealed", count: 7 }]);
  const text = statusText(status, 80, coloursFor({}), nextCommand());
  expect(text.replaceAll("\n", " ")).toContain(
    "red for: not-sealed 7; what to do:   npx org-log-archive status run-1 --report",
  );
});

/** Follows a run that does not end. */
function following() {
  const far = ({ key, body, ...one }: (typeof archive.objects)[number]) =>
    key === accountListKey("run-1")
      ? { ...one, key, body: Buffer.from(body.toString().replace(/"deadline":"\d+/, '"deadline":"9999')) }
      : { ...one, key, body };
  const folder = archiveFolder(archive.objects.filter(({ key }) => !midway(key)).map(far));
  return begin(["status", "--archive", folder, "--follow"]);
}

test("a run is followed in plain lines in a pipe, until it is interrupted", async () => {
  const { code, out } = await interrupt(following());
  expect(out).toContain("run run-1  running");
  expect(out).not.toContain("\u001b");
  expect(code).toBe(130);
});

test("who has read enough ends it without an error", async () => {
  expect(await leave(following())).toMatchObject({ code: 0, err: "" });
});
