import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { seededUuid } from "../apps/emulator";
import {
  accountListKey,
  archiveBucketName,
  coverageKey,
  planKey,
  receiptKey,
  taskPrefix,
} from "../handlers/archive/layout";
import { countObjects } from "../handlers/archive/receipts";
import type { AccountList, CoverageLine, Plan, Receipt } from "../handlers/archive/records";
import { toLines } from "../handlers/archive/serialization";

/**
 * An archive as a month of runs leaves it: small objects, because the number of them is what counts; and a large one, because
 * an object is read as a whole.
 */

export const size = { accounts: 100, days: 30, logGroups: 20, largeObjectMegabytes: 64 } as const;

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

/** Where the large object lies: a log group besides the others. */
export const large = { account: accountIds[0] ?? "", day: days[0]?.day ?? "", logGroup: "/ecs/large" } as const;

/** Writes the same archive every time. */
export function writeArchive(folder: string): void {
  const bucket = join(folder, archiveBucketName("111122223333", region));
  const made = new Set<string>();
  const put = (key: string, body: string | Buffer) => {
    const path = join(bucket, key);
    const directory = dirname(path);
    if (!made.has(directory)) mkdirSync(directory, { recursive: true });
    made.add(directory);
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
      const isLarge = account === large.account && window.day === large.day;
      const items = [
        ...logGroups.map((logGroup) => ({ logGroup, text: fewEvents(account, window, logGroup) })),
        ...(isLarge ? [{ logGroup: large.logGroup, text: manyEvents(window.from) }] : []),
      ];
      const lines = items.map(({ logGroup, text }): CoverageLine => {
        const { receipt, object } = itemOf(account, window, logGroup, text, at);
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

export type Window = (typeof days)[number];

function fewEvents(account: string, { day, from }: Window, logGroup: string): string {
  const id = seededUuid(2, account, day, logGroup);
  const events = Array.from({ length: 5 }, (_, n) => `${new Date(from + n * 3_600_000).toISOString()} ${id} ${n}\n`);
  return events.join("");
}

/** Lines of a kilobyte that differ in few places, as those of a service do that logs its requests. */
function manyEvents(from: number): string {
  const fields = Array.from({ length: 40 }, (_, n) => `"x-header-${n}":"application/json"`).join(",");
  const line = (n: number) => `${new Date(from + n * 1000).toISOString()} {"order":${100_000 + n},${fields}}\n`;
  const count = Math.ceil((size.largeObjectMegabytes * 1024 ** 2) / line(0).length);
  return Array.from({ length: count }, (_, n) => line(n)).join("");
}

/** An item's object and receipt. */
export function itemOf(account: string, { day, from, to }: Window, logGroup: string, text: string, at: string) {
  const taskId = seededUuid(1, account, day, logGroup);
  const prefix = taskPrefix(account, day, taskId);
  const body = gzipSync(text, { level: 1 });
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
    version: 2,
    account,
    region,
    runId,
    days,
    logGroups: logGroups.map((name) => ({ name, createdAt: 0, logClass: "STANDARD", masked: false })),
    items: logGroups.flatMap((_, group) => days.flatMap((_, day) => [group, day])),
    begun: [],
    interrupted: false,
    settled: [],
    settlements: [],
    at: "2026-11-20T13:30:00.000Z",
    settledBefore: 0,
    unmatched: [],
  };
}
