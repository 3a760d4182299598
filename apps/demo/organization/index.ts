import type { World } from "../../emulator";
import { accountsOf } from "./accounts";
import { catalogue } from "./catalogue";
import { daysUpTo } from "./days";
import { logGroup } from "./log-group";

export { type AccountName, InvalidOrganizationalUnit } from "./accounts";
export { InvalidDemoDays } from "./days";

export interface DemoOrganizationOptions {
  /** The same seed gives the same world, to the byte. */
  readonly seed: number;
  readonly organizationId: string;
  readonly logArchiveAccount: string;
  /** The organisational unit that the run targets: it holds all accounts but the management account. */
  readonly organizationalUnit: string;
  /** The first one has most of the log groups, the second and any further one fewer. */
  readonly regions: readonly string[];
  /** The newest full UTC day, `YYYY-MM-DD`. */
  readonly lastDay: string;
  /** How many days the run covers, `lastDay` included. */
  readonly days: number;
  /** Adds events of the last minutes of a day that are ingested on the next one, to `/iot/heartbeats` of prod-web only. */
  readonly crossMidnightIngestion?: boolean;
  /** Leaves out the events on the first and last milliseconds of days, the first of which two days' windows share. */
  readonly withoutMidnights?: boolean;
}

/**
 * An organisation of a management account and 12 accounts, with logs of the usual shapes and the unusual cases among them.
 *
 * What a run over it has to archive is known: every event of the days that it covers is in a log group that can be exported
 * (the suspended account and the management account hold older events only, the DELIVERY class log group none). No event is
 * later than `lastDay`, except in the first ten minutes of the day after it. Every event is ingested on the day of its
 * timestamp, some hours after it, unless `crossMidnightIngestion` asks for others.
 *
 * @throws InvalidDemoDays, InvalidOrganizationalUnit
 */
export function demoOrganization(options: DemoOrganizationOptions): World {
  const days = daysUpTo(options.lastDay, options.days);
  const { organization, organizationalUnits, accounts } = accountsOf(options, days);
  const { seed, crossMidnightIngestion = false, withoutMidnights = false } = options;
  const filling = { seed, crossMidnightIngestion, withoutMidnights };
  const logGroups = accounts.flatMap(({ id, name }) =>
    options.regions.flatMap((region, index) =>
      catalogue[name][index === 0 ? "first" : "others"].map((plan) =>
        logGroup(plan, { account: id, region, logGroup: plan.name }, days, filling),
      ),
    ),
  );
  return { organization, organizationalUnits, accounts, logGroups };
}
