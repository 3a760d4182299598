import { Duration, RemovalPolicy } from "aws-cdk-lib";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import { DefinitionBody, LogLevel, QueryLanguage, StateMachine } from "aws-cdk-lib/aws-stepfunctions";
import { Construct } from "constructs";
import type { Schedule } from "../../handlers/contract/settings";
import { stateMachineName } from "../names";
import { longestPause } from "./longest-pause";
import { type RunDefinitionProps, runDefinition } from "./run-definition";

export interface RunStateMachineProps extends RunDefinitionProps {
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
      timeout: timeoutAfter(props.run.schedule),
      tracingEnabled: false,
      logs: { destination: log, level: LogLevel.ALL, includeExecutionData: false },
    });
  }
}

/** Runs end by their deadline, before the next one starts: this ends what would otherwise hang for a year. */
function timeoutAfter(schedule: Schedule): Duration {
  return Duration.days(Math.ceil(longestPause(schedule) / 86_400_000) + 1);
}
