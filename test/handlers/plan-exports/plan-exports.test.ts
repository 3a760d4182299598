import { itemCount, itemsOf } from "../../../handlers/archive/items";
import { coverageKey, receiptKey } from "../../../handlers/archive/layout";
import { Plan } from "../../../handlers/archive/records";
import { toLines } from "../../../handlers/archive/serialization";
import { closeAll, type Emulated, emulate } from "../support/emulated";
import { account, coverageLine, hour } from "../support/examples";
import { death, on, once } from "../support/faults";
import { HandlerCalls } from "../support/handler-calls";
import { logGroup, start, world, yesterday } from "../support/organisation";
import { runOnce } from "../support/run";

afterEach(closeAll);

const emulateAccount = () => emulate({ world: world([logGroup("/a"), logGroup("/b")]) });

async function planned(emulated: Emulated): Promise<string[]> {
  const fixture = new HandlerCalls(emulated);
  const run = await fixture.listAccounts();
  const { total } = await fixture.planExports(run);
  const plan = Plan.parse(JSON.parse(emulated.text(`runs/run-1/plans/${account}.json`)));
  expect(itemCount(plan)).toBe(total);
  return [...itemsOf(plan)].map(({ group }) => group.name);
}

function cover(emulated: Emulated, n: number, ...lines: readonly Parameters<typeof coverageLine>[0][]): void {
  emulated.put(coverageKey(yesterday, account, "run-0", n), toLines(lines.map(coverageLine)));
}

it("plans what is not settled", async () => {
  expect(await planned(await emulateAccount())).toEqual(["/a", "/b"]);
});

it("leaves out what has a receipt and a line that says so, whatever the receipt's number", async () => {
  const emulated = await emulateAccount();
  emulated.put(receiptKey(yesterday, account, "/a", 2), "{}");
  cover(emulated, 1, { logGroup: "/a", outcome: "exported", taskIds: ["task"] });
  expect(await planned(emulated)).toEqual(["/b"]);
});

it("does not take another account's or another day's receipt for this one's", async () => {
  const emulated = await emulateAccount();
  emulated.put(receiptKey(yesterday, "300000000001", "/a", 1), "{}");
  emulated.put(receiptKey("2026-11-18", account, "/a", 1), "{}");
  expect(await planned(emulated)).toEqual(["/a", "/b"]);
});

it.each([
  ["empty", "no-recent-events"],
  ["skipped", "expired"],
  ["skipped", "key-too-long: 1271 bytes"],
  ["skipped", "delivery-class"],
] as const)("leaves out what is %s for good: %s", async (outcome, reason) => {
  const emulated = await emulateAccount();
  cover(emulated, 1, { logGroup: "/a", outcome, reason });
  expect(await planned(emulated)).toEqual(["/b"]);
});

it.each([
  ["failed", "deadline"],
  ["failed", "export-task-failed: again"],
  ["skipped", "excluded-by-configuration"],
  ["skipped", "log-group-deleted"],
] as const)("plans again what is %s for now: %s", async (outcome, reason) => {
  const emulated = await emulateAccount();
  cover(emulated, 1, { logGroup: "/a", outcome, reason });
  expect(await planned(emulated)).toEqual(["/a", "/b"]);
});

it("goes by the latest line of an item, in whatever object it stands", async () => {
  const emulated = await emulateAccount();
  cover(emulated, 1, { logGroup: "/a", outcome: "empty", reason: "no-objects", at: "2026-11-20T12:00:00.000Z" });
  cover(emulated, 2, { logGroup: "/a", outcome: "failed", reason: "deadline", at: "2026-11-20T11:00:00.000Z" });
  expect(await planned(emulated)).toEqual(["/b"]);
});

it("takes records that it cannot read for an error, never for nothing", async () => {
  const emulated = await emulateAccount();
  emulated.put(coverageKey(yesterday, account, "run-0", 1), '{"account":"3000');
  await expect(planned(emulated)).rejects.toMatchObject({ name: "UnreadableRecord" });
});

it.each(["ListObjectsV2", "GetObject"])("takes a refused %s for an error, never for nothing", async (operation) => {
  const emulated = await emulateAccount();
  cover(emulated, 1, { logGroup: "/a", outcome: "empty", reason: "no-objects" });
  emulated.rules.push(on(operation, { kind: "error", name: "AccessDenied", status: 403 }));
  await expect(planned(emulated)).rejects.toMatchObject({ name: "AccessDenied" });
});

it("stands by the plan that an earlier attempt wrote", async () => {
  const emulated = await emulateAccount();
  const fixture = new HandlerCalls(emulated);
  const run = await fixture.listAccounts();
  emulated.rules.push(once(on("PutObject", death("after"))));
  await expect(fixture.planExports(run)).rejects.toThrow("Death");
  emulated.cloud.logs.groups.put(logGroup("/c"));
  expect(await fixture.planExports(run)).toMatchObject({ status: "more", total: 2 });
});

it("exports first the log group whose day retention deletes next", async () => {
  const groups = [logGroup("/a"), logGroup("/b", { retentionInDays: 14 }), logGroup("/c", { retentionInDays: 3 })];
  const emulated = await emulate({ world: world(groups) });
  expect(await planned(emulated)).toEqual(["/c", "/b", "/a"]);
});

it("has nothing to do in an account without log groups, and says so once", async () => {
  const emulated = await emulate({ world: world([]) });
  await runOnce(emulated);
  await runOnce(emulated, { runId: "run-2" });
  const lines = emulated.coverage().filter((line) => line.account === account);
  expect(lines).toMatchObject([{ logGroup: null, outcome: "empty", reason: "no-log-groups" }]);
});

it("plans a log group that was created during the day, and skips one that was created after it", async () => {
  const groups = [
    logGroup("/during", { createdAt: Date.UTC(2026, 10, 19, 23) }),
    logGroup("/after", { createdAt: start - hour }),
  ];
  expect(await planned(await emulate({ world: world(groups) }))).toEqual(["/during"]);
});
