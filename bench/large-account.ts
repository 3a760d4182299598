import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
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
import { planExports } from "../handlers/plan-exports/plan-exports";
import { reportRun } from "../handlers/report-run/report-run";
import { runExportTasks } from "../handlers/run-export-tasks/run-export-tasks";
import { progress, type Subject, tableOf } from "./subject";

/**
 * The memory that the functions of a run take for one very large account, each in a process of its own: what is planned, what the
 * loop's last step leaves, what is recorded, and what the report closes. Everything stands as failed before, which is the worst.
 */

export const shapes = {
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

function accountList(run: Run): AccountList {
  const accounts = [{ id: account, name: "large", state: "ACTIVE" }];
  return { version: 1, ...run, lastChanceDays: [], accounts, notices: [] };
}

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
    const ports = { archive, logs: logsOf(0), clock, openSlot, remainingMs: () => 300_000 };
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

const Peak = z.object({ peakMegabytes: z.number(), seconds: z.number() });

/** As the functions have them. Node.js on Lambda takes about nine tenths for its heap. */
const functionMegabytes = { "plan-exports": 768, "run-export-tasks": 256, "record-coverage": 512, "report-run": 512 };

/** Each function's peak memory, as that of a whole process, and seconds of CPU. */
export const largeAccount: Subject = {
  name: "large-account",
  measure: () => {
    const measured = Object.keys(shapes).flatMap((shape) => {
      const folder = mkdtempSync(join(tmpdir(), "org-log-archive-bench-"));
      const take = (step: string, megabytes: number) => {
        progress(`${shape}: ${step}`);
        const heap = `--max-old-space-size=${Math.floor(megabytes * 0.9)}`;
        const args = [heap, "--import", "tsx", __filename, step, shape, folder];
        return Peak.parse(JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8" })));
      };
      try {
        take("prepare", 4096);
        return Object.entries(functionMegabytes).map(([step, megabytes]) => ({
          ...{ shape, function: step, functionMegabytes: megabytes },
          ...take(step, megabytes),
        }));
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    });
    const rows = measured.map((row) => [
      ...[row.shape, row.function, row.functionMegabytes, row.peakMegabytes],
      row.seconds.toFixed(1),
    ]);
    const table = tableOf(["One account", "Function", "Function's MB", "Peak MB", "CPU seconds"], rows);
    return { results: { largeAccount: measured }, tables: [table] };
  },
};

async function main([step = "", shape = "", folder = ""]: readonly string[]): Promise<void> {
  const [take] = Object.entries(steps).flatMap(([name, one]): Step[] => (name === step ? [one] : []));
  const [size] = Object.entries(shapes).flatMap(([name, one]) => (name === shape ? [one] : []));
  if (!take || !size) throw new Error(`There is no step ${step} or no shape ${shape}`);
  await take(new FolderStore(folder, "bucket"), size);
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  const seconds = (userCPUTime + systemCPUTime) / 1e6;
  process.stdout.write(`${JSON.stringify({ peakMegabytes: Math.round(maxRSS / 1024), seconds })}\n`);
}

if (require.main === module) void main(process.argv.slice(2));
