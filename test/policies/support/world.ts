import type { LogGroup, World } from "../../../apps/emulator";

/** A small organisation: its management account, the log archive account, two members; two Regions. */

export const organizationId = "o-exampleorgid";
export const managementAccount = "999999999999";
export const logArchiveAccount = "111122223333";
export const [member, otherMember] = ["222222222222", "333333333333"] as const;
/** Outside the organisation. */
export const foreignAccount = "888888888888";
export const externalId = "example-external-id";
export const region: string = "eu-central-1";
export const otherRegion: string = "us-east-1";
export const bucket = `org-log-archive-${logArchiveAccount}-${region}`;
export const memberRoleArn = `arn:aws:iam::${member}:role/OrgLogArchiveMember`;
export const logGroupKey = `arn:aws:kms:${region}:${member}:key/0a1b2c3d-0000-4000-8000-000000000000`;

/** The day that the recorded runs archive. */
export const day = "2026-11-20";
export const runAt = Date.UTC(2026, 10, 21, 14);
const noon = Date.UTC(2026, 10, 20, 12);
const morning = Date.UTC(2026, 10, 20);
const createdAt = Date.UTC(2026, 0, 1);
const rootId = "r-examplerootid111";

function logGroup(account: string, name: string, change: Partial<LogGroup> = {}): LogGroup {
  const events = [{ timestamp: noon, ingestionTime: noon + 1000, message: `${name} says hello` }];
  const streams = [{ name: "main", events }];
  return { account, region, name, logGroupClass: "STANDARD", createdAt, streams, ...change };
}

export const world: World = {
  organization: { id: organizationId, rootId, managementAccount },
  organizationalUnits: [{ id: "ou-examplerootid111-workload", name: "Workloads", parent: rootId }],
  accounts: [managementAccount, logArchiveAccount, member, otherMember].map((id) => ({
    id,
    name: `account ${id}`,
    email: `${id}@example.com`,
    parent: id === managementAccount ? rootId : "ou-examplerootid111-workload",
    state: "ACTIVE",
    joinedAt: createdAt,
  })),
  logGroups: [
    logGroup(member, "/app/web"),
    logGroup(member, "/app/web", { region: otherRegion }),
    logGroup(member, "/app/encrypted", { kmsKeyId: logGroupKey }),
    logGroup(member, "/app/quiet", { streams: [] }),
    logGroup(member, "/app/scratch", { tags: { archive: "false" } }),
    // New on the day: what these accounts' steps find out is receipted at once, and nothing waits for a second look.
    logGroup(otherMember, "/app/api", { createdAt: morning }),
    logGroup(otherMember, "/app/api", { region: otherRegion, createdAt: morning }),
    logGroup(logArchiveAccount, "/aws/lambda/OrgLogArchive", { createdAt: morning }),
    logGroup(logArchiveAccount, "/aws/lambda/OrgLogArchive", { region: otherRegion, createdAt: morning }),
  ],
};
