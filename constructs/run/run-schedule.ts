import { Duration, TimeZone } from "aws-cdk-lib";
import {
  ContextAttribute,
  Schedule,
  ScheduleExpression,
  ScheduleTargetInput,
  TimeWindow,
} from "aws-cdk-lib/aws-scheduler";
import { StepFunctionsStartExecution } from "aws-cdk-lib/aws-scheduler-targets";
import type { StateMachine } from "aws-cdk-lib/aws-stepfunctions";
import { Construct } from "constructs";
import type { RunRequest } from "../../handlers/contract/messages";
import type { Schedule as ScheduleSettings } from "../../handlers/contract/settings";

export interface RunScheduleProps {
  readonly stateMachine: StateMachine;
  readonly schedule: ScheduleSettings;
}

/** Starts a Region's runs. */
export class RunSchedule extends Construct {
  constructor(scope: Construct, id: string, { stateMachine, schedule }: RunScheduleProps) {
    super(scope, id);
    // The scheduled time decides the days, so that a late start archives the same ones.
    const request: RunRequest = { scheduledTime: ContextAttribute.scheduledTime };
    new Schedule(this, "Schedule", {
      description: "Starts the archiving of the organisation's CloudWatch Logs in this Region",
      schedule: ScheduleExpression.expression(schedule.expression, TimeZone.of(schedule.timeZone)),
      timeWindow: TimeWindow.off(),
      target: new StepFunctionsStartExecution(stateMachine, {
        input: ScheduleTargetInput.fromObject(request),
        // Later than that the next run is near, and its look-back covers the same days.
        maxEventAge: Duration.hours(6),
        retryAttempts: 20,
      }),
    });
  }
}
