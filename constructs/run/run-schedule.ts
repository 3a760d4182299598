import { Duration, TimeZone } from "aws-cdk-lib";
import {
  ContextAttribute,
  Schedule,
  ScheduleExpression,
  ScheduleTargetInput,
  TimeWindow,
} from "aws-cdk-lib/aws-scheduler";
import { StepFunctionsStartExecution } from "aws-cdk-lib/aws-scheduler-targets";
import { Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs";
import type { StateMachine } from "aws-cdk-lib/aws-stepfunctions";
import { Construct } from "constructs";
import type { RunRequest } from "../../handlers/contract/messages";
import type { Schedule as ScheduleSettings } from "../../handlers/contract/settings";
import { scheduleName } from "../names";

export interface RunScheduleProps {
  readonly stateMachine: StateMachine;
  readonly schedule: ScheduleSettings;
}

/** Regions that are due at the same moment start apart: they all list the accounts of one organisation. */
const startWithin = Duration.minutes(15);

/** Starts a Region's runs. */
export class RunSchedule extends Construct {
  /** Has the starts that failed until EventBridge Scheduler gave up. */
  readonly notDelivered: Queue;

  constructor(scope: Construct, id: string, { stateMachine, schedule }: RunScheduleProps) {
    super(scope, id);
    this.notDelivered = new Queue(this, "NotDelivered", {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    // The scheduled time decides the days, so that a late start archives the same ones.
    const request: RunRequest = { scheduledTime: ContextAttribute.scheduledTime };
    new Schedule(this, "Schedule", {
      scheduleName,
      description: "Starts the archiving of the organisation's CloudWatch Logs in this Region",
      schedule: ScheduleExpression.expression(schedule.expression, TimeZone.of(schedule.timeZone)),
      timeWindow: TimeWindow.flexible(startWithin),
      target: new StepFunctionsStartExecution(stateMachine, {
        input: ScheduleTargetInput.fromObject(request),
        // Later than that the next run is near, and its look-back covers the same days.
        maxEventAge: Duration.hours(6),
        retryAttempts: 20,
        deadLetterQueue: this.notDelivered,
      }),
    });
  }
}
