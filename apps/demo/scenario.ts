import { basename, resolve } from "node:path";
import type { Configuration } from "../../constructs/configuration";
import { dayOf } from "../../handlers/calendar/days";
import type { World } from "../emulator";
import { type LogFilesResult, toLogGroups } from "./log-files";
import { type DemoOrganizationOptions, demoOrganization } from "./organization";
import { organizationalUnit } from "./organizational-unit";
import { windowFinder } from "./windows";

/** The newest full day of the demo organisation, when no log files say otherwise. */
const demoDay = "2026-11-20";

/** What the simulated clock comes to without log files, in epoch milliseconds. */
export const demoNow = Date.parse(`${demoDay}T00:00:00Z`) + 2 * 86_400_000;

const logFilesAccount = "999900001111";

/** What `npm start` runs: an organisation, the day up to which it has logs, and what is to be run besides the schedules. */
export interface Scenario {
  readonly world: World;
  /** `YYYY-MM-DD`, in the configured zone. */
  readonly lastDay: string;
  readonly backfill?: { readonly account: string; readonly region: string; readonly days: readonly string[] };
}

/** The organisation of a configuration; log files become one more account of it, in the home Region. */
export function scenario(
  configuration: Configuration,
  seed: number,
  logFiles?: { readonly folder: string; readonly result: LogFilesResult },
  organization: (options: DemoOrganizationOptions) => World = demoOrganization,
): Scenario {
  const { organizationId, logArchiveAccount, homeRegion, regions, lookbackDays, dayTimeZone } = configuration;
  const lastDay = logFiles ? dayOf(logFiles.result.newestEvent, dayTimeZone) : demoDay;
  const world = organization({
    seed,
    organizationId,
    logArchiveAccount,
    organizationalUnit: organizationalUnit(configuration),
    regions: regions.map(({ name }) => name),
    lastDay,
    days: lookbackDays,
    withoutMidnights: true,
  });
  if (!logFiles) return { world, lastDay };
  const accountRegion = { account: logFilesAccount, region: homeRegion };
  const name = basename(resolve(logFiles.folder)) || "log-files";
  const account = {
    id: logFilesAccount,
    name,
    email: "log-files@example.com",
    parent: organizationalUnit(configuration),
    state: "ACTIVE" as const,
    joinedAt: 0,
  };
  return {
    world: {
      ...world,
      accounts: [...world.accounts, account],
      logGroups: [...world.logGroups, ...toLogGroups(logFiles.result.logGroups, accountRegion)],
    },
    lastDay,
    backfill: { ...accountRegion, days: daysOf(logFiles.result, dayTimeZone) },
  };
}

/** The days that have events, oldest first. */
function daysOf({ logGroups }: LogFilesResult, timeZone: string): string[] {
  const windowAt = windowFinder(timeZone);
  const days = new Set<string>();
  for (const { streams } of logGroups)
    for (const { events } of streams) for (const { timestamp } of events) days.add(windowAt(timestamp).day);
  return [...days].sort();
}
