import type { CoverageLine, Plan, PlannedLogGroup, Receipt } from "../../../handlers/archive/records";
import type { ExportTask } from "../../../handlers/clients/export-task";
import type { DayWindow } from "../../../handlers/contract/values";

export const account = "300000000000";
export const region = "eu-central-1";
export const runId = "run-1";

export const hour = 3_600_000;
export const day = 24 * hour;

/** A UTC day of the archive. */
export function utcDay(date: string): DayWindow {
  const from = Date.parse(`${date}T00:00:00.000Z`);
  return { day: date, from, to: from + day };
}

export function plannedLogGroup(name: string, change: Partial<PlannedLogGroup> = {}): PlannedLogGroup {
  return { name, createdAt: Date.UTC(2025, 0, 1), logClass: "STANDARD", masked: false, ...change };
}

/** A plan without items. */
export function plan(change: Partial<Plan> = {}): Plan {
  return {
    version: 2,
    account,
    region,
    runId,
    days: [],
    logGroups: [],
    items: [],
    begun: [],
    interrupted: false,
    settled: [],
    settlements: [],
    at: "2026-11-20T13:30:00.000Z",
    settledBefore: 0,
    unmatched: [],
    ...change,
  };
}

export function coverageLine(change: Partial<CoverageLine> = {}): CoverageLine {
  return {
    account,
    region,
    logGroup: "/app/web",
    day: "2026-11-19",
    outcome: "exported",
    runId,
    at: "2026-11-20T14:00:00.000Z",
    ...change,
  };
}

export function exportTask(change: Partial<ExportTask> = {}): ExportTask {
  return {
    taskId: "3fa85f64-5717-4562-b3fc-2c963f66afa6",
    taskName: "another caller's export",
    logGroup: "/app/web",
    from: 0,
    to: day,
    bucket: "another-caller-s-bucket",
    destinationPrefix: "exportedlogs",
    status: "COMPLETED",
    message: "",
    createdAt: 1000,
    completedAt: 2000,
    ...change,
  };
}

/** A receipt of yesterday for one object that one task wrote. */
export function receipt(change: Partial<Receipt> = {}): Receipt {
  const { day: date, ...window } = utcDay("2026-11-19");
  const taskId = "3fa85f64-5717-4562-b3fc-2c963f66afa6";
  const at = "2026-11-20T13:31:00.000Z";
  const task = {
    ...window,
    taskId,
    taskName: "org-log-archive/example",
    prefix: `${account}/${date}/${taskId}/`,
    objects: 1,
    bytes: 100,
    listingSha256: "0".repeat(64),
    createdAt: at,
    completedAt: at,
  };
  const item = { account, region, logGroup: "/app/web", day: date, ...window };
  return { version: 1, ...item, tasks: [task], objects: 1, bytes: 100, runId, at, ...change };
}
