import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { z } from "zod";
import { writeAccountCoverage } from "../handlers/archive/account-coverage";
import { putCoverage } from "../handlers/archive/coverage";
import { FolderStore } from "../handlers/archive/folder-store";
import { accountListKey } from "../handlers/archive/layout";
import type { AccountList, CoverageLine, PlannedLogGroup } from "../handlers/archive/records";
import type { ArchiveStore } from "../handlers/archive/store";
import type { Logs } from "../handlers/clients/logs";
import type { Clock } from "../handlers/clock";
import { firstCursor, type Run } from "../handlers/contract/messages";
import { createHandler as planHandler } from "../handlers/plan-exports";
import { planExports } from "../handlers/plan-exports/plan-exports";
import { createHandler as coverageHandler } from "../handlers/record-coverage";
import { createHandler as reportHandler } from "../handlers/report-run";
import { reportRun } from "../handlers/report-run/report-run";
import { createHandler as exportHandler } from "../handlers/run-export-tasks";
import { runExportTasks } from "../handlers/run-export-tasks/run-export-tasks";
import { progress, type Subject, tableOf } from "./subject";

/**
 * The memory that the functions of a run take for one very large account, each in a process of its own: what is planned, what the
 * loop's last step leaves, what is recorded, and what the report closes. Everything stands as failed before, which is the worst.
 * Each process has loaded what its Lambda has: one bundle, the SDK's clients included.
 */

export const shapes = {
  "5,000 log groups by 8 days": { logGroups: 5_000, days: 8 },
  "10,000 log groups by 8 days": { logGroups: 10_000, days: 8 },
  "20,000 log groups by 8 days": { logGroups: 20_000, days: 8 },
  "50,000 log groups by 8 days": { logGroups: 50_000, days: 8 },
  "5,000 log groups by 31 days": { logGroups: 5_000, days: 31 },
} as const;
export type Shape = keyof typeof shapes;

const account = "300000000000";
const region = "eu-central-1";
const dayMs = 86_400_000;
const now = Date.UTC(2026, 10, 20, 13, 30);
const clock: Clock = { now: () => now, sleep: async () => {} };

function runOf(days: number): Run {
  return {
    runId: "bench",
    startedAt: new Date(now).toISOString(),
    // Already over: the step fails all that is left.
    deadline: new Date(now).toISOString(),
    days: Array.from({ length: days }, (_, back) => {
      const from = Date.UTC(2026, 10, 19) - back * dayMs;
      return { day: new Date(from).toISOString().slice(0, 10), from, to: from + dayMs };
    }),
    logGroups: null,
    backlog: [],
    backfill: [],
  };
}

const nameOf = (index: number) => `/aws/lambda/a-function-with-a-name-of-usual-length-${index}`;

/** What planning asks CloudWatch Logs. */
function logsOf(count: number): Logs {
  const asked: Pick<Logs, "logGroups" | "logGroupsTagged" | "activity" | "activeExportTasks" | "newestExportTasks"> = {
    async *logGroups(): AsyncGenerator<PlannedLogGroup> {
      for (let index = 0; index < count; index += 1)
        yield { name: nameOf(index), createdAt: 0, logClass: "STANDARD", retentionInDays: 30, masked: false };
    },
    async *logGroupsTagged() {},
    activity: async () => ({ newest: now, isCertain: true }),
    activeExportTasks: async () => [],
    newestExportTasks: async () => [],
  };
  return asked as Logs;
}

async function failedBefore(archive: ArchiveStore, run: Run, logGroups: number): Promise<void> {
  for (const { day } of run.days) {
    const lines = Array.from({ length: logGroups }, (_, index): CoverageLine => {
      const item = { account, region, logGroup: nameOf(index), day, outcome: "failed", reason: "deadline" } as const;
      return { ...item, logClass: "STANDARD", retentionInDays: 30, masked: false, runId: "before", at: run.startedAt };
    });
    await putCoverage(archive, "before", lines);
  }
}

function accountList({ backlog: _, backfill: _none, logGroups: _all, ...run }: Run): AccountList {
  const accounts = [{ id: account, name: "large", state: "ACTIVE" }];
  return { version: 1, ...run, lastChanceDays: [], accounts, notices: [] };
}

/** Loaded for what they load. */
const handlers = [planHandler, exportHandler, coverageHandler, reportHandler];

type Step = (archive: ArchiveStore, shape: (typeof shapes)[Shape]) => Promise<unknown>;

