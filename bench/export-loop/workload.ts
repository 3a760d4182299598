import { type LogGroup, seededFraction, type World } from "../../apps/emulator";

/** The work that every loop gets: an account's log groups, and how long the export of each takes on a day. */

export const tasksNames = ["1s", "10s", "60s", "30min", "mix"] as const;
export type TasksName = (typeof tasksNames)[number];

const seed = 1;
const dayMs = 86_400_000;
const createdAt = Date.UTC(2026, 0, 1);

export const region = "eu-central-1";
export const logArchiveAccount = "111122223333";
export const member = "222222222222";
export const organizationId = "o-exampleorgid";
export const rootId = "r-examplerootid111";

/** The two days that are archived, the second with what the first one taught. */
export const days = ["2026-11-20", "2026-11-21"] as const;

/** When a day's run starts: once the day can be exported. */
export function runAt(day: string): number {
  return Date.parse(day) + dayMs + 13.5 * 3_600_000;
}

/** Of half an hour each, 100 are two days' work. */
export function exportCount(tasks: TasksName): number {
  return tasks === "30min" ? 100 : 200;
}

export function logGroupNames(tasks: TasksName): string[] {
  return Array.from({ length: exportCount(tasks) }, (_, index) => `/group/${String(index).padStart(3, "0")}`);
}

/** A log group's own time, give or take 30 per cent from day to day (milliseconds). */
export function durationMs(tasks: TasksName, logGroup: string, day: string): number {
  const jitter = 0.7 + 0.6 * seededFraction(seed, tasks, logGroup, day);
  const mixed = mix[logGroupNames(tasks).indexOf(logGroup)] ?? 0;
  return Math.round(1000 * (tasks === "mix" ? mixed : seconds[tasks]) * jitter);
}

const seconds = { "1s": 1, "10s": 10, "60s": 60, "30min": 1800 };

/**
 * Log-normal times (seconds): half of the log groups take less than 20 s, one in twenty more than ten minutes, three minutes on
 * average. Each is the mean of a slice of many draws, so that these few have the distribution's mean, and then they are shuffled.
 */
const mix: readonly number[] = (() => {
  const count = exportCount("mix");
  const draws = Array.from({ length: 100 * count }, (_, index) => 20 * Math.exp(2.1 * normal(index)));
  draws.sort((a, b) => a - b);
  const means = Array.from({ length: count }, (_, index) => mean(draws.slice(100 * index, 100 * (index + 1))));
  const order = new Map(means.map((value) => [value, seededFraction(seed, "order", value)]));
  return means.sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0));
})();

/** Box and Muller's. */
function normal(index: number): number {
  const [u, v] = [1 - seededFraction(seed, "u", index), seededFraction(seed, "v", index)];
  return Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * v);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** One member account whose log groups have an event on each of the days. */
export function workload(tasks: TasksName): World {
  const events = days.map((day) => {
    const timestamp = Date.parse(day) + dayMs / 2;
    return { timestamp, ingestionTime: timestamp, message: "An event" };
  });
  const logGroups = logGroupNames(tasks).map((name): LogGroup => {
    const streams = [{ name: "main", events }];
    return { account: member, region, name, logGroupClass: "STANDARD", createdAt, streams };
  });
  const accounts = ["999999999999", logArchiveAccount, member].map((id) => ({
    ...{ id, name: `account ${id}`, email: `${id}@example.com`, parent: rootId },
    ...{ state: "ACTIVE" as const, joinedAt: createdAt },
  }));
  const organization = { id: organizationId, rootId, managementAccount: "999999999999" };
  return { organization, organizationalUnits: [], accounts, logGroups };
}
