/** An organisation as the emulator serves it: plain data, no behaviour. Times are epoch milliseconds. */
export interface World {
  readonly organization: Organization;
  readonly organizationalUnits: readonly OrganizationalUnit[];
  readonly accounts: readonly Account[];
  readonly logGroups: readonly LogGroup[];
}

export interface Organization {
  /** `o-` and 10 to 32 lower-case letters or digits. */
  readonly id: string;
  /** `r-` and 4 to 32 lower-case letters or digits. */
  readonly rootId: string;
  readonly managementAccount: string;
}

export interface OrganizationalUnit {
  /** `ou-<root suffix>-<8 to 32 characters>`. */
  readonly id: string;
  readonly name: string;
  /** The id of the root or of another organisational unit. */
  readonly parent: string;
}

/** https://docs.aws.amazon.com/organizations/latest/APIReference/API_Account.html */
export type AccountState = "PENDING_ACTIVATION" | "ACTIVE" | "SUSPENDED" | "PENDING_CLOSURE" | "CLOSED";

export interface Account {
  /** 12 digits. */
  readonly id: string;
  readonly name: string;
  readonly email: string;
  /** The id of the root or of an organisational unit. */
  readonly parent: string;
  readonly state: AccountState;
  readonly joinedAt: number;
}

export type LogGroupClass = "STANDARD" | "INFREQUENT_ACCESS" | "DELIVERY";

export interface LogGroup {
  readonly account: string;
  readonly region: string;
  readonly name: string;
  readonly logGroupClass: LogGroupClass;
  readonly createdAt: number;
  readonly retentionInDays?: number;
  readonly kmsKeyId?: string;
  /** A data protection policy masks this group's events. */
  readonly dataProtected?: boolean;
  readonly tags?: Readonly<Record<string, string>>;
  readonly streams: readonly LogStream[];
}

export interface LogStream {
  readonly name: string;
  readonly events: readonly LogEvent[];
}

export interface LogEvent {
  readonly timestamp: number;
  readonly ingestionTime: number;
  readonly message: string;
}
