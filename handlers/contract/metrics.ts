/** The metrics that a run's report gives CloudWatch, and alarms watch. */

export const metricNamespace = "OrgLogArchive";

/** The only dimension; its value is the Region's name. */
export const metricDimension = "Region";

/** CloudWatch's unit of each metric. */
export const metricUnits = {
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
  /** As stored, compressed. */
  ExportedBytes: "Bytes",
} as const;

export type MetricName = keyof typeof metricUnits;
