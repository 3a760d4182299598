import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { seededUuid } from "../apps/emulator/seeded";
import {
  accountListKey,
  archiveBucketName,
  coverageKey,
  planKey,
  receiptKey,
  taskPrefix,
} from "../handlers/contract/layout";
import type { AccountList, CoverageLine, Plan, Receipt } from "../handlers/contract/records";
import { toLines } from "../handlers/contract/serialization";
import { countObjects } from "../handlers/ledger/receipts";

/** An archive as a month of runs leaves it: small objects, because the number of them is what counts. */

export const size = { accounts: 100, days: 30, logGroups: 20 } as const;

const region = "eu-central-1";
const runId = "bench";
const dayMs = 86_400_000;
const firstDay = Date.UTC(2026, 9, 1);

export const accountIds = Array.from({ length: size.accounts }, (_, index) => String(100_000_000_000 + index));
export const days = Array.from({ length: size.days }, (_, index) => {
  const from = firstDay + index * dayMs;
  return { day: new Date(from).toISOString().slice(0, 10), from, to: from + dayMs };
});
const logGroups = Array.from({ length: size.logGroups }, (_, index) => `/aws/lambda/function-${index}`);

/** Writes the same archive every time. */
export function writeArchive(folder: string): void {
  const bucket = join(folder, archiveBucketName("111122223333", region));
  const put = (key: string, body: string | Buffer) => {
    const path = join(bucket, key);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, body);
  };
  const at = new Date(firstDay + (size.days + 1) * dayMs).toISOString();
  const accounts = accountIds.map((id) => ({ id, name: `account ${id}`, state: "ACTIVE" }));
  const list: AccountList = {
    version: 1,
    runId,
    startedAt: at,
    deadline: at,
    days,
    lastChanceDays: [],
    accounts,
    notices: [],
  };
  put(accountListKey(runId), JSON.stringify(list));
  for (const account of accountIds) {
    put(planKey(runId, account), JSON.stringify(planOf(account)));
    for (const window of days) {
      const lines = logGroups.map((logGroup): CoverageLine => {
        const { receipt, object } = itemOf(account, window, logGroup, at);
        put(object.key, object.body);
        put(receiptKey(window.day, account, logGroup, 1), JSON.stringify(receipt));
        const { tasks, objects, bytes } = receipt;
        const item = { account, region, logGroup, day: window.day, runId, at };
        return { ...item, outcome: "exported", taskIds: tasks.map(({ taskId }) => taskId), objects, bytes };
      });
      put(coverageKey(window.day, account, runId, 1), toLines(lines));
    }
  }
}

function itemOf(account: string, { day, from, to }: (typeof days)[number], logGroup: string, at: string) {
  const taskId = seededUuid(1, account, day, logGroup);
  const prefix = taskPrefix(account, day, taskId);
  const events = Array.from(
    { length: 5 },
    (_, n) => `${new Date(from + n * 3_600_000).toISOString()} ${taskId} ${n}\n`,
  );
  const body = gzipSync(events.join(""), { level: 1 });
  const key = `${prefix}stream/000000.gz`;
  const counted = countObjects([{ key, size: body.length }]);
  const task = { taskId, taskName: `${day} ${logGroup}`, prefix, from, to, ...counted, createdAt: at, completedAt: at };
  const { objects, bytes } = counted;
  const item = { version: 1 as const, account, region, logGroup, day, from, to };
  const receipt: Receipt = { ...item, tasks: [task], objects, bytes, runId, at };
  return { receipt, object: { key, body } };
}

function planOf(account: string): Plan {
  return {
    version: 1,
    account,
    region,
    runId,
    days,
    logGroups: logGroups.map((name) => ({ name, createdAt: 0, logClass: "STANDARD", masked: false })),
    items: logGroups.flatMap((_, group) => days.map((_, day): [number, number] => [group, day])),
    settled: [],
    settledBefore: 0,
    unmatched: [],
  };
}