/** In the order in which a run takes them; each reads what those before it wrote. */
const steps = {
  prepare: async (archive, { logGroups, days }) => {
    const run = runOf(days);
    await failedBefore(archive, run, logGroups);
    await archive.putOnce(accountListKey(run.runId), JSON.stringify(accountList(run)), "application/json");
  },
  "plan-exports": (archive, { logGroups, days }) => {
    const settings = { logGroups: { include: ["**"], exclude: [] } };
    const logs = logsOf(logGroups);
    return planExports({ run: runOf(days), account, settings }, { region, clock, archive, logs });
  },
  "run-export-tasks": (archive, { days }) => {
    const openSlot = () => Promise.reject(new Error("Nothing is exported after the deadline"));
    const input = {
      run: runOf(days),
      account,
      cursor: firstCursor,
      settings: { foreignTaskWaitMinutes: 0 },
      historyEvents: 10,
    };
    const ports = { archive, logs: logsOf(0), clock, openSlot, onReceipt: () => {}, remainingMs: () => 300_000 };
    return runExportTasks(input, ports, "request");
  },
  "record-coverage": (archive, { days }) =>
    writeAccountCoverage(
      { run: runOf(days), account, error: null, settings: { knownExceptions: [] } },
      { region, clock, archive },
    ),
  "report-run": (archive, { days }) =>
    reportRun(
      { run: { ...runOf(days) }, error: null, settings: { knownExceptions: [] } },
      { region, clock, archive: withoutSummaries(archive) },
    ),
} satisfies Record<string, Step>;

/** As if the account's execution had died before it was recorded. */
function withoutSummaries(archive: ArchiveStore): ArchiveStore {
  return {
    bucket: archive.bucket,
    read: (key) => archive.read(key),
    stream: (key) => archive.stream(key),
    entries: (prefix) => archive.entries(prefix),
    putOnce: (...object) => archive.putOnce(...object),
    list: (prefix) => archive.list(prefix.replace("/summaries/", "/no-summaries/")),
  };
}

/** As the functions have them. */
const functionMegabytes = { "plan-exports": 768, "run-export-tasks": 128, "record-coverage": 512, "report-run": 512 };

/** Each function's peak memory and seconds of CPU. */
export const largeAccount: Subject = {
  name: "large-account",
  measure: async () => {
    const bundle = join(mkdtempSync(join(tmpdir(), "org-log-archive-bench-")), "bundle.cjs");
    buildSync({ entryPoints: [__filename], bundle: true, minify: true, platform: "node", outfile: bundle });
    const measured: ({ shape: string; function: string; functionMegabytes: number } & Taken)[] = [];
    try {
      for (const shape of Object.keys(shapes)) {
        const folder = mkdtempSync(join(tmpdir(), "org-log-archive-bench-"));
        const take = (step: string, megabytes: number) => {
          progress(`${shape}: ${step}`);
          return takeApart([`--max-old-space-size=${Math.floor(megabytes * 0.75)}`, bundle, step, shape, folder]);
        };
        try {
          await take("prepare", 4096);
          for (const [step, megabytes] of Object.entries(functionMegabytes))
            measured.push({ shape, function: step, functionMegabytes: megabytes, ...(await take(step, megabytes)) });
        } finally {
          rmSync(folder, { recursive: true, force: true });
        }
      }
    } finally {
      rmSync(join(bundle, ".."), { recursive: true, force: true });
    }
    const rows = measured.map((row) => [
      ...[row.shape, row.function, row.functionMegabytes, row.peakMegabytes],
      row.seconds.toFixed(1),
    ]);
    const table = tableOf(["One account", "Function", "Function's MB", "Peak MB", "CPU seconds"], rows);
    return { results: { largeAccount: measured }, tables: [table] };
  },
};

interface Taken {
  /** What the process itself allocated, without the pages of files that it shares with others; all of it where that is not told. */
  readonly peakMegabytes: number;
  readonly seconds: number;
}

const Used = z.object({ wholeMegabytes: z.number(), seconds: z.number() });

/** Runs a step in a process of its own, whose memory is looked at all the time. */
async function takeApart(args: readonly string[]): Promise<Taken> {
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const status = `/proc/${child.pid}/status`;
  let peakMegabytes = 0;
  const look = () => {
    const kilobytes = existsSync(status) ? /RssAnon:\s+(\d+)/.exec(readFileSync(status, "utf8"))?.[1] : undefined;
    peakMegabytes = Math.max(peakMegabytes, Math.round(Number(kilobytes ?? 0) / 1024));
  };
  const looking = setInterval(look, 5);
  try {
    let text = "";
    for await (const chunk of child.stdout) text += chunk;
    const { wholeMegabytes, seconds } = Used.parse(JSON.parse(text));
    return { peakMegabytes: peakMegabytes || wholeMegabytes, seconds };
  } finally {
    clearInterval(looking);
  }
}

async function main([step = "", shape = "", folder = ""]: readonly string[]): Promise<void> {
  for (const handler of handlers) if (typeof handler !== "function") throw new TypeError("A handler is missing");
  const [take] = Object.entries(steps).flatMap(([name, one]): Step[] => (name === step ? [one] : []));
  const [size] = Object.entries(shapes).flatMap(([name, one]) => (name === shape ? [one] : []));
  if (!take || !size) throw new Error(`There is no step ${step} or no shape ${shape}`);
  await take(new FolderStore(folder, "bucket"), size);
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  const seconds = (userCPUTime + systemCPUTime) / 1e6;
  process.stdout.write(`${JSON.stringify({ wholeMegabytes: Math.round(maxRSS / 1024), seconds })}\n`);
}

if (require.main === module) void main(process.argv.slice(2));
