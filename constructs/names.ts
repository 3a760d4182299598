/** Names that more than one component, or a person, has to know. */

/** The functions that export: those that the member role trusts. */
export const exporters = ["plan-exports", "run-export-tasks"] as const;
export type Exporter = (typeof exporters)[number];

export type FunctionName = Exporter | "list-accounts" | "record-coverage" | "report-run";

/** Roles are global: the Region is part of the name. At most 64 characters, of which the longest Region leaves 17. */
export function functionRoleName(functionName: FunctionName, region: string): string {
  return `OrgLogArchive-${functionName}-${region}`;
}

/** Every Region's state machine has this name. */
export const stateMachineName = "OrgLogArchive";

export const stackSetName = "OrgLogArchive-Member";

export const stackNames = {
  region: (region: string) => `OrgLogArchive-${region}`,
  members: "OrgLogArchive-Members",
  managementAccount: "OrgLogArchive-ManagementAccount",
} as const;
