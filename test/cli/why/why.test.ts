import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type AskedItem, readItem } from "../../../apps/cli/item/item-records";
import { historyOf } from "../../../apps/cli/why/history";
import { answerText } from "../../../apps/cli/why/text";
import { verdictOf } from "../../../apps/cli/why/verdict";
import { coloursFor } from "../../../apps/terminal/colours";
import { nextCommand } from "../../../apps/terminal/next-command";
import { accountListKey, coverageKey, receiptKey } from "../../../handlers/archive/layout";
import { toLines } from "../../../handlers/archive/serialization";
import { account, bucket, days, noRole, otherAccount } from "../../audit/support/archive";
import { MemoryBucket } from "../../handlers/archive/support/memory-bucket";
import { coverageLine } from "../../handlers/support/examples";
import { archiveFolder } from "../../query/support/archive-folder";
import { useArchive } from "../../query/support/use-archive";
import { sealAndSign, signingKey } from "../../verify/support/sealed-archive";
import { orgLogArchive } from "../support/command";

/** `why`: the whole story of a log group's day, and what stands in the end. */

const archive = useArchive();
/** The evening of the run. */
const now = Date.parse("2026-11-20T18:00:00.000Z");
const web = { account, logGroup: "/app/web", day: days[1] };

/** The archive's main bucket in memory. */
function objects(): Map<string, Buffer> {
  return new Map(archive.objects.flatMap((one) => (one.bucket === bucket ? [[one.key, one.body] as const] : [])));
}

async function story(item: AskedItem, of = objects()) {
  const records = await readItem(new MemoryBucket(bucket, of), item);
  return {
    records,
    history: historyOf(item, records),
    ...verdictOf(item, records, { now, isLive: true, next: nextCommand() }),
  };
}

