import type { Configuration, RegionConfiguration } from "../../../constructs/configuration";
import type { ListedAccount } from "../../../handlers/archive/records";
import type { AuditedBucket } from "../../../handlers/clients/audited-bucket";
import type { CloudFormation, StackInstance } from "../../../handlers/clients/deployed-stack";
import type { OrganizationSetup } from "../../../handlers/clients/organization-setup";
import type { RegionSetup } from "../../../handlers/clients/region-setup";

/** A row of the preflight. */
export interface Check<Ports> {
  readonly name: string;
  /** What it asks. */
  readonly asks: string;
  /** What a failure means. */
  readonly means: string;
  /** What to do about it. */
  readonly cure: string;
  /** Whether a configuration gives it anything to ask: it does, if absent. */
  readonly applies?: (ports: Ports) => boolean;
  /** Resolves to what is wrong, a line each; to nothing if all is well. */
  readonly run: (ports: Ports) => Promise<readonly string[]>;
}

/** What is asked once. */
export interface OrganizationPorts {
  readonly configuration: Configuration;
  readonly setup: OrganizationSetup;
  /** Every account of the organisation, and why it is not archived if it is not. */
  readonly accounts: () => Promise<readonly ListedAccount[]>;
  /** The member role's stack by account. */
  readonly instances: () => Promise<ReadonlyMap<string, StackInstance>>;
  /** The home Region's. */
  readonly home: RegionSetup;
}

/** What is asked in each Region. */
export interface RegionPorts extends Pick<OrganizationPorts, "configuration" | "accounts" | "instances"> {
  readonly region: RegionConfiguration;
  readonly setup: RegionSetup;
  readonly stacks: CloudFormation;
  /** The Region's stack's template, read once. */
  readonly template: () => Promise<unknown>;
  readonly bucket: AuditedBucket;
  /** Enters an account as the member role, and looks. */
  readonly look: (account: string) => Promise<void>;
  readonly onProgress: (done: number, total: number) => void;
}

export interface Result extends Pick<Check<never>, "name" | "asks" | "means" | "cure"> {
  /** Absent: it is about the organisation. */
  readonly region?: string;
  /** `unknown`: it could not be asked, and the details say why. */
  readonly status: "passed" | "failed" | "unknown";
  readonly details: readonly string[];
}
