import { Duration } from "aws-cdk-lib";
import {
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type IAlarm,
  LogQueryVisualizationType,
  LogQueryWidget,
  MathExpression,
  Metric,
  Stats,
} from "aws-cdk-lib/aws-cloudwatch";
import type { IStateMachine } from "aws-cdk-lib/aws-stepfunctions";
import { Construct } from "constructs";
import { type MetricName, metricDimension, metricNamespace } from "../../handlers/contract/metrics";
import type { HandlerFunctions } from "../functions/handler-functions";
import { dashboardName } from "../names";

export interface RunDashboardProps {
  readonly region: string;
  readonly stateMachine: IStateMachine;
  readonly functions: HandlerFunctions;
  readonly alarms: readonly IAlarm[];
}

const day = Duration.days(1);

/** Columns of CloudWatch's grid, of 24, for each of three widgets in a row. */
const third = 8;

/** How a Region's runs are, over weeks: what was archived, how the slots are used, who is slow, what is in the way. */
export class RunDashboard extends Construct {
  constructor(scope: Construct, id: string, { region, stateMachine, functions, alarms }: RunDashboardProps) {
    super(scope, id);
    const graph = (title: string, left: GraphWidget["leftMetrics"]) =>
      new GraphWidget({ title, left: [...left], width: third, period: day });
    const own = (metricName: MetricName, statistic: string, label: string) =>
      new Metric({
        ...{ namespace: metricNamespace, metricName, statistic, label, period: day },
        dimensionsMap: { [metricDimension]: region },
      });
    new Dashboard(this, "Dashboard", {
      dashboardName: dashboardName(region),
      defaultInterval: Duration.days(28),
      widgets: [
        [new AlarmStatusWidget({ title: `Alarms, ${region}`, alarms: [...alarms], width: 24 })],
        [
          new GraphWidget({
            ...{ title: "Log group days by outcome", width: third, period: day, stacked: true },
            left: [
              own("ExportedItems", Stats.SUM, "exported"),
              own("EmptyItems", Stats.SUM, "empty"),
              own("SkippedItems", Stats.SUM, "skipped"),
              own("FailedItems", Stats.SUM, "failed"),
            ],
          }),
          graph("Bytes archived (compressed)", [own("ExportedBytes", Stats.SUM, "bytes")]),
          graph("Oldest day with something open, days ago", [own("OldestOpenDays", Stats.MAXIMUM, "days")]),
        ],
        [
          graph("Use of the export slots, percent of the accounts' time", [
            new MathExpression({
              expression: "100 * slot / account",
              usingMetrics: {
                slot: own("SlotSeconds", Stats.SUM, "slot"),
                account: own("AccountSeconds", Stats.SUM, "account"),
              },
              label: "slot use",
              period: day,
            }),
          ]),
          graph("Time of the slowest account and of most, seconds", [
            own("AccountSeconds", Stats.MAXIMUM, "slowest"),
            own("AccountSeconds", "p90", "nine of ten"),
          ]),
          new LogQueryWidget({
            title: "Slowest accounts",
            width: third,
            view: LogQueryVisualizationType.TABLE,
            logGroupNames: [functions.recordCoverage.logGroup.logGroupName],
            queryLines: [
              "filter ispresent(AccountSeconds)",
              "stats max(AccountSeconds) / 3600 as hours by account",
              "sort hours desc",
              "limit 10",
            ],
          }),
        ],
        [
          graph("Calls made again, and those of them that AWS throttled", [
            own("RetriedCalls", Stats.SUM, "made again"),
            own("ThrottledCalls", Stats.SUM, "throttled"),
          ]),
          graph(
            "Invocations that Lambda refused",
            functions.all.map((handler) =>
              handler.function.metricThrottles({ statistic: Stats.SUM, period: day, label: handler.node.id }),
            ),
          ),
          graph("Runs, and how many days sealing lags behind", [
            own("SealingLagDays", Stats.MAXIMUM, "sealing lag, days"),
            stateMachine.metricStarted({ statistic: Stats.SUM, period: day, label: "runs started" }),
            stateMachine.metricFailed({ statistic: Stats.SUM, period: day, label: "runs failed" }),
          ]),
        ],
      ],
    });
  }
}