test("all that happened to a log group's day is told in the order of time, seal and signature included", async () => {
  const sealed = objects();
  sealAndSign(bucket, sealed, "run-1", signingKey());
  const { history, stands } = await story(web, sealed);
  expect(history.map(({ kind }) => kind)).toEqual([
    ...["run", "plan", "task", "task", "outcome", "receipt", "coverage", "report", "seal", "digest"],
  ]);
  expect(history.map(({ at }) => at)).toEqual(history.map(({ at }) => at).sort());
  const said = Object.fromEntries(history.map(({ kind, text }) => [kind, text]));
  expect(said.plan).toMatch(
    /^to be exported, as \d+ of 9 in the account \(STANDARD, kept for ever, created 2026-01-24/,
  );
  expect(said.receipt).toMatch(/^receipt 1 of 1 task: 3 objects, \d+ bytes \(run run-1\)$/);
  expect(said.seal).toMatch(/^seal 1 binds receipt 1 with \d+ events in 3 objects and its coverage$/);
  expect(said.digest).toBe("digest 1, signed, binds the seal and the coverage (run run-1)");
  expect(stands).toBe("exported, by receipt 1");
});

test("of several receipts the highest stands", async () => {
  const { history, stands } = await story({ ...web, account: otherAccount });
  expect(history.filter(({ kind }) => kind === "receipt")).toHaveLength(3);
  expect(stands).toBe("exported, by receipt 10, not sealed");
});

test("where the account as a whole failed, its reason is the log group's", async () => {
  const { standing, stands, change } = await story({ ...web, account: noRole });
  expect(standing).toMatchObject({ logGroup: null, outcome: "failed" });
  expect(stands).toMatch(/^the whole account: failed, role-not-assumable/);
  expect(change).toContain("The next scheduled run tries again");
});

test("that an account can be read again is said in words, and is no export of it", async () => {
  const line = {
    account: noRole,
    day: days[1],
    logGroup: null,
    outcome: "exported",
    reason: "account-reached",
  } as const;
  const of = objects();
  const key = coverageKey(days[1], noRole, "run-2", 1);
  of.set(key, Buffer.from(toLines([coverageLine({ ...line, at: "2026-11-20T17:30:00.000Z", runId: "run-2" })])));
  const { history } = await story({ ...web, account: noRole }, of);
  expect(history.at(-1)?.text).toBe("the whole account: can be read again (run run-2)");
});

test("a failed day that no scheduled run looks at again names the run that does", async () => {
  const { commands } = await story({ ...web, account: noRole, day: days[0] });
  const start = `run --region eu-central-1 --account ${noRole} --from ${days[0]} --to ${days[0]}`;
  expect(commands).toEqual([`npx org-log-archive ${start}`]);
});

test("a name that no run has seen is offered those like it, and a day that no run covered says so", async () => {
  expect(await story({ ...web, logGroup: "/APP" })).toMatchObject({
    standing: undefined,
    why: "No run that covered this day found such a log group in the account.",
    change: "Check the name. There are: /app/web.",
  });
  for (const logGroup of ["/app/wbe", "/app/we", "/app/webs", "/App/wab"])
    expect((await story({ ...web, logGroup })).change).toBe("Check the name. There are: /app/web.");
  expect((await story({ ...web, logGroup: "/app/api" })).change).not.toContain("There are");
  expect(await story({ ...web, day: "2026-10-01" })).toMatchObject({
    stands: "the whole account: failed, not-covered",
  });
});

test("what became of a log group that planning settled is told from the plan", async () => {
  const { history, stands, change } = await story({ ...web, logGroup: "quiet" });
  expect(history.map(({ kind }) => kind)).toEqual(["run", "plan", "outcome", "coverage", "report"]);
  expect([stands, change]).toEqual(["empty, no-recent-events", "Nothing: no run looks at it again."]);
});

test("a run that was for other accounts says nothing of where this one was", async () => {
  const of = objects();
  const key = accountListKey("run-1");
  const list = JSON.parse(of.get(key)?.toString() ?? "");
  const accounts = list.accounts.filter(({ id }: { id: string }) => id !== noRole);
  const by = (runId: string, change: object) =>
    of.set(accountListKey(runId), Buffer.from(JSON.stringify({ ...list, accounts, runId, ...change })));
  by("run-2", { onlyAccounts: true, startedAt: "2026-11-20T16:00:00.000Z" });
  by("run-3", { startedAt: "2026-11-20T17:00:00.000Z" });
  const { history } = await story({ ...web, account: noRole }, of);
  const [, ...others] = history.filter(({ kind }) => kind === "run").map(({ text }) => text);
  expect(others).toEqual([
    "run run-2 began: it was for other accounts, and not for this one",
    "run run-3 began: the account was not in the organisation",
  ]);
});

test("coverage without the receipt that it speaks of is not believed", async () => {
  const without = objects();
  without.delete(receiptKey(days[1], account, "/app/web", 1));
  expect((await story(web, without)).stands).toMatch(/^failed, missing-receipt/);
});

test("a receipt that is gone or garbled is to be brought back before a run exports the day again", async () => {
  const key = receiptKey(days[1], account, "/app/web", 1);
  const [gone, garbled] = [objects(), objects()];
  gone.delete(key);
  garbled.set(key, Buffer.from("{"));
  expect((await story(web, gone)).change).toMatch(/^Bringing back the receipt as it was, before the next run/);
  expect(await story(web, garbled)).toMatchObject({
    why: "Coverage says that it was archived, and its receipt cannot be read.",
    change: expect.stringMatching(/^Bringing back the receipt/),
  });
});

test("what is archived and not sealed says so, until a seal binds its receipt", async () => {
  const of = objects();
  expect(await story(web, of)).toMatchObject({
    stands: "exported, by receipt 1, not sealed",
    change: expect.stringMatching(/^The next run seals it/),
  });
  sealAndSign(bucket, of, "run-1", signingKey());
  expect(await story(web, of)).toMatchObject({
    stands: "exported, by receipt 1",
    commands: [`npx org-log-archive verify --deep --account ${account} --from ${days[1]} --to ${days[1]}`],
  });
});

test("names and reasons cannot act on a terminal, and no line is wider than it", async () => {
  const hostile = "\u001b[31m\u202e";
  const item = { ...web, logGroup: `/app/${hostile}` };
  const of = objects();
  const line = coverageLine({ ...item, outcome: "failed", reason: `service-error: ${hostile}`, runId: "run-9" });
  of.set(coverageKey(days[1], account, "run-9", 1), Buffer.from(`${JSON.stringify(line)}\n`));
  const { records, history } = await story(item, of);
  const text = answerText(
    item,
    { region: records.region, history, ...verdictOf(item, records, { now, isLive: true, next: nextCommand() }) },
    80,
    coloursFor({}),
  );
  expect(text.match(/\\u001b\[31m\\u202e/g)).toHaveLength(3);
  expect(text).not.toMatch(/(?!\n)[\p{Cc}\u202e]/u);
  expect(text.split("\n").filter((one) => one.length > 80)).toEqual([]);
});

const why = (item: AskedItem, ...options: string[]) =>
  orgLogArchive(["why", item.account, item.logGroup, item.day, "--archive", archive.folder, ...options]);

test("the exit code says whether the item is archived", async () => {
  const [exported, failed, unknown] = await Promise.all([
    why(web),
    why({ ...web, account: noRole }),
    why({ ...web, logGroup: "/no/such" }),
  ]);
  expect(exported).toMatchObject({ code: 0, out: expect.stringContaining("exported, by receipt 1"), err: "" });
  expect(exported.out.startsWith(`${account} account ${account} /app/web ${days[1]}, `)).toBe(true);
  expect(failed).toMatchObject({ code: 1, out: expect.stringContaining("role-not-assumable") });
  expect(unknown).toMatchObject({ code: 1, out: expect.stringContaining("nothing on record") });
});

test("as JSON it has the Regions that know the log group, each with its history", async () => {
  const { out } = await why({ ...web, account: otherAccount }, "--json");
  expect(JSON.parse(out)).toMatchObject({
    account: otherAccount,
    regions: [
      { region: "eu-central-1", standing: { outcome: "exported" }, history: expect.any(Array) },
      { region: "us-east-1", standing: { outcome: "exported" }, history: expect.any(Array) },
    ],
    unreadable: [],
  });
});

test("a record that cannot be read is named, and the archive is called unreadable", async () => {
  const folder = archiveFolder(archive.objects);
  const key = coverageKey(days[1], account, "run-1", 1);
  const file = join(folder, bucket, key);
  expect(readFileSync(file, "utf8")).toContain("/app/web");
  rmSync(file);
  writeFileSync(file, "{");
  const ended = await orgLogArchive(["why", account, "/app/web", days[1], "--archive", folder]);
  expect(ended).toMatchObject({ code: 2, err: expect.stringContaining(key) });
  expect(ended.out).toContain("exported, by receipt 1");
});

test.each([
  [["1234", "/app/web", days[1]], "12 digits"],
  [[account, "/app/web", "2026-02-30"], "a day that exists"],
  [[account, "/app/web"], "missing required argument 'day'"],
])("why %j is wrong use", async (args, sentence) => {
  const ended = await orgLogArchive(["why", ...args, "--archive", archive.folder]);
  expect(ended).toMatchObject({ code: 3, out: "", err: expect.stringContaining(sentence) });
});

describe("when a day is looked at again", () => {
  const change = async (day: string, at: string, isLive = true) => {
    const item = { account, logGroup: "/app/web", day };
    return verdictOf(item, await readItem(new MemoryBucket(bucket, objects()), item), {
      ...{ now: Date.parse(at), isLive },
      next: nextCommand(),
    });
  };

  test("a day that the next run's look-back reaches is told when, though no run has covered it", async () => {
    expect((await change("2026-11-20", "2026-11-21T12:30:00.000Z")).change).toBe(
      "The next scheduled run tries again, from 2026-11-21 13:30Z: the day is in its look-back.",
    );
  });

  test("a day that has not ended is nothing that a run missed", async () => {
    expect(await change("2026-12-24", "2026-11-20T18:00:00.000Z")).toMatchObject({
      standing: undefined,
      stands: "nothing yet",
      why: "The day has not ended.",
      change: "The day ends 2026-12-25 00:00Z: a run can archive it from 2026-12-25 12:00Z.",
    });
  });

  test("where the next run has not begun, that is said, and how to start one", async () => {
    const { change: said, commands } = await change("2026-11-24", "2026-11-27T12:00:00.000Z");
    expect(said).toContain("was to begin 2026-11-21 13:30Z and did not");
    expect(commands).toEqual([
      "npx org-log-archive status",
      "npx org-log-archive check",
      expect.stringMatching(/^npx org-log-archive run --region \S+ --account \d+ --from 2026-11-24 --to 2026-11-24$/),
    ]);
  });

  test("in a copy no run is missed, whatever the clock says", async () => {
    const late = "2027-03-01T12:00:00.000Z";
    expect((await change("2026-11-20", late, false)).change).toBe(
      "The next scheduled run tries again, from 2026-11-21 13:30Z: the day is in its look-back.",
    );
    expect((await change("2026-11-24", late, false)).change).toBe(
      "The next scheduled run (2026-11-21 13:30Z) is too early for this day; the one after it covers it.",
    );
  });

  test("a day before every look-back is for a run that a person starts", async () => {
    expect(await change("2026-10-01", "2026-11-20T18:00:00.000Z")).toMatchObject({
      change: expect.stringMatching(/^No scheduled run looks at 2026-10-01 any more: start one\./),
      commands: [expect.stringMatching(/^npx org-log-archive run --region .* --from 2026-10-01 --to 2026-10-01$/)],
    });
  });

  test("what failed is told with the moment from which CloudWatch Logs deletes it", async () => {
    const of = objects();
    const line = coverageLine({
      ...{ day: days[1], logGroup: "/app/web", outcome: "failed", reason: "slot-busy", retentionInDays: 3 },
      at: "2026-11-21T00:00:00.000Z",
    });
    of.set(coverageKey(days[1], account, "run-2", 1), Buffer.from(toLines([line])));
    of.delete(receiptKey(days[1], account, "/app/web", 1));
    for (const key of of.keys()) if (key.startsWith(`coverage/day=${days[1]}/account=${account}/run-1`)) of.delete(key);
    const records = await readItem(new MemoryBucket(bucket, of), web);
    const to = new Date(Date.parse(days[1]) + 3 * 86_400_000).toISOString().slice(0, 10);
    expect(verdictOf(web, records, { now, isLive: true, next: nextCommand() }).change).toContain(
      `CloudWatch Logs deletes it from ${to} on: the log group keeps 3 days.`,
    );
  });
});
