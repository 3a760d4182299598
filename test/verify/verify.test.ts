import { gzipSync } from "node:zlib";
import { weightOf } from "../../apps/verify/findings";
import { type Verification, verify } from "../../apps/verify/verify";
import { accountListKey, coverageKey, receiptKey } from "../../handlers/archive/layout";
import { AccountList, Receipt } from "../../handlers/archive/records";
import { toLines } from "../../handlers/archive/serialization";
import { MemoryBucket } from "../handlers/archive/support/memory-bucket";
import { closeAll, emulate } from "../handlers/support/emulated";
import { account, coverageLine } from "../handlers/support/examples";
import { bucket, logGroup, world, yesterday } from "../handlers/support/organisation";
import { runOnce } from "../handlers/support/run";
import { unseal } from "./support/sealed-archive";

/** An archive as runs made it before they sealed, damaged in one way at a time. */

const names = ["/app/web", "/app/api"] as const;
let intact: ReadonlyMap<string, Buffer>;

beforeAll(async () => {
  const emulated = await emulate({
    world: world([...names.map((name) => logGroup(name)), logGroup("/quiet", { streams: [] })]),
  });
  await runOnce(emulated);
  const objects = new Map([...emulated.cloud.s3.objects(bucket)].map(({ key, body }) => [key, Buffer.from(body)]));
  unseal(objects);
  intact = objects;
});
afterAll(closeAll);

function archive(): MemoryBucket {
  return new MemoryBucket(bucket, new Map(intact));
}

function receipt(): { key: string; receipt: Receipt; data: string } {
  const key = receiptKey(yesterday, account, names[0], 1);
  const receipt = Receipt.parse(JSON.parse(intact.get(key)?.toString("utf8") ?? ""));
  return { key, receipt, data: `${receipt.tasks[0]?.prefix}main/000000.gz` };
}

function check(
  damaged: MemoryBucket,
  options: { deep?: boolean; verified?: ReadonlySet<string> } = {},
): Promise<Verification> {
  const { deep = false, verified = new Set<string>() } = options;
  return verify(damaged, { range: {}, deep, keys: [], heads: [], verified, onDay: () => {} });
}

async function kinds(damaged: MemoryBucket, deep = false): Promise<string[]> {
  return (await check(damaged, { deep })).findings.map(({ kind, logGroup }) =>
    logGroup ? `${kind} ${logGroup}` : kind,
  );
}

test("an intact archive has no findings, also when every object is read", async () => {
  const result = await check(archive(), { deep: true });
  expect(result.findings).toEqual([]);
  expect(result.objects).toBe(2);
});

test("an export task's data that is gone is found", async () => {
  const damaged = archive();
  damaged.objects.delete(receipt().data);
  expect(await kinds(damaged)).toEqual(["receipt-without-data /app/web"]);
});

test("one object that is missing among others is found", async () => {
  const damaged = archive();
  const { key, receipt: standing, data } = receipt();
  const more = gzipSync("more");
  damaged.objects.set(`${standing.tasks[0]?.prefix}other/000000.gz`, more);
  const [task] = standing.tasks;
  damaged.objects.set(
    key,
    Buffer.from(
      JSON.stringify({ ...standing, objects: 2, tasks: [{ ...task, objects: 2, listingSha256: "0".repeat(64) }] }),
    ),
  );
  damaged.objects.delete(data);
  expect(await kinds(damaged)).toEqual(["missing-objects /app/web"]);
});

test("a key that was added under a receipted prefix is found", async () => {
  const damaged = archive();
  damaged.objects.set(`${receipt().receipt.tasks[0]?.prefix}forged/000000.gz`, gzipSync("forged"));
  expect(await kinds(damaged)).toEqual(["added-keys /app/web"]);
});

test("an object of another size is found", async () => {
  const damaged = archive();
  damaged.objects.set(receipt().data, gzipSync("something else of another length"));
  expect(await kinds(damaged)).toEqual(["changed-listing /app/web"]);
});

test("a key that was written a second time is found, though the listing is the same", async () => {
  const damaged = archive();
  damaged.writes.set(receipt().data, 2);
  expect(await kinds(damaged)).toEqual(["several-versions"]);
});

test("CloudWatch Logs' write test, which is written for every task, is no finding", async () => {
  const damaged = archive();
  damaged.writes.set(`${account}/${yesterday}/aws-logs-write-test`, 9);
  expect(await kinds(damaged)).toEqual([]);
});

test("a receipt or coverage object that was written a second time is found", async () => {
  const damaged = archive();
  damaged.writes.set(receipt().key, 2);
  const [coverage = ""] = [...intact.keys()].filter((key) =>
    key.startsWith(`coverage/day=${yesterday}/account=${account}`),
  );
  damaged.writes.set(coverage, 2);
  expect(await kinds(damaged)).toEqual(["several-versions", "several-versions"]);
});

