import type { Report } from "../../../handlers/archive/records";
import { Report as ReportSchema } from "../../../handlers/archive/records";
import { reportMetrics } from "../../../handlers/report-run/metrics";

const counts = { exported: 0, empty: 0, skipped: 0, failed: 0 };
const account = (id: string, failed: number) => ({
  id,
  name: id,
  state: "ACTIVE",
  counts: { ...counts, exported: 2, failed },
  bytes: 10,
});
const cause = (reason: string, count: number, outcome = "failed", lastChance = 0) => ({
  outcome,
  reason,
  advice: "",
  count,
  lastChance,
  accounts: [],
  examples: [],
});

const report: Report = ReportSchema.parse({
  version: 1,
  runId: "run-1",
  region: "eu-central-1",
  startedAt: "2026-11-20T13:30:00.000Z",
  finishedAt: "2026-11-20T15:00:00.000Z",
  days: ["2026-11-19"],
  status: "incomplete",
  counts: { exported: 6, empty: 1, skipped: 4, failed: 15 },
  bytes: 30,
  accounts: [account("300000000000", 0), account("300000000001", 7), account("300000000002", 8)],
  causes: [
    cause("deadline", 5),
    cause("slot-busy", 3, "failed", 2),
    cause("throttled", 4, "failed", 1),
    cause("access-denied", 3),
    cause("throttled", 9, "skipped"),
  ],
});

it("counts what alarms watch: accounts, items, and those that starved, were throttled or had their last chance", () =>
  expect(reportMetrics(report)).toMatchObject({
    FailedAccounts: 2,
    FailedItems: 15,
    LastChanceItems: 3,
    StarvedItems: 8,
    ThrottledItems: 4,
    ExportedItems: 6,
    EmptyItems: 1,
    SkippedItems: 4,
    ExportedBytes: 30,
  }));

it("is a line that CloudWatch reads metrics from: every metric is declared, has a value, and the Region as dimension", () => {
  const line: Record<string, unknown> = JSON.parse(JSON.stringify(reportMetrics(report)));
  expect(line).toMatchObject({
    _aws: {
      Timestamp: Date.UTC(2026, 10, 20, 15),
      CloudWatchMetrics: [{ Namespace: "OrgLogArchive", Dimensions: [["Region"]] }],
    },
    Region: "eu-central-1",
  });
  const { _aws } = line as { _aws: { CloudWatchMetrics: { Metrics: { Name: string }[] }[] } };
  const declared = _aws.CloudWatchMetrics.flatMap(({ Metrics }) => Metrics.map(({ Name }) => Name));
  expect(declared).toHaveLength(10);
  for (const name of declared) expect(line[name]).toEqual(expect.any(Number));
});

it("holds no log group, no account and no other word of what was archived", () => {
  const { _aws, Region, runId, ...figures } = reportMetrics(report);
  expect(Object.values(figures).every((value) => typeof value === "number")).toBe(true);
});

it("tells the age of the oldest day on which something failed, in whole days; what was skipped is not open", () => {
  const of = (...causes: object[]) => reportMetrics({ ...report, causes: causes as Report["causes"] }).OldestOpenDays;
  const days = { "2026-11-14": 1, "2026-11-19": 1 };
  expect(of({ ...cause("deadline", 2), days }, { ...cause("expired", 1, "skipped"), days: { "2026-11-01": 1 } })).toBe(
    6,
  );
  expect(of({ ...cause("expired", 1, "skipped"), days })).toBe(0);
});
