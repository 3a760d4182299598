import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { synthesize } from "../../apps/demo/synthesis";
import { count } from "../../apps/terminal/amounts";
import { progress, type Subject, tableOf } from "../subject";
import { configurationOf, ofAccounts, type Size, sizes } from "./organisations";
import { type RunSize, runOfSize } from "./run-size";

/** What AWS allows, in the units of `RunSize`. */
const allowed: Readonly<Record<keyof RunSize, number>> = {
  historyEvents: 25_000,
  payloadKilobytes: 256,
  functionSeconds: 900,
  describeExportTasksPerSecond: 5,
  describeExportTasksInAMinute: 5,
  createExportTaskPerSecond: 5,
  describeLogGroupsPerSecond: 10,
  describeLogStreamsPerSecond: 25,
};

const labels: Readonly<Record<keyof RunSize, string>> = {
  historyEvents: "longest history, events",
  payloadKilobytes: "largest payload, KB",
  functionSeconds: "longest invocation, s",
  describeExportTasksPerSecond: "DescribeExportTasks a second",
  describeExportTasksInAMinute: "the same, over a minute",
  createExportTaskPerSecond: "CreateExportTask a second",
  describeLogGroupsPerSecond: "DescribeLogGroups a second",
  describeLogStreamsPerSecond: "DescribeLogStreams a second",
};

/** How far a run is from AWS's limits, and how that grows with accounts and with the log groups of one account. */
export const limits: Subject = {
  name: "limits",
  measure: ({ accounts }) => {
    const folder = mkdtempSync(join(tmpdir(), "org-log-archive-bench-"));
    try {
      const asked = accounts === undefined ? sizes : [ofAccounts(accounts)];
      const days = [...new Set(asked.map((size) => size.days))];
      const assemblies = new Map(
        days.map((each) => [each, synthesize(configurationOf({ days: each }), join(folder, `cdk.out-${each}`))]),
      );
      const measured = asked.map((size) => {
        progress(`limits: ${nameOf(size)}`);
        return { size: nameOf(size), ...runOfSize(assemblies.get(size.days) ?? "", size) };
      });
      return { results: { limits: { allowed, measured } }, tables: [table(measured)] };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

function nameOf({ accounts, logGroups, days }: Size): string {
  return `${count(accounts, "account")} of ${count(logGroups, "log group")} by ${count(days, "day")}`;
}

function table(measured: readonly ({ size: string } & RunSize)[]): string {
  const keys = Object.keys(labels).filter((key): key is keyof RunSize => key in labels);
  const rows = keys.map((key) => [labels[key], allowed[key], ...measured.map((one) => one[key])]);
  return tableOf(["", "AWS allows", ...measured.map(({ size }) => size)], rows);
}
