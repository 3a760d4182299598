import { spawn } from "node:child_process";
import { join } from "node:path";
import { z } from "zod";
import { type Account, Emulator, type LogGroup, VirtualClock, type World } from "../apps/emulator";
import { coverageKey, logGroupHash, memberRoleName, receiptKey } from "../handlers/archive/layout";
import { progress, type Subject, tableOf } from "./subject";

/**
 * `plan` over a large organisation, in a process of its own, against an emulated one: what it takes, and the memory that it holds.
 * The emulator has one of the machine's cores to itself.
 */

export const size = { accounts: 1_000, logGroups: 5, days: 7, settledDays: 6 };

export const logArchive = "200000000000";
export const region = "eu-central-1";
export const externalId = "external-id";
export const bucket = `org-log-archive-${logArchive}-${region}`;
/** The plan is of a run that starts here. */
export const start = Date.UTC(2026, 10, 20, 13, 30);
const dayMs = 86_400_000;

const Measured = z.object({
  seconds: z.number(),
  cpuSeconds: z.number(),
  peakMegabytes: z.number(),
  items: z.number(),
});

export const planning: Subject = {
  name: "plan",
  measure: async () => {
    progress(`Making an organisation of ${size.accounts} accounts by ${size.logGroups} log groups`);
    const emulator = await Emulator.open({
      world: world(),
      clock: new VirtualClock({ start }),
      logArchiveAccount: logArchive,
      throttling: false,
    });
    try {
      fill(emulator);
      const endpoint = await emulator.listen();
      progress("plan");
      const measured = Measured.parse(JSON.parse(await outputOf(endpoint)));
      const row = { ...size, ...measured };
      const head = ["plan", "Accounts", "Log groups", "Days", "Exports", "Seconds", "CPU seconds", "Peak MB"];
      const { accounts, logGroups, days, items, seconds, cpuSeconds, peakMegabytes } = row;
      return {
        results: { plan: row },
        tables: [tableOf(head, [["", accounts, logGroups, days, items, seconds, cpuSeconds, peakMegabytes]])],
      };
    } finally {
      await emulator.close();
    }
  },
};

function outputOf(endpoint: string): Promise<string> {
  const env = {
    ...process.env,
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: logArchive,
    AWS_SECRET_ACCESS_KEY: "secret",
  };
  const child = spawn(process.execPath, ["--import", "tsx", join(__dirname, "plan-process.ts")], {
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  return new Promise((resolve, reject) => {
    let out = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      out += text;
    });
    child.on("error", reject);
    child.on("close", (code) => (code === 0 ? resolve(out) : reject(new Error(`plan ended with ${code}`))));
  });
}

const idOf = (index: number) => String(300_000_000_000 + index);
const nameOf = (index: number) => `/aws/lambda/a-function-with-a-name-of-usual-length-${index}`;

function world(): World {
  const member = (id: string, parent = "ou-a1b2-workload"): Account => ({
    ...{ id, name: `account ${id}`, email: `${id}@example.com`, parent, state: "ACTIVE" },
    joinedAt: start - 300 * dayMs,
  });
  const accounts = Array.from({ length: size.accounts }, (_, index) => member(idOf(index)));
  const logGroups = accounts.flatMap(({ id: account }) =>
    Array.from({ length: size.logGroups }, (_, index): LogGroup => {
      const createdAt = start - 300 * dayMs;
      return { account, region, name: nameOf(index), logGroupClass: "STANDARD", createdAt, streams: [] };
    }),
  );
  return {
    organization: { id: "o-a1b2c3d4e5", rootId: "r-a1b2", managementAccount: "100000000000" },
    organizationalUnits: [{ id: "ou-a1b2-workload", name: "Workloads", parent: "r-a1b2" }],
    accounts: [member("100000000000", "r-a1b2"), member(logArchive, "r-a1b2"), ...accounts],
    logGroups,
  };
}

/** The archive as runs leave it: all days but the newest have a receipt and a line of coverage for every log group. */
function fill({ cloud }: Emulator): void {
  cloud.s3.createBucket({ name: bucket, region, account: logArchive, versioning: true });
  const trust = {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { AWS: `arn:aws:iam::${logArchive}:root` }, Action: "sts:AssumeRole" }],
  };
  const ids = Array.from({ length: size.accounts }, (_, index) => idOf(index));
  for (const account of ids) cloud.iam.createRole({ account, name: memberRoleName, trustPolicy: trust });
  const days = Array.from({ length: size.settledDays }, (_, back) => Date.UTC(2026, 10, 18) - back * dayMs).reverse();
  // In the order of their keys, which is the fastest to fill a bucket in.
  for (const from of days) for (const account of ids) putCoverage(cloud, account, from);
  for (const from of days) for (const account of ids) putReceipts(cloud, account, from);
}

const taskId = "3fa85f64-5717-4562-b3fc-2c963f66afa6";
const dayOf = (from: number) => new Date(from).toISOString().slice(0, 10);
const doneAt = (from: number) => from + 1.5 * dayMs;
const names = Array.from({ length: size.logGroups }, (_, index) => nameOf(index)).sort((a, b) =>
  logGroupHash(a) < logGroupHash(b) ? -1 : 1,
);

function putCoverage({ s3 }: Emulator["cloud"], account: string, from: number): void {
  const done = { outcome: "exported", taskIds: [taskId], objects: 1, bytes: 1000, runId: "run-1" };
  const at = new Date(doneAt(from)).toISOString();
  const lines = names.map((logGroup) => JSON.stringify({ account, region, logGroup, day: dayOf(from), ...done, at }));
  s3.put(bucket, coverageKey(dayOf(from), account, "run-1", 1), Buffer.from(`${lines.join("\n")}\n`), from);
}

function putReceipts({ s3 }: Emulator["cloud"], account: string, from: number): void {
  const day = dayOf(from);
  const createdAt = new Date(doneAt(from)).toISOString();
  const completedAt = new Date(doneAt(from) + 20_000).toISOString();
  const window = { from, to: from + dayMs };
  const written = { objects: 1, bytes: 1000, listingSha256: "0".repeat(64), createdAt, completedAt };
  const task = { ...window, taskId, taskName: "task", prefix: `${account}/${day}/${taskId}/`, ...written };
  for (const logGroup of names) {
    const item = { version: 1, account, region, logGroup, day, ...window };
    const receipt = { ...item, tasks: [task], objects: 1, bytes: 1000, runId: "run-1", at: completedAt };
    s3.put(bucket, receiptKey(day, account, logGroup, 1), Buffer.from(JSON.stringify(receipt)), from);
  }
}
