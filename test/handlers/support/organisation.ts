import type { Account, LogGroup, LogStream, World } from "../../../apps/emulator";
import type { ConfigurationInput } from "../../../constructs/configuration";
import { account, day, region } from "./examples";

export const management = "100000000000";
export const logArchive = "200000000000";
export const bucket = `org-log-archive-${logArchive}-${region}`;
export const signingKeyArn = `arn:aws:kms:${region}:${logArchive}:key/00000000-0000-4000-8000-000000000000`;
export const externalId = "external-id";
export const rootId = "r-a1b2";
const organizationId = "o-a1b2c3d4e5";

/** The runs of these tests archive yesterday alone, of all accounts but the log archive account. */
export const configuration = {
  organizationId,
  logArchiveAccount: logArchive,
  homeRegion: region,
  regions: [region],
  externalId,
  targets: { organizationalUnits: [rootId], excludeAccounts: [logArchive] },
  schedule: { expression: "cron(30 13 * * ? *)", timeZone: "UTC" },
  lookbackDays: 1,
  signing: { keyArn: signingKeyArn },
  // The fewer functions run at once, the fewer instances have to be started and grow fast.
  maxConcurrentAccounts: 2,
} satisfies ConfigurationInput;

/** The runs of these tests start here, for the day before. */
export const start = Date.UTC(2026, 10, 20, 13, 30);
export const yesterday = "2026-11-19";
export const noonYesterday = Date.UTC(2026, 10, 19, 12);

export function stream(name: string, ...timestamps: readonly number[]): LogStream {
  const events = timestamps.map((timestamp) => ({
    timestamp,
    ingestionTime: timestamp,
    message: `${name} ${timestamp}`,
  }));
  return { name, events };
}

/** A log group with one event yesterday. */
export function logGroup(name: string, change: Partial<LogGroup> = {}): LogGroup {
  return {
    account,
    region,
    name,
    logGroupClass: "STANDARD",
    createdAt: start - 300 * day,
    streams: [stream("main", noonYesterday)],
    ...change,
  };
}

export function member(id: string, change: Partial<Account> = {}): Account {
  return {
    id,
    name: `account ${id}`,
    email: `${id}@example.com`,
    parent: "ou-a1b2-workload",
    state: "ACTIVE",
    joinedAt: start - 300 * day,
    ...change,
  };
}

export function world(logGroups: readonly LogGroup[], members: readonly Account[] = [member(account)]): World {
  return {
    organization: { id: organizationId, rootId, managementAccount: management },
    organizationalUnits: [{ id: "ou-a1b2-workload", name: "Workloads", parent: rootId }],
    accounts: [member(management, { parent: rootId }), member(logArchive, { parent: rootId }), ...members],
    logGroups,
  };
}
