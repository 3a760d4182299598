import { Duration } from "aws-cdk-lib";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { Construct } from "constructs";
import { memberRoleName } from "../../handlers/archive/layout";
import type { ArchiveEnvironment, Configured, MemberEnvironment } from "../../handlers/contract/environment";
import { partitionOf } from "../configuration/regions";
import type { FunctionName } from "../names";
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
}

/** The functions of a Region's state machine. */
export class HandlerFunctions extends Construct {
  readonly listAccounts: HandlerFunction;
  readonly planExports: HandlerFunction;
  readonly runExportTasks: HandlerFunction;
  readonly recordCoverage: HandlerFunction;
  readonly reportRun: HandlerFunction;

  constructor(scope: Construct, id: string, props: HandlerFunctionsProps) {
    super(scope, id);
    const { region, bucketName, externalId, archiveKey, logKey } = props;
    const partition = partitionOf(region);
    const archive: Configured<ArchiveEnvironment> = { ARCHIVE_BUCKET: bucketName };
    const member: Configured<MemberEnvironment> = {
      ...archive,
      MEMBER_ROLE_NAME: memberRoleName,
      EXTERNAL_ID: externalId,
      PARTITION: partition,
    };
    const handler = (
      id: string,
      functionName: FunctionName,
      minutes: number,
      environment: Readonly<Record<string, string>>,
      description: string,
    ) =>
      new HandlerFunction(this, id, {
        functionName,
        region,
        description,
        timeout: Duration.minutes(minutes),
        environment,
        permissions: permissions(functionName, { bucketName, region, partition, keyArn: archiveKey?.keyArn }),
        logKey,
      });
    this.listAccounts = handler("ListAccounts", "list-accounts", 5, archive, "Finds the accounts and days of a run");
    this.planExports = handler("PlanExports", "plan-exports", 15, member, "Plans what an account has to export");
    this.runExportTasks = handler("RunExportTasks", "run-export-tasks", 6, member, "Exports an account's log groups");
    this.recordCoverage = handler("RecordCoverage", "record-coverage", 15, archive, "Records an account's coverage");
    this.reportRun = handler("ReportRun", "report-run", 15, archive, "Reports on a run as a whole");
  }

  get all(): HandlerFunction[] {
    return [this.listAccounts, this.planExports, this.runExportTasks, this.recordCoverage, this.reportRun];
  }
}
