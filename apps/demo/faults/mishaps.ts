import type { AccessRequest, Authorization, Call, Cloud, Fault, LogGroup } from "../../emulator";

/** Where a mishap happens. */
export interface FaultSite {
  /** 12 digits. */
  readonly account: string;
  readonly regions: readonly string[];
  readonly logGroup?: string;
}

export function isAt(site: FaultSite, account: string, region: string): boolean {
  return site.account === account && site.regions.includes(region);
}

/** How the emulator brings a fault about; each part is asked only about its own site. */
export interface Mishap {
  /** Changes the log group before the organisation is served. */
  readonly alter?: (group: LogGroup) => LogGroup;
  /** Once everything is deployed, before the runs start. */
  readonly begin?: (cloud: Cloud, site: FaultSite) => Promise<void>;
  readonly fault?: (call: Call, site: FaultSite, cloud: Cloud) => Fault | undefined;
  readonly authorize?: (request: AccessRequest) => Authorization | undefined;
}

export const roleMissing = (name: string): Mishap => ({
  begin: async (cloud, { account }) => cloud.iam.deleteRole(`arn:aws:iam::${account}:role/${name}`),
});

export const denied = (action: string): Mishap => ({
  authorize: (request) =>
    request.action === action ? { deny: "a service control policy explicitly denies the action" } : undefined,
});

export const keyDenied: Mishap = {
  authorize: ({ action }) =>
    action === "kms:Decrypt" ? { deny: "no resource-based policy allows the kms:Decrypt action" } : undefined,
};

/** An error instead of an operation: that of AWS for this name, if no message is given. */
export const error = (operation: string, name: string, message?: string): Mishap => ({
  fault: (call) =>
    call.operation === operation ? { kind: "error", name, ...(message === undefined ? {} : { message }) } : undefined,
});

export const exportsEnd = (status: "FAILED" | "CANCELLED"): Mishap => ({
  fault: (call) => (call.operation === "CreateExportTask" ? { kind: "export-task", status } : undefined),
});

export const lostAnswer: Mishap = {
  fault: (call) => (call.operation === "CreateExportTask" ? { kind: "drop-after" } : undefined),
};

export const retention = (retentionInDays: number): Mishap => ({ alter: (group) => ({ ...group, retentionInDays }) });

/** Deletes the log group when the plan that holds it is written. */
export const deletedOncePlanned: Mishap = {
  fault: ({ operation, input }, { account, regions, logGroup = "" }, cloud) => {
    const isPlan = operation === "PutObject" && String(input.Key).endsWith(`/plans/${account}.json`);
    if (isPlan) for (const region of regions) cloud.logs.groups.delete(account, region, logGroup);
    return undefined;
  },
};

const allDayMs = 23 * 3_600_000;
const ownBucket = (account: string) => `exports-of-${account}`;

/** The account's own people export a log group to a bucket of their own. */
export const foreignExport: Mishap = {
  begin: async (cloud, { account, regions: [region = ""] }) => {
    const bucket = ownBucket(account);
    cloud.s3.createBucket({ name: bucket, region, account });
    const [group] = cloud.logs.groups.list(account, region);
    const input = { logGroupName: group?.name, from: 0, to: group?.createdAt, destination: bucket };
    const identity = cloud.iam.issueCredentials(`arn:aws:iam::${account}:root`, "console");
    await cloud.invoke({ service: "logs", operation: "CreateExportTask", region, identity, input });
  },
  fault: ({ operation, input }, { account }) =>
    operation === "CreateExportTask" && input.destination === ownBucket(account)
      ? { kind: "export-task", durationMs: allDayMs }
      : undefined,
  authorize: ({ resource }) => (resource.includes("exports-of-") ? "allow" : undefined),
};
