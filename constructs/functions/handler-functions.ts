import { Duration, Size } from "aws-cdk-lib";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { Construct } from "constructs";
import { memberRoleName } from "../../handlers/archive/layout";
import type {
  ArchiveEnvironment,
  Configured,
  MemberEnvironment,
  SignDigestEnvironment,
} from "../../handlers/contract/environment";
import { partitionOf } from "../configuration/regions";
import type { FunctionName } from "../names";
import { codeSha256 } from "./handler-code";
import { HandlerFunction } from "./handler-function";
import { permissions } from "./permissions";

export interface HandlerFunctionsProps {
  readonly region: string;
  readonly bucketName: string;
  readonly externalId: string;
  /** The bucket's key, if it has one of its own. */
  readonly archiveKey: IKey | undefined;
  /** Encrypts the functions' log groups. */
  readonly logKey: IKey;
  /** ARN of the key that signs digests. */
  readonly signingKeyArn: string;
  /** Name of the bucket that gets copies of digests. */
  readonly digestCopies: string | undefined;
  /** Says what was deployed, in every digest. */
  readonly configurationSha256: string;
}

/**
 * How long a function may take, and the memory that an account of 50,000 log groups by 8 days, or 5,000 by 31, takes in it
 * (`npm run bench` measures it). Only the loop's step is billed for hours: the others run once an account or once a run.
 */
const sizes: Readonly<Record<FunctionName, { readonly minutes: number; readonly megabytes: number }>> = {
  "list-accounts": { minutes: 5, megabytes: 256 },
  "plan-exports": { minutes: 15, megabytes: 768 },
  "run-export-tasks": { minutes: 15, megabytes: 128 },
  "record-coverage": { minutes: 15, megabytes: 512 },
  // Holds the text of one event file. All it does takes the processor, of which this is a whole one, at the same price.
  "seal-account": { minutes: 15, megabytes: 1_769 },
  "report-run": { minutes: 15, megabytes: 512 },
  "sign-digest": { minutes: 15, megabytes: 512 },
};

/** The functions of a Region's state machine. */
export class HandlerFunctions extends Construct {
  readonly listAccounts: HandlerFunction;
  readonly planExports: HandlerFunction;
  readonly runExportTasks: HandlerFunction;
  readonly recordCoverage: HandlerFunction;
  readonly sealAccount: HandlerFunction;
  readonly reportRun: HandlerFunction;
  readonly signDigest: HandlerFunction;

  constructor(scope: Construct, id: string, props: HandlerFunctionsProps) {
    super(scope, id);
    const { region, bucketName, externalId, archiveKey, logKey, signingKeyArn, digestCopies } = props;
    const partition = partitionOf(region);
    const archive: Configured<ArchiveEnvironment> = { ARCHIVE_BUCKET: bucketName };
    const member: Configured<MemberEnvironment> = {
      ...archive,
      MEMBER_ROLE_NAME: memberRoleName,
      EXTERNAL_ID: externalId,
      PARTITION: partition,
    };
    const signing: Configured<Omit<SignDigestEnvironment, "DIGEST_COPIES_BUCKET">> = {
      ...archive,
      SIGNING_KEY_ARN: signingKeyArn,
      CONFIGURATION_SHA256: props.configurationSha256,
      CODE_SHA256: codeSha256(this),
    };
    const copies: Readonly<Record<string, string>> = digestCopies ? { DIGEST_COPIES_BUCKET: digestCopies } : {};
    const handler = (
      id: string,
      functionName: FunctionName,
      environment: Readonly<Record<string, string>>,
      description: string,
    ) =>
      new HandlerFunction(this, id, {
        functionName,
        region,
        description,
        timeout: Duration.minutes(sizes[functionName].minutes),
        memory: Size.mebibytes(sizes[functionName].megabytes),
        environment,
        permissions: permissions(functionName, {
          bucketName,
          region,
          partition,
          keyArn: archiveKey?.keyArn,
          signingKeyArn,
          digestCopies,
        }),
        logKey,
      });
    this.listAccounts = handler("ListAccounts", "list-accounts", archive, "Finds the accounts and days of a run");
    this.planExports = handler("PlanExports", "plan-exports", member, "Plans what an account has to export");
    this.runExportTasks = handler("RunExportTasks", "run-export-tasks", member, "Exports an account's log groups");
    this.recordCoverage = handler("RecordCoverage", "record-coverage", archive, "Records an account's coverage");
    this.sealAccount = handler("SealAccount", "seal-account", archive, "Seals what of an account is archived");
    this.reportRun = handler("ReportRun", "report-run", archive, "Reports on a run as a whole");
    this.signDigest = handler(
      "SignDigest",
      "sign-digest",
      { ...signing, ...copies },
      "Binds a run into the signed chain",
    );
  }

  get all(): HandlerFunction[] {
    return [
      this.listAccounts,
      this.planExports,
      this.runExportTasks,
      this.recordCoverage,
      this.sealAccount,
      this.reportRun,
      this.signDigest,
    ];
  }
}
