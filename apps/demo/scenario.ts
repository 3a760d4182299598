import { basename, resolve } from "node:path";
import type { Configuration } from "../../constructs/configuration";
import type { World } from "../emulator/world";
import { type LogFilesResult, toLogGroups } from "./log-files";
import { demoOrganization } from "./organization";

/** The newest full day of the demo organisation, when no log files say otherwise. */
const demoDay = "2026-11-20";

const logFilesAccount = "999900001111";

/** What `npm start` runs: an organisation, the day up to which it has logs, and what is to be run besides the schedules. */
export interface Scenario {
  readonly world: World;
  /** UTC, `YYYY-MM-DD`. */
  readonly lastDay: string;
  readonly backfill?: { readonly account: string; readonly region: string; readonly days: readonly string[] };
}

/** The demo organisation of a configuration; log files become one more account of it, in the home Region. */
export function scenario(
  configuration: Configuration,
  seed: number,
  logFiles?: { readonly folder: string; readonly result: LogFilesResult },
): Scenario {
  const { organizationId, logArchiveAccount, homeRegion, regions, lookbackDays } = configuration;
  const lastDay = logFiles ? new Date(logFiles.result.newestEvent).toISOString().slice(0, 10) : demoDay;
  const world = demoOrganization({
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
  const place = { account: logFilesAccount, region: homeRegion };
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
      logGroups: [...world.logGroups, ...toLogGroups(logFiles.result.logGroups, place)],
    },
    lastDay,
    backfill: { ...place, days: logFiles.result.days },
  };
}

/** The organisational unit that holds the demo's accounts: the first that the configuration targets, or one below its root. */
function organizationalUnit({ targets }: Configuration): string {
  const [first = ""] = targets.organizationalUnits;
  return first.startsWith("ou-") ? first : `ou-${first.slice("r-".length)}-company1`;
}
