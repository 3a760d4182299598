import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { OrganizationsClient } from "@aws-sdk/client-organizations";
import { S3Client } from "@aws-sdk/client-s3";
import { STSClient } from "@aws-sdk/client-sts";
import {
  type Cloud,
  type Credentials,
  Emulator,
  type EmulatorOptions,
  type LogEvent,
  type LogGroup,
  VirtualClock,
  type World,
} from "../../../apps/emulator";

export const management = "100000000000";
export const archive = "200000000000";
export const member = "300000000000";
export const region = "eu-central-1";
export const bucket = `org-log-archive-${archive}-${region}`;
export const externalId = "external-id";

export const start = Date.UTC(2026, 10, 20, 14);
export const createdAt = Date.UTC(2026, 0, 1);
export const day = { from: Date.UTC(2026, 10, 19), to: Date.UTC(2026, 10, 20) };

export function event(timestamp: number, message: string, ingestionTime = timestamp + 500): LogEvent {
  return { timestamp, ingestionTime, message };
}

export function logGroup(name: string, change: Partial<LogGroup> = {}): LogGroup {
  const streams = [{ name: "main", events: [event(day.from + 1000, `${name} says hello`)] }];
  return { account: member, region, name, logGroupClass: "STANDARD", createdAt, streams, ...change };
}

export function world(logGroups: readonly LogGroup[] = [logGroup("/app/web")], moreAccounts = 0): World {
  const extra = Array.from({ length: moreAccounts }, (_, index) => String(400000000000 + index));
  return {
    organization: { id: "o-a1b2c3d4e5", rootId: "r-a1b2", managementAccount: management },
    organizationalUnits: [
      { id: "ou-a1b2-workload", name: "Workloads", parent: "r-a1b2" },
      { id: "ou-a1b2-products", name: "Products", parent: "ou-a1b2-workload" },
    ],
    accounts: [management, archive, member, ...extra].map((id) => ({
      id,
      name: `account ${id}`,
      email: `${id}@example.com`,
      parent: id === management ? "r-a1b2" : "ou-a1b2-products",
      state: "ACTIVE",
      joinedAt: createdAt,
    })),
    logGroups,
  };
}

export interface Emulated {
  readonly cloud: Cloud;
  readonly clock: VirtualClock;
  readonly endpoint: string;
  /** Clients that sign as an account's root, or with credentials; they do not retry. */
  logs(account?: string, credentials?: Credentials): CloudWatchLogsClient;
  s3(account?: string, credentials?: Credentials): S3Client;
  sts(account?: string, credentials?: Credentials): STSClient;
  organizations(account?: string, credentials?: Credentials): OrganizationsClient;
}

const open: (() => Promise<void>)[] = [];

/** Serves an organisation with a bucket in the log archive account; `closeAll` ends it. */
export async function emulate(options: Partial<EmulatorOptions> = {}): Promise<Emulated> {
  const clock = new VirtualClock({ start });
  const emulator = await Emulator.open({ world: world(), clock, logArchiveAccount: archive, ...options });
  const { cloud } = emulator;
  cloud.s3.createBucket({ name: bucket, region, account: archive, versioning: true });
  const endpoint = await emulator.listen();
  const config = (account: string, credentials: Credentials | undefined) => ({
    endpoint,
    region,
    maxAttempts: 1,
    credentials: credentials ?? { accessKeyId: account, secretAccessKey: "secret" },
  });
  const clients: { destroy(): void }[] = [];
  const kept = <C extends { destroy(): void }>(client: C): C => {
    clients.push(client);
    return client;
  };
  open.push(async () => {
    for (const client of clients) client.destroy();
    await emulator.close();
  });
  return {
    cloud,
    clock,
    endpoint,
    logs: (account = member, credentials) => kept(new CloudWatchLogsClient(config(account, credentials))),
    s3: (account = archive, credentials) => kept(new S3Client(config(account, credentials))),
    sts: (account = archive, credentials) => kept(new STSClient(config(account, credentials))),
    organizations: (account = archive, credentials) => kept(new OrganizationsClient(config(account, credentials))),
  };
}

export async function closeAll(): Promise<void> {
  await Promise.all(open.splice(0).map((close) => close()));
}

/** A role of the log archive account that may do everything in it, and a member role that trusts it. */
export function createRoles(cloud: Cloud): { exporter: Credentials; memberRole: string } {
  const exporter = cloud.iam.createRole({
    account: archive,
    name: "Exporter",
    trustPolicy: trust({ Service: "lambda.amazonaws.com" }),
  });
  const memberRole = cloud.iam.createRole({
    account: member,
    name: "OrgLogArchiveMember",
    trustPolicy: trust(
      { AWS: `arn:aws:iam::${archive}:root` },
      {
        StringEquals: { "sts:ExternalId": externalId, "aws:PrincipalOrgID": "o-a1b2c3d4e5" },
        ArnLike: { "aws:PrincipalArn": `arn:aws:iam::${archive}:role/Exporter*` },
      },
    ),
  });
  return { exporter: cloud.iam.issueCredentials(exporter.arn, "function"), memberRole: memberRole.arn };
}

export function trust(Principal: object, Condition: object = {}) {
  return { Version: "2012-10-17", Statement: [{ Effect: "Allow", Principal, Action: "sts:AssumeRole", Condition }] };
}
