/** The metrics that the handlers give CloudWatch, which alarms watch and the dashboard shows. */

export const metricNamespace = "OrgLogArchive";

/** The only dimension; its value is the Region's name. Each value of a dimension is a metric of its own, and paid for. */
export const metricDimension = "Region";

/** Of a run's report, with CloudWatch's unit. */
export const reportMetricUnits = {
  /** Accounts with something that a retry or an operator can cure. */
  FailedAccounts: "Count",
  FailedItems: "Count",
  /** Failed items on days that no later scheduled run looks at. */
  LastChanceItems: "Count",
  /** Failed items that never got the account's export slot: a task that is not ours held it, or the run's time was over. */
  StarvedItems: "Count",
  /** Failed items for which AWS throttled longer than retries last. */
  ThrottledItems: "Count",
  ExportedItems: "Count",
  EmptyItems: "Count",
  SkippedItems: "Count",
  /** As stored, compressed. */
  ExportedBytes: "Bytes",
  /** Age in days of the oldest day on which something failed; 0 when nothing did. */
  OldestOpenDays: "Count",
} as const;

/** Of the handlers as they work. */
export const workMetricUnits = {
  /** Age in days of the oldest day before the look-back that is still to be sealed, as a run begins; 0 when all is. */
  SealingLagDays: "Count",
  /** From an account's plan to its coverage. */
  AccountSeconds: "Seconds",
  /** For which our export tasks held the slot, of what was committed. */
  SlotSeconds: "Seconds",
  /** Calls that were made again, for whatever passing reason. */
  RetriedCalls: "Count",
  /** Those of them that AWS had throttled. */
  ThrottledCalls: "Count",
} as const;

/** CloudWatch's unit of each metric. */
export const metricUnits = { ...reportMetricUnits, ...workMetricUnits } as const;

export type MetricName = keyof typeof metricUnits;

/**
 * Values in CloudWatch's embedded metric format: one line of a function's log becomes metrics, without a call or a permission.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 * @param at epoch milliseconds
 * @param said what the line says besides, for Logs Insights
 */
export function embeddedMetrics(
  region: string,
  at: number,
  values: Readonly<Partial<Record<MetricName, number>>>,
  said: Readonly<Record<string, string>> = {},
): Readonly<Record<string, unknown>> {
  const isGiven = (name: string) => name in values;
  const metrics = Object.entries(metricUnits)
    .filter(([name]) => isGiven(name))
    .map(([Name, Unit]) => ({ Name, Unit }));
  return {
    _aws: {
      Timestamp: at,
      CloudWatchMetrics: [{ Namespace: metricNamespace, Dimensions: [[metricDimension]], Metrics: metrics }],
    },
    [metricDimension]: region,
    ...said,
    ...values,
  };
}