test("a receipt that is gone is found, because coverage knows its export task", async () => {
  const damaged = archive();
  damaged.objects.delete(receipt().key);
  expect(await kinds(damaged)).toEqual(["orphan-folder", "missing-receipt /app/web"]);
});

test("a receipt under another item's key is found", async () => {
  const damaged = archive();
  const other = receiptKey(yesterday, account, names[1], 1);
  damaged.objects.set(other, damaged.objects.get(receipt().key) ?? Buffer.alloc(0));
  expect(await kinds(damaged)).toEqual(["unreadable-record", "orphan-folder", "missing-receipt /app/api"]);
});

test("an object beside the export tasks' folders is found", async () => {
  const damaged = archive();
  damaged.objects.set(`${account}/${yesterday}/000000.gz`, gzipSync("stray"));
  expect(await kinds(damaged)).toEqual(["stray-object"]);
});

test("a folder that no receipt names is an orphan", async () => {
  const damaged = archive();
  damaged.objects.set(`${account}/${yesterday}/0c2c5a8e-0000-4000-8000-000000000000/main/000000.gz`, gzipSync("x"));
  expect(await kinds(damaged)).toEqual(["orphan-folder"]);
});

test("a planned log group with neither receipt nor coverage is found", async () => {
  const damaged = archive();
  for (const key of damaged.objects.keys()) if (key.startsWith("coverage/")) damaged.objects.delete(key);
  damaged.objects.delete(receipt().key);
  expect((await kinds(damaged)).sort()).toEqual(["no-record /app/web", "no-record /quiet", "orphan-folder"]);
});

test("an account that a run was to archive and that has no record at all is found", async () => {
  const damaged = archive();
  for (const key of damaged.objects.keys())
    if (!key.startsWith("runs/") || key.includes("/plans/")) damaged.objects.delete(key);
  expect(await kinds(damaged)).toEqual(["no-record"]);
});

test("a receipt that is not readable is found, and is not taken for absent", async () => {
  const damaged = archive();
  damaged.objects.set(receipt().key, Buffer.from("{"));
  expect(await kinds(damaged)).toContain("unreadable-record");
});

test("an object that is not intact gzip is found when it is read", async () => {
  const damaged = archive();
  const { data } = receipt();
  const broken = Buffer.from(intact.get(data) ?? []);
  broken[broken.length - 6] = (broken.at(-6) ?? 0) ^ 255;
  damaged.objects.set(data, broken);
  expect(await kinds(damaged)).toEqual([]);
  expect(await kinds(damaged, true)).toEqual(["unreadable-object /app/web"]);
});

type Change = (standing: Receipt, task: Receipt["tasks"][number]) => Partial<Receipt>;
const lies: readonly (readonly [what: string, change: Change])[] = [
  ["another Region", () => ({ region: "us-west-9" })],
  ["another prefix", (_, task) => ({ tasks: [{ ...task, prefix: `${account}/${yesterday}/elsewhere/` }] })],
  ["an export task twice", (_, task) => ({ tasks: [task, task] })],
  ["other numbers of objects", (_, task) => ({ objects: 99, tasks: [{ ...task, objects: 99 }] })],
  ["other sizes", (_, task) => ({ bytes: 5, tasks: [{ ...task, bytes: 5 }] })],
  ["a sum that is none", () => ({ objects: 99 })],
  ["a window that ends early", (_, task) => ({ tasks: [{ ...task, to: task.from + 1000 }] })],
];

test.each(lies)("a receipt with %s is found, though the listing is as it was hashed", async (_what, change) => {
  const damaged = archive();
  const { key, receipt: standing } = receipt();
  const [task] = standing.tasks;
  if (!task) throw new Error("The receipt has no task");
  damaged.objects.set(key, Buffer.from(JSON.stringify({ ...standing, ...change(standing, task) })));
  expect(new Set(await kinds(damaged))).toEqual(new Set(["wrong-receipt /app/web"]));
});

test("a receipt with another log group's export task is found", async () => {
  const damaged = archive();
  const { key, receipt: standing } = receipt();
  const other = Receipt.parse(
    JSON.parse(damaged.objects.get(receiptKey(yesterday, account, names[1], 1))?.toString("utf8") ?? ""),
  );
  const { tasks, objects, bytes } = other;
  damaged.objects.set(key, Buffer.from(JSON.stringify({ ...standing, tasks, objects, bytes })));
  expect(await kinds(damaged)).toContainEqual(expect.stringMatching(/^wrong-receipt \/app/));
});

