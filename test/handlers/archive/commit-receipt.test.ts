import { itemAt } from "../../../handlers/archive/items";
import { receiptKey, taskPrefix } from "../../../handlers/archive/layout";
import { commitReceipt, readReceipt } from "../../../handlers/archive/receipts";
import type { Plan } from "../../../handlers/archive/records";
import { closeAll, emulate } from "../support/emulated";
import { account, plannedLogGroup, receipt, region, utcDay } from "../support/examples";
import { yesterday } from "../support/organisation";

afterEach(closeAll);

const plan: Plan = {
  version: 1,
  account,
  region,
  runId: "run-2",
  days: [utcDay(yesterday)],
  logGroups: [plannedLogGroup("/app/web")],
  items: [[0, 0]],
  settled: [],
  settledBefore: 0,
  unmatched: [],
};
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
  return { emulated, archive, commit: () => commitReceipt(plan, itemAt(plan, 0), [task], archive, emulated.clock) };
}

it("counts what lies below the task's prefix, and neither the write test nor another task's objects", async () => {
  const { emulated, commit } = await emulateArchive();
  emulated.put(`${account}/${yesterday}/aws-logs-write-test`, "Permission Check Successful");
  emulated.put(`${account}/${yesterday}/3fa85f64-5717-4562-b3fc-2c963f66afa7/web/000000.gz`, "another");
  emulated.put(`${taskPrefix(account, yesterday, task.taskId)}web/000000.gz`, "12345");
  emulated.put(`${taskPrefix(account, yesterday, task.taskId)}web/000001.gz`, "678");
  expect(await commit()).toMatchObject({ objects: 2, bytes: 8, tasks: [{ objects: 2, bytes: 8 }] });
});

it("answers the receipt that stands when somebody was faster: this task's folder is an orphan then", async () => {
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
