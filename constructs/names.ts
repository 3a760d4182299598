/** Names that more than one component, or a person, has to know. */

/** The functions that export: those that the member role trusts. */
export const exporters = ["plan-exports", "run-export-tasks"] as const;
export type Exporter = (typeof exporters)[number];

export const functionNames = [
  "list-accounts",
  ...exporters,
  "record-coverage",
  "seal-account",
  "report-run",
  "sign-digest",
] as const;
export type FunctionName = (typeof functionNames)[number];

/**
 * Roles are global: the Region is part of the name. At most 64 characters, of which the longest Region leaves 17. `*`
 * stands for every Region in a policy's pattern.
 */
export function functionRoleName(functionName: FunctionName, region: string): string {
  return `OrgLogArchive-${functionName}-${region}`;
}

/**
 * By which operators look into member accounts, as planning does. IAM is global: one role for all Regions, named so that the
 * member role's trust in the exporters includes it.
 */
export const operatorRoleName = functionRoleName("plan-exports", "operator");

/** Every Region's state machine has this name. */
export const stateMachineName = "OrgLogArchive";

/** Every Region's schedule has this name. */
export const scheduleName = "OrgLogArchive";

/** The stack output that says which configuration was deployed. */
export const configurationOutput = "ConfigurationSha256";

/** What trusts an account to deploy StackSets to the organisation. */
export const stackSetsService = "member.org.stacksets.cloudformation.amazonaws.com";

/** Of a Region's key for the archive: policies of other stacks cannot know its id. */
export const archiveKeyAlias = "alias/org-log-archive";

/** Of a Region's key that signs digests, if its stack has one. */
export const signingKeyAlias = "alias/org-log-archive-signing";

/** IAM is global: one policy each for all Regions. */
export const auditorPolicyName = "OrgLogArchiveAuditor";
export const operatorPolicyName = "OrgLogArchiveOperator";

/** Every alarm's name: the heading in `docs/runbook.md` that says what to do. */
export const alarmNames = [
  "OrgLogArchive-RunFailed",
  "OrgLogArchive-RunTimedOut",
  "OrgLogArchive-RunAborted",
  "OrgLogArchive-ScheduleMissed",
  "OrgLogArchive-ScheduleNotDelivered",
  "OrgLogArchive-AccountsFailed",
  "OrgLogArchive-LastChanceMissed",
  "OrgLogArchive-SlotStarved",
  "OrgLogArchive-CallsThrottled",
  "OrgLogArchive-FunctionsThrottled",
] as const;
export type AlarmName = (typeof alarmNames)[number];

/** Dashboards are global: the Region is part of the name. */
export function dashboardName(region: string): string {
  return `OrgLogArchive-${region}`;
}

export const stackSetName = "OrgLogArchive-Member";

export const stackNames = {
  region: (region: string) => `OrgLogArchive-${region}`,
  members: "OrgLogArchive-Members",
  managementAccount: "OrgLogArchive-ManagementAccount",
} as const;
