import Table from "cli-table3";
import pc from "picocolors";
import type { Report } from "../../handlers/contract/records";

/** The runs' reports as tables for a terminal: accounts, then causes with what to do about them. */
export function renderReports(reports: readonly Report[]): string {
  return reports.map(renderReport).join("\n");
}

function renderReport(report: Report): string {
  const status = report.status === "complete" ? pc.green("complete") : pc.red("incomplete");
  const [newest] = report.days;
  const days = report.days.length === 1 ? newest : `${report.days.at(-1)} to ${newest}`;
  const parts = [`${pc.bold(report.region)}  run ${report.runId}  ${days}  ${status}`, accountTable(report)];
  if (report.causes.length > 0) parts.push(causeTable(report));
  return `${parts.join("\n")}\n`;
}

/** Rows without lines between them: an organisation is long. */
export const compact = { mid: "", "left-mid": "", "mid-mid": "", "right-mid": "" };

function accountTable(report: Report): string {
  const table = new Table({
    head: ["Account", "Name", "Exported", "Empty", "Skipped", "Failed", "Bytes"],
    colAligns: ["left", "left", "right", "right", "right", "right", "right"],
    chars: compact,
    style: { head: [], border: [] },
  });
  for (const { id, name, counts, bytes, skipped } of report.accounts) {
    const failed = counts.failed > 0 ? pc.red(counts.failed) : counts.failed;
    const row = skipped
      ? ["", "", skipped.split(":", 1)[0] ?? "", "", ""]
      : [counts.exported, counts.empty, counts.skipped, failed, bytes];
    table.push([id, name, ...row]);
  }
  const { counts } = report;
  table.push(
    ["", "Total", counts.exported, counts.empty, counts.skipped, counts.failed, report.bytes].map((cell) =>
      pc.bold(cell),
    ),
  );
  return table.toString();
}

function causeTable(report: Report): string {
  const table = new Table({
    head: ["Outcome", "Reason", "Items", "Accounts", "What it means"],
    colAligns: ["left", "left", "right", "right", "left"],
    colWidths: [10, 28, 8, 10, 62],
    wordWrap: true,
    style: { head: [], border: [] },
  });
  for (const { outcome, reason, count, accounts, advice } of report.causes)
    table.push([outcome === "failed" ? pc.red(outcome) : outcome, reason, count, accounts.length, advice]);
  return table.toString();
}