test.each([
  "top.txt",
  "abc/y",
  `${account}/z.txt`,
  `${account}/notes/z.txt`,
  `receipts/day=${yesterday}/stray.json`,
  "coverage/x",
])("an object where the layout has none is found: %s", async (key) => {
  const damaged = archive();
  damaged.objects.set(key, Buffer.from("x"));
  expect(await kinds(damaged)).toEqual(["stray-object"]);
});

test("a run record that cannot be read is a finding among the others", async () => {
  const damaged = archive();
  for (const key of damaged.objects.keys()) if (key.includes("/plans/")) damaged.objects.set(key, Buffer.from("{"));
  damaged.objects.delete(receipt().data);
  expect((await kinds(damaged)).sort()).toEqual(["receipt-without-data /app/web", "unreadable-record"]);
});

test("a line about the whole account excuses no log group that a run planned", async () => {
  const damaged = archive();
  for (const key of damaged.objects.keys()) if (!key.startsWith("runs/")) damaged.objects.delete(key);
  const line = coverageLine({ logGroup: null, day: yesterday, outcome: "failed", reason: "role-not-assumable" });
  damaged.objects.set(coverageKey(yesterday, account, "run-0", 1), Buffer.from(toLines([line])));
  expect((await kinds(damaged)).sort()).toEqual([
    "no-record /app/api",
    "no-record /app/web",
    "no-record /quiet",
    "not-archived",
  ]);
});

test("data that lifecycle rules have deleted is said, and is not wrong where an option says so", async () => {
  const damaged = archive();
  const { data } = receipt();
  damaged.objects.delete(data);
  damaged.writes.set(data, 2);
  const expiredBefore = (day: string) => verify(damaged, { ...all, expiredBefore: day });
  expect((await expiredBefore("2026-11-20")).findings).toMatchObject([{ kind: "expired", logGroup: "/app/web" }]);
  expect((await expiredBefore(yesterday)).findings.map(({ kind }) => kind)).toContain("receipt-without-data");
});

const all = { range: {}, deep: false, keys: [], heads: [], verified: new Set<string>(), onDay: () => {} };

test("what an interrupted verification has found intact is not read again", async () => {
  const verified = new Set<string>();
  const first = await verify(archive(), { ...all, verified, onDay: (id) => verified.add(id) });
  expect(first.accountDays).toBeGreaterThan(0);
  expect((await check(archive(), { verified })).accountDays).toBe(0);
  expect((await check(archive(), { verified, deep: true })).accountDays).toBe(first.accountDays);
});

test("only the range that was asked for is verified", async () => {
  const damaged = archive();
  damaged.objects.delete(receipt().data);
  const options = { deep: false, keys: [], heads: [], verified: new Set<string>(), onDay: () => {} };
  expect((await verify(damaged, { ...options, range: { to: "2026-11-18" } })).findings).toEqual([]);
  expect((await verify(damaged, { ...options, range: { accounts: [account] } })).findings).toHaveLength(1);
});

describe("days that no run covered", () => {
  const asked = { from: "2026-11-16", to: yesterday };
  const of = (due: object) => verify(archive(), { ...all, range: { ...asked, accounts: [account] }, ...due });

  test("are named where they are asked for, and are no damage", async () => {
    const { findings, accountDays, notCovered } = await of({ due: { asked } });
    expect(findings.map(({ kind, day, detail }) => [kind, day, detail, weightOf({ kind })])).toEqual(
      ["2026-11-16", "2026-11-17", "2026-11-18"].map((day) => ["not-covered", day, "the whole account", "open"]),
    );
    expect({ accountDays, notCovered }).toEqual({ accountDays: 4, notCovered: 3 });
  });

  test("are nothing that runs owe by themselves", async () => {
    expect(await of({})).toMatchObject({ findings: [], accountDays: 1, notCovered: 0 });
  });

  test("stay so where a run for some log groups wrote of them", async () => {
    const damaged = archive();
    const list = AccountList.parse(JSON.parse(intact.get(accountListKey("run-1"))?.toString() ?? ""));
    const partial = { ...list, runId: "partial", days: [], logGroups: ["/app/web"] };
    damaged.objects.set(accountListKey("partial"), Buffer.from(JSON.stringify(partial)));
    const line = coverageLine({ day: "2026-11-18", outcome: "empty", runId: "partial" });
    damaged.objects.set(coverageKey("2026-11-18", account, "partial", 1), Buffer.from(toLines([line])));
    const day = { from: "2026-11-18", to: "2026-11-18" };
    const { findings } = await verify(damaged, { ...all, range: { ...day, accounts: [account] }, due: { asked: day } });
    expect(findings.map(({ kind }) => kind)).toEqual(["not-covered"]);
  });
});
