import { Annotations, Duration } from "aws-cdk-lib";
import {
  Alarm,
  ComparisonOperator,
  type IMetric,
  MathExpression,
  Metric,
  Stats,
  TreatMissingData,
} from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import type { IStateMachine } from "aws-cdk-lib/aws-stepfunctions";
import { Construct } from "constructs";
import { type MetricName, metricDimension, metricNamespace } from "../../handlers/contract/metrics";
import type { Schedule } from "../../handlers/contract/settings";
import type { HandlerFunctions } from "../functions/handler-functions";
import { type AlarmName, alarmNames } from "../names";
import { longestPause } from "../run/longest-pause";

export interface AlarmsProps {
  readonly region: string;
  readonly schedule: Schedule;
  readonly stateMachine: IStateMachine;
  readonly functions: HandlerFunctions;
  readonly notDelivered: IQueue;
  readonly topic: ITopic;
}

interface Watch {
  readonly what: string;
  readonly metric: IMetric;
  /** One period, if absent. */
  readonly periods?: number;
  /** Goes off when there is less than one, also when there is nothing at all. */
  readonly onAbsence?: boolean;
}

const fiveMinutes = Duration.minutes(5);

/** The metrics may be late, and a start may be by the flexible window. */
const startMarginHours = 2;
/** The longest that CloudWatch looks back for an alarm in periods of an hour. */
const mostHours = 7 * 24;

/** What a Region's runs are watched for. What to do about each is in `docs/runbook.md`. */
export class Alarms extends Construct {
  readonly alarms: Alarm[] = [];

  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    const action = new SnsAction(props.topic);
    const watches = watchesOf(props);
    for (const name of alarmNames) {
      const watch = watches[name];
      if (!watch) continue;
      const { what, metric, periods = 1, onAbsence = false } = watch;
      const alarm = new Alarm(this, name.replace("OrgLogArchive-", ""), {
        alarmName: name,
        alarmDescription: `${what} What to do: docs/runbook.md#${name.toLowerCase()}`,
        metric,
        threshold: 1,
        evaluationPeriods: periods,
        datapointsToAlarm: periods,
        comparisonOperator: onAbsence
          ? ComparisonOperator.LESS_THAN_THRESHOLD
          : ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        treatMissingData: onAbsence ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
      });
      alarm.addAlarmAction(action);
      this.alarms.push(alarm);
    }
    if (!watches["OrgLogArchive-ScheduleMissed"])
      Annotations.of(this).addWarningV2(
        "org-log-archive:schedule-is-not-watched",
        `${props.schedule.expression} leaves more time between two runs than a CloudWatch alarm can look back on: no alarm tells when a run does not start.`,
      );
  }
}

function watchesOf(props: AlarmsProps): Record<AlarmName, Watch | undefined> {
  const { region, stateMachine, notDelivered } = props;
  const executions = { statistic: Stats.SUM, period: fiveMinutes };
  const reported = (metricName: MetricName) =>
    new Metric({
      namespace: metricNamespace,
      metricName,
      dimensionsMap: { [metricDimension]: region },
      statistic: Stats.MAXIMUM,
      period: fiveMinutes,
    });
  return {
    "OrgLogArchive-RunFailed": {
      what: "A run ended with something that has to be cured.",
      metric: stateMachine.metricFailed(executions),
    },
    "OrgLogArchive-RunTimedOut": {
      what: "A run did not end by itself, long after the next one was due.",
      metric: stateMachine.metricTimedOut(executions),
    },
    "OrgLogArchive-RunAborted": {
      what: "A run was stopped by hand or by a program.",
      metric: stateMachine.metricAborted(executions),
    },
    "OrgLogArchive-ScheduleMissed": scheduleMissed(props),
    "OrgLogArchive-ScheduleNotDelivered": {
      what: "EventBridge Scheduler could not start a run.",
      metric: notDelivered.metricApproximateNumberOfMessagesVisible({ statistic: Stats.MAXIMUM, period: fiveMinutes }),
    },
    "OrgLogArchive-AccountsFailed": {
      what: "Accounts have log groups that were not archived.",
      metric: reported("FailedAccounts"),
    },
    "OrgLogArchive-LastChanceMissed": {
      what: "Log groups were not archived for days that no later scheduled run looks at.",
      metric: reported("LastChanceItems"),
    },
    "OrgLogArchive-SlotStarved": {
      what: "Log groups did not get their account's export slot in time.",
      metric: reported("StarvedItems"),
    },
    "OrgLogArchive-CallsThrottled": {
      what: "AWS throttled calls for longer than the retries last.",
      metric: reported("ThrottledItems"),
    },
    "OrgLogArchive-FunctionsThrottled": { what: "Lambda has no room for the runs.", ...functionsThrottled(props) },
  };
}

/** Retries cure a moment's throttling: only a quarter of an hour of it is worth a person's attention. */
function functionsThrottled({ functions }: AlarmsProps): Pick<Watch, "metric" | "periods"> {
  const usingMetrics = Object.fromEntries(
    functions.all.map((handler, index) => [`m${index}`, handler.function.metricThrottles({ statistic: Stats.SUM })]),
  );
  const metric = new MathExpression({
    label: "Throttles of all functions",
    // A function that is not invoked has no datapoint, and nothing plus something is nothing.
    expression: Object.keys(usingMetrics)
      .map((id) => `FILL(${id}, 0)`)
      .join(" + "),
    usingMetrics,
    period: fiveMinutes,
  });
  return { metric, periods: 3 };
}

function scheduleMissed({ schedule, stateMachine }: AlarmsProps): Watch | undefined {
  const hours = Math.ceil(longestPause(schedule) / 3_600_000) + startMarginHours;
  if (hours > mostHours) return undefined;
  return {
    what: `No run has started for ${hours} hours.`,
    metric: stateMachine.metricStarted({ statistic: Stats.SUM, period: Duration.hours(1) }),
    periods: hours,
    onAbsence: true,
  };
}
