import type { Report } from "../archive/records";
import { embeddedMetrics, type reportMetricUnits } from "../contract/metrics";
import { type ReasonCode, reasonCode } from "../contract/reasons";

const starvation: readonly ReasonCode[] = ["slot-busy", "deadline"];
const throttling: readonly ReasonCode[] = ["throttled"];

/** The report's figures as a line of the function's log. */
export function reportMetrics(report: Report): Readonly<Record<string, unknown>> {
  const { region, runId, finishedAt } = report;
  return embeddedMetrics(region, Date.parse(finishedAt), figures(report), { runId });
}

function figures({
  accounts,
  counts,
  bytes,
  causes,
  finishedAt,
}: Report): Record<keyof typeof reportMetricUnits, number> {
  const failures = causes.filter(({ outcome }) => outcome === "failed");
  const failedFor = (codes: readonly ReasonCode[]) =>
    failures
      .filter(({ reason }) => codes.some((code) => code === reasonCode(reason)))
      .reduce((total, { count }) => total + count, 0);
  const [oldest] = failures.flatMap(({ days }) => Object.keys(days)).sort();
  return {
    FailedAccounts: accounts.filter(({ counts: { failed } }) => failed > 0).length,
    FailedItems: counts.failed,
    LastChanceItems: causes.reduce((total, { lastChance }) => total + lastChance, 0),
    StarvedItems: failedFor(starvation),
    ThrottledItems: failedFor(throttling),
    ExportedItems: counts.exported,
    EmptyItems: counts.empty,
    SkippedItems: counts.skipped,
    ExportedBytes: bytes,
    OldestOpenDays: oldest === undefined ? 0 : (Date.parse(finishedAt.slice(0, 10)) - Date.parse(oldest)) / 86_400_000,
  };
}
