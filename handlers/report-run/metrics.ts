import type { Report } from "../archive/records";
import { type MetricName, metricDimension, metricNamespace, metricUnits } from "../contract/metrics";
import { type ReasonCode, reasonCode } from "../contract/reasons";

const starvation: readonly ReasonCode[] = ["slot-busy", "deadline"];
const throttling: readonly ReasonCode[] = ["throttled"];

/**
 * The report's figures in CloudWatch's embedded metric format: one line of a function's log becomes metrics, without a
 * call or a permission. https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function reportMetrics(report: Report): Readonly<Record<string, unknown>> {
  return {
    _aws: {
      Timestamp: Date.parse(report.finishedAt),
      CloudWatchMetrics: [
        {
          Namespace: metricNamespace,
          Dimensions: [[metricDimension]],
          Metrics: Object.entries(metricUnits).map(([Name, Unit]) => ({ Name, Unit })),
        },
      ],
    },
    [metricDimension]: report.region,
    runId: report.runId,
    ...figures(report),
  };
}

function figures({ accounts, counts, bytes, causes }: Report): Record<MetricName, number> {
  const failedFor = (codes: readonly ReasonCode[]) =>
    causes
      .filter(({ outcome }) => outcome === "failed")
      .filter(({ reason }) => codes.some((code) => code === reasonCode(reason)))
      .reduce((total, { count }) => total + count, 0);
  return {
    FailedAccounts: accounts.filter(({ counts: { failed } }) => failed > 0).length,
    FailedItems: counts.failed,
    LastChanceItems: causes.reduce((total, { lastChance }) => total + lastChance, 0),
    StarvedItems: failedFor(starvation),
    ThrottledItems: failedFor(throttling),
    ExportedItems: counts.exported,
    ExportedBytes: bytes,
  };
}
