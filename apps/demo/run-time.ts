import type { Configuration } from "../../constructs/configuration";
import { daysToCover, dayWindow, exportLagMs } from "../../handlers/calendar/days";
import { nextOccurrence } from "../../handlers/calendar/schedule";
import type { DayWindow } from "../../handlers/contract/values";
import { endOfRun } from "../../handlers/list-accounts/list-accounts";
import type { LogGroup, World } from "../emulator";
import type { Scenario } from "./scenario";

/** The log files would keep the account's export slot busy for longer than a run has. */
export class RunTooLong extends Error {
  override readonly name = "RunTooLong";
  constructor(tasks: number, logGroups: number, days: number, runMs: number) {
    const hours = (ms: number) => `${Math.round(ms / 360_000) / 10} hours`;
    const [all, fitting] = [tasks, runMs / taskMs].map((count) => Math.floor(count).toLocaleString("en"));
    super(
      `The log files make ${all} log group days (log groups: ${logGroups}, days: ${days}). An account exports one after another: that takes about ${hours(tasks * taskMs)} of simulated time, and a run has ${hours(runMs)}, enough for some ${fitting}. Give a folder with fewer sub-folders, each of which is a log group, or with the files of fewer days.`,
    );
  }
}

/** From one export task to the next in the emulator, in simulated milliseconds: 1,475 on average, by measurement. */
export const taskMs = 1_500;
/** A log group whose newest event is older than this needs no export task. */
const latestArrivalMs = 14 * 86_400_000;

/**
 * Reckons before a run whether it can export all days of the log files until the next run is due: it follows the scheduled
 * runs, which take as long as their busiest account.
 *
 * @throws RunTooLong
 */
export function ensureFitsIntoRun(
  { world, lastDay, backfill }: Omit<Scenario, "world"> & { readonly world: Pick<World, "logGroups"> },
  configuration: Pick<Configuration, "dayTimeZone" | "lookbackDays" | "regions">,
): void {
  const { dayTimeZone, lookbackDays, regions } = configuration;
  const schedule = regions.find(({ name }) => name === backfill?.region)?.schedule;
  if (!backfill || !schedule) return;
  const at = nextOccurrence(schedule, dayWindow(lastDay, dayTimeZone).to + exportLagMs);
  const runMs = endOfRun(schedule, at, at).deadline - at;
  const logGroups = world.logGroups.filter(({ account }) => account === backfill.account);
  const tasksOn = (days: readonly string[]) => {
    const windows = days.map((day) => dayWindow(day, dayTimeZone));
    return logGroups.reduce((sum, group) => sum + tasksOf(group, windows), 0);
  };
  const scheduled = new Set(daysToCover(at, dayTimeZone, lookbackDays).map(({ day }) => day));
  const scheduledMs = busiestAccount(world.logGroups) * lookbackDays * taskMs;
  if (scheduledMs + tasksOn(backfill.days.filter((day) => !scheduled.has(day))) * taskMs > runMs)
    throw new RunTooLong(tasksOn(backfill.days), logGroups.length, backfill.days.length, runMs);
}

function tasksOf({ createdAt, streams }: LogGroup, windows: readonly DayWindow[]): number {
  let newest = 0;
  for (const { events } of streams) for (const { timestamp } of events) newest = Math.max(newest, timestamp);
  return windows.filter(({ from, to }) => createdAt < to && newest >= from - latestArrivalMs).length;
}

/** How many log groups the account has that has the most in a Region. */
function busiestAccount(logGroups: readonly LogGroup[]): number {
  const counts = new Map<string, number>();
  for (const { account, region } of logGroups) {
    const slot = `${account} ${region}`;
    counts.set(slot, (counts.get(slot) ?? 0) + 1);
  }
  return Math.max(0, ...counts.values());
}
