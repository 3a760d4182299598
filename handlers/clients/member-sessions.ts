import { createHash } from "node:crypto";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { RoleNotAssumable } from "../contract/errors";
import { clientConfiguration, type SessionCredentials } from "./configuration";
import { faultOfAccount } from "./faults";
import { type RetrySource, withRetries } from "./retries";
import { sessionCredentials } from "./role-session";

/** A session of a Lambda's role counts as chained: a longer session makes the call fail. https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
const sessionSeconds = 3600;

/** `RoleSessionName` is at most 64 characters long. */
const longestSessionName = 64;

const looking = { Effect: "Allow", Action: ["logs:Describe*", "logs:List*"], Resource: "*" };

/** What a session that only looks may do at the most: the role's S3 rights are for CreateExportTask alone. */
const lookOnly = JSON.stringify({ Version: "2012-10-17", Statement: [looking] });

/** What a session is for: to look, to export all that the role may, or to export one log group. */
export type SessionPurpose = "look" | "export" | OneExport;

/** An export by which it is found out what CloudWatch Logs demands: of one log group, without some of the role's rights. */
export interface OneExport {
  readonly logGroup: string;
  readonly without: readonly Right[];
}

export interface Right {
  /** An IAM action, such as `s3:PutObjectAcl`. */
  readonly action: string;
  /** An ARN or `*`. */
  readonly resource: string;
}

export interface MemberRole {
  readonly partition: string;
  readonly roleName: string;
  readonly externalId: string;
}

/** Sessions of the member role in any account, named after the run that uses them. */
export class MemberSessions {
  private readonly client: STSClient;

  constructor(
    region: string,
    private readonly role: MemberRole,
    private readonly runId: string,
    private readonly source: RetrySource,
    /** Of who assumes the member role; the environment's, if absent. */
    credentials?: SessionCredentials,
  ) {
    this.client = new STSClient(clientConfiguration(region, credentials));
  }

  /**
   * @throws {RoleNotAssumable} when STS refuses the role.
   * @throws {RegionNotEnabled} when the account, or our own, has not enabled this Region.
   */
  async assume(account: string, purpose: SessionPurpose): Promise<SessionCredentials> {
    const roleArn = `arn:${this.role.partition}:iam::${account}:role/${this.role.roleName}`;
    const policy = this.policyOf(account, purpose);
    const command = new AssumeRoleCommand({
      RoleArn: roleArn,
      RoleSessionName: sessionName(this.runId),
      ExternalId: this.role.externalId,
      DurationSeconds: sessionSeconds,
      ...(policy === undefined ? {} : { Policy: policy }),
    });
    try {
      const { Credentials: session } = await withRetries(this.source, () => this.client.send(command));
      const credentials = sessionCredentials(session);
      if (!credentials) throw new RoleNotAssumable(`STS answered without credentials for ${roleArn}`);
      return credentials;
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      if (error.name === "AccessDenied" || error.name === "AccessDeniedException")
        throw new RoleNotAssumable(`${roleArn}: ${error.message}`, { cause: error });
      throw faultOfAccount(error) ?? error;
    }
  }

  private policyOf(account: string, purpose: SessionPurpose): string | undefined {
    if (purpose === "export") return undefined;
    return purpose === "look" ? lookOnly : oneExportOnly(this.role.partition, account, purpose);
  }
}

/**
 * What a session of one export may do at the most, as a policy's JSON: of all that the role may do, it leaves out to export other
 * log groups, so that what is found out is true of runs, too.
 */
export function oneExportOnly(partition: string, account: string, { logGroup, without }: OneExport): string {
  const arn = `arn:${partition}:logs:*:${account}:log-group:${logGroup}`;
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      looking,
      { Effect: "Allow", Action: "logs:CreateExportTask", Resource: [arn, `${arn}:*`] },
      { Effect: "Allow", Action: ["s3:*", "kms:*"], Resource: "*" },
      ...without.map(({ action, resource }) => ({ Effect: "Deny", Action: action, Resource: resource })),
    ],
  });
}

/** A session name that shows the run; a run id that is too long is cut, and a hash keeps it unique. */
export function sessionName(runId: string): string {
  if (runId.length <= longestSessionName) return runId.padEnd(2, "-");
  const hash = createHash("sha256").update(runId).digest("hex").slice(0, 12);
  return `${runId.slice(0, longestSessionName - hash.length - 1)}-${hash}`;
}
