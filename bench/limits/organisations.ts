import type { LogGroup, World } from "../../apps/emulator";
import { type Configuration, parseConfiguration } from "../../constructs/configuration";

export interface Size {
  readonly accounts: number;
  /** Of each account. */
  readonly logGroups: number;
  readonly days: number;
}

export const ofAccounts = (accounts: number): Size => ({ accounts, logGroups: 1, days: 1 });

/** Three sizes each, in accounts and in log groups of one account. */
export const sizes: readonly Size[] = [
  ...[1_250, 2_500, 5_000].map(ofAccounts),
  ...[5_000, 10_000, 20_000].map((logGroups) => ({ accounts: 1, logGroups, days: 8 })),
];

export const region = "eu-central-1";
export const logArchiveAccount = "111122223333";
const managementAccount = "999999999999";
const organizationId = "o-exampleorgid";
const rootId = "r-examplerootid111";
const dayMs = 86_400_000;
const createdAt = Date.UTC(2026, 0, 1);

/** When the run starts; the newest day that it archives is the one before. */
export const startsAt = Date.UTC(2026, 10, 20, 13, 30);

export function configurationOf({ days }: Pick<Size, "days">): Configuration {
  return parseConfiguration({
    ...{ organizationId, logArchiveAccount, homeRegion: region, regions: [region], externalId: "example-external-id" },
    targets: { organizationalUnits: [rootId], excludeAccounts: [logArchiveAccount] },
    lookbackDays: days,
    // Each of them has an instance of every function, which the emulator has to load.
    maxConcurrentAccounts: 20,
  });
}

/**
 * Every hundredth log group of an account, its first one included, has events on every day. The others have been silent for
 * months, as most are in accounts that have thousands: that is found out without an export.
 */
export function organisationOf({ accounts, logGroups }: Size): World {
  const ids = Array.from({ length: accounts }, (_, index) => String(300_000_000_000 + index));
  const streamOf = (times: readonly number[]) => ({
    name: "main",
    events: times.map((timestamp) => ({ timestamp, ingestionTime: timestamp, message: "An event" })),
  });
  const active = streamOf(Array.from({ length: 9 }, (_, back) => startsAt - back * dayMs - dayMs / 2));
  const silent = streamOf([createdAt + dayMs]);
  const groupOf = (account: string, index: number): LogGroup => ({
    ...{ account, region, logGroupClass: "STANDARD", createdAt },
    name: `/aws/lambda/a-function-with-a-name-of-usual-length-${index}`,
    streams: [index % 100 === 0 ? active : silent],
  });
  return {
    organization: { id: organizationId, rootId, managementAccount },
    organizationalUnits: [],
    accounts: [managementAccount, logArchiveAccount, ...ids].map((id) => ({
      ...{ id, name: `account ${id}`, email: `${id}@example.com`, parent: rootId },
      ...{ state: "ACTIVE" as const, joinedAt: createdAt },
    })),
    logGroups: ids.flatMap((id) => Array.from({ length: logGroups }, (_, index) => groupOf(id, index))),
  };
}
