import { createHash } from "node:crypto";
import { itemAt } from "../../../handlers/archive/items";
import { receiptKey, taskPrefix } from "../../../handlers/archive/layout";
import { commitReceipt, hashVersions, readReceipt, surveyTasks } from "../../../handlers/archive/receipts";
import { closeAll, emulate } from "../support/emulated";
import { account, plan as examplePlan, plannedLogGroup, receipt, region, utcDay } from "../support/examples";
import { bucket, logArchive, yesterday } from "../support/organisation";

afterEach(closeAll);

const plan = examplePlan({
  runId: "run-2",
  days: [utcDay(yesterday)],
  logGroups: [plannedLogGroup("/app/web")],
  items: [0, 0],
});
const key = receiptKey(yesterday, account, "/app/web", 1);
const at = "2026-11-20T13:30:00.000Z";
const { from, to } = utcDay(yesterday);
const task = {
  taskId: "3fa85f64-5717-4562-b3fc-2c963f66afa6",
  taskName: "t",
  from,
  to,
  createdAt: at,
  completedAt: at,
};

async function emulateArchive() {
  const emulated = await emulate();
  const archive = emulated.store();
  const item = itemAt(plan, 0);
  const commit = async () =>
    commitReceipt(plan, item, await surveyTasks(account, item, [task], archive), archive, emulated.clock, 0);
  return { emulated, archive, commit };
}

it("counts what lies below the task's prefix, and neither the write test nor another task's objects", async () => {
  const { emulated, commit } = await emulateArchive();
  emulated.put(`${account}/${yesterday}/aws-logs-write-test`, "Permission Check Successful");
  emulated.put(`${account}/${yesterday}/3fa85f64-5717-4562-b3fc-2c963f66afa7/web/000000.gz`, "another");
  emulated.put(`${taskPrefix(account, yesterday, task.taskId)}web/000000.gz`, "12345");
  emulated.put(`${taskPrefix(account, yesterday, task.taskId)}web/000001.gz`, "678");
  expect(await commit()).toMatchObject({ objects: 2, bytes: 8, tasks: [{ objects: 2, bytes: 8 }] });
});

it("says which versions it counted, and of each which content: what stands, not what stood or was deleted", async () => {
  const { emulated, commit } = await emulateArchive();
  const key = `${taskPrefix(account, yesterday, task.taskId)}web/000000.gz`;
  emulated.put(key, "12345");
  emulated.put(key, "54321");
  const deleted = key.replace("web", "deleted");
  emulated.put(deleted, "x");
  emulated.cloud.s3.delete(bucket, deleted, undefined, emulated.clock.now());
  const [standing] = emulated.cloud.s3.versions(bucket, key);
  const { version, tasks } = await commit();
  expect([version, tasks[0]?.objects]).toEqual([2, 1]);
  const etag = createHash("md5").update("54321").digest("hex");
  expect(tasks[0]?.versionsSha256).toBe(hashVersions([{ key, size: 5, etag, versionId: standing?.versionId ?? "" }]));
});

it("knows no version ids in a bucket without versions", async () => {
  const { emulated, commit } = await emulateArchive();
  emulated.cloud.s3.createBucket({ name: bucket, region, account: logArchive, versioning: false });
  const key = `${taskPrefix(account, yesterday, task.taskId)}web/000000.gz`;
  emulated.put(key, "12345");
  const etag = createHash("md5").update("12345").digest("hex");
  expect((await commit()).tasks[0]?.versionsSha256).toBe(hashVersions([{ key, size: 5, etag }]));
});

it.each([
  ["a receipt of version 2 without them", { version: 2 as const }],
  ["a receipt of version 1 with them", { version: 1 as const, versionsSha256: "0".repeat(64) }],
])("takes %s for unreadable", async (_, { version, ...more }) => {
  const { emulated, archive } = await emulateArchive();
  const standing = receipt({ version });
  emulated.put(key, JSON.stringify({ ...standing, tasks: standing.tasks.map((task) => ({ ...task, ...more })) }));
  await expect(readReceipt(account, itemAt(plan, 0), archive)).rejects.toThrow("versionsSha256");
});

it("answers the receipt that stands when another writer was faster: this task's folder is an orphan then", async () => {
  const { emulated, commit } = await emulateArchive();
  const standing = receipt({ runId: "run-1" });
  emulated.put(key, JSON.stringify(standing));
  expect(await commit()).toEqual(standing);
  expect(emulated.keys("receipts/")).toEqual([key]);
  expect(JSON.parse(emulated.text(key))).toEqual(standing);
});

it("answers the last of several receipts", async () => {
  const { emulated, archive, commit } = await emulateArchive();
  for (const n of [1, 2, 3])
    emulated.put(receiptKey(yesterday, account, "/app/web", n), JSON.stringify(receipt({ runId: `run-${n}` })));
  expect(await readReceipt(account, itemAt(plan, 0), archive)).toMatchObject({ n: 3, receipt: { runId: "run-3" } });
  expect(await commit()).toMatchObject({ runId: "run-3" });
});

it("answers its own receipt when the answer to its write was lost", async () => {
  const { emulated, archive, commit } = await emulateArchive();
  emulated.rules.push((call) =>
    call.operation === "PutObject" && call.number < 4 ? { kind: "drop-after" } : undefined,
  );
  const committed = await commit();
  expect(committed.runId).toBe("run-2");
  expect(await readReceipt(account, itemAt(plan, 0), archive)).toEqual({ n: 1, receipt: committed });
});

it("takes a receipt that it cannot read for an error, never for none", async () => {
  const { emulated, archive, commit } = await emulateArchive();
  emulated.put(key, "{}");
  await expect(readReceipt(account, itemAt(plan, 0), archive)).rejects.toMatchObject({ name: "UnreadableRecord" });
  await expect(commit()).rejects.toMatchObject({ name: "UnreadableRecord" });
});
