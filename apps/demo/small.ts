import type { Surroundings } from "./start";

/** The accounts of the demo organisation that are left, by name: one that is as large as most, and a few small ones. */
const accounts: readonly string[] = ["management", "log-archive", "prod-data", "sandbox-maria", "staging-web"];
const days = 2;

/** What `--small` makes of the organisation: a few accounts in the home Region, over two days. Every part of a run is in it. */
export function smaller(surroundings: Surroundings): Surroundings {
  const { configuration, organization } = surroundings;
  const regions = configuration.regions.filter(({ name }) => name === configuration.homeRegion);
  return {
    ...surroundings,
    configuration: { ...configuration, regions, lookbackDays: Math.min(days, configuration.lookbackDays) },
    organization: (options) => {
      const world = organization(options);
      const kept = world.accounts.filter(({ name }) => accounts.includes(name));
      const ids = new Set(kept.map(({ id }) => id));
      return { ...world, accounts: kept, logGroups: world.logGroups.filter(({ account }) => ids.has(account)) };
    },
  };
}
