import { Duration, RemovalPolicy } from "aws-cdk-lib";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import { DefinitionBody, LogLevel, QueryLanguage, StateMachine } from "aws-cdk-lib/aws-stepfunctions";
import { Construct } from "constructs";
import { archivedAccountsKey, formerAccountsKey } from "../../handlers/archive/layout";
import type { Schedule } from "../../handlers/contract/settings";
import { s3Service } from "../archive/archive-key";
import { partitionOf } from "../configuration/regions";
import { stateMachineName } from "../names";
import { longestPause } from "./longest-pause";
import { type RunDefinitionProps, runDefinition } from "./run-definition";

export interface RunStateMachineProps extends RunDefinitionProps {
  /** The bucket's key, if it has one of its own. */
  readonly archiveKey: IKey | undefined;
  readonly logKey: IKey;
}

/** A Region's state machine: each execution is a run. */
export class RunStateMachine extends Construct {
  readonly stateMachine: StateMachine;

  constructor(scope: Construct, id: string, props: RunStateMachineProps) {
    super(scope, id);
    const log = new LogGroup(this, "Log", {
      // The prefix keeps deliveries out of the account's resource policy, which has room for few.
      logGroupName: `/aws/vendedlogs/states/${stateMachineName}`,
      retention: RetentionDays.ONE_YEAR,
      encryptionKey: props.logKey,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    this.stateMachine = new StateMachine(this, "StateMachine", {
      stateMachineName,
      comment: "Archives a day's CloudWatch Logs of every account of the organisation in this Region",
      queryLanguage: QueryLanguage.JSONATA,
      definitionBody: DefinitionBody.fromChainable(runDefinition(this, props)),
      timeout: timeoutAfter(props.settings.schedule),
      tracingEnabled: false,
      logs: { destination: log, level: LogLevel.ALL, includeExecutionData: false },
    });
    // The topic's messages are encrypted by who publishes them.
    if (props.settings.notify.everyRun) props.logKey.grant(this.stateMachine, "kms:Decrypt", "kms:GenerateDataKey");
    for (const statement of readAccounts(props)) this.stateMachine.addToRolePolicy(statement);
  }
}

/** For the Maps, which read the ids of their accounts themselves. */
function readAccounts({ bucketName, settings, archiveKey }: RunStateMachineProps): PolicyStatement[] {
  const read = new PolicyStatement({
    sid: "ReadAccounts",
    actions: ["s3:GetObject"],
    resources: [archivedAccountsKey("*"), formerAccountsKey("*")].map(
      (key) => `arn:${partitionOf(settings.name)}:s3:::${bucketName}/${key}`,
    ),
  });
  if (archiveKey === undefined) return [read];
  const decrypt = new PolicyStatement({
    sid: "DecryptAccounts",
    actions: ["kms:Decrypt"],
    resources: [archiveKey.keyArn],
    conditions: { StringEquals: { "kms:ViaService": s3Service(settings.name) } },
  });
  return [read, decrypt];
}

/** Runs end by their deadline, before the next one starts: this ends what would otherwise hang for a year. */
function timeoutAfter(schedule: Schedule): Duration {
  return Duration.days(Math.ceil(longestPause(schedule) / 86_400_000) + 1);
}
