import Table from "cli-table3";
import type { Report } from "../../handlers/archive/records";
import { addCounts, noCounts } from "../../handlers/archive/summary";
import type { Colors } from "../terminal/colours";
import { printable } from "../terminal/printable";
import { compact } from "../terminal/table";

type Cause = Report["causes"][number];
type ReportedAccount = Report["accounts"][number];

/** Rows of accounts that a person still reads; of more, those without failures become one row. */
const readableRows = 25;
const namedAccounts = 5;
const shownExamples = 3;

/** The runs' reports for a terminal: the whole at a glance, what failed with what to do about it, then the accounts. */
export function renderReports(reports: readonly Report[], colours: Colors): string {
  return reports.map((report) => renderReport(report, colours)).join("\n");
}

function renderReport(report: Report, colours: Colors): string {
  const failed = report.causes.filter(({ outcome }) => outcome === "failed");
  const others = report.causes.filter(({ outcome }) => outcome !== "failed");
  const names = new Map(report.accounts.map(({ id, name }) => [id, name]));
  const parts = [heading(report, colours), glance(report, colours)];
  if (failed.length > 0)
    parts.push(colours.bold("What failed, and what to do"), ...failed.map((cause) => causeText(cause, names, colours)));
  if (report.notices.length > 0) parts.push(colours.bold("Settings without effect"), ...report.notices.map(noticeText));
  parts.push(accountTable(report, colours));
  if (others.length > 0) parts.push(causeTable(others));
  return `${parts.join("\n")}\n`;
}

function heading({ region, runId, days, status }: Report, colours: Colors): string {
  const [newest = ""] = days;
  const span = days.length === 1 ? newest : `${days.at(-1)} to ${newest}`;
  const ending = status === "complete" ? colours.green("complete") : colours.red("incomplete");
  return `${colours.bold(region)}  run ${runId}  ${span}  ${ending}`;
}

function glance(report: Report, colours: Colors): string {
  const archived = report.accounts.filter(({ skipped }) => !skipped);
  const failing = archived.filter(isFailing).length;
  const leftOut = report.accounts.length - archived.length;
  const { exported, empty, skipped, failed, known } = report.counts;
  const lastChance = report.causes.reduce((total, cause) => total + cause.lastChance, 0);
  const lines = [
    `${archived.length - failing} of ${archived.length} accounts complete` +
      (failing > 0 ? `, ${colours.red(`${failing} with failures`)}` : "") +
      (leftOut > 0 ? `, ${leftOut} left out` : ""),
    `Log group days: ${exported} exported (${size(report.bytes)}), ${empty} empty, ${skipped} skipped, ${failed > 0 ? colours.red(`${failed} failed`) : "0 failed"}${known > 0 ? `, ${known} failed as known` : ""}`,
  ];
  if (report.settledBefore > 0) lines.push(`Settled by earlier runs: ${report.settledBefore} log group days more`);
  if (lastChance > 0)
    lines.push(
      colours.red(
        `Last chance: ${lastChance} of the failed are on ${report.lastChanceDays.join(", ")}, which no later scheduled run looks at. Cure the cause, then start an execution with { "days": ["${report.lastChanceDays.join('", "')}"] }.`,
      ),
    );
  return lines.join("\n");
}

function causeText(cause: Cause, names: ReadonlyMap<string, string>, colours: Colors): string {
  const { reason, count, accounts, advice, lastChance, days } = cause;
  const named = accounts.slice(0, namedAccounts).map((id) => `${id} ${printable(names.get(id) ?? "")}`.trimEnd());
  const more = accounts.length > named.length ? ` and ${accounts.length - named.length} more` : "";
  const last = lastChance > 0 ? `, ${lastChance} for the last time` : "";
  const where = `${plural(count, "item")} on ${plural(Object.keys(days).length, "day")} in ${plural(accounts.length, "account")}`;
  const head = `${colours.red("✘")} ${colours.bold(printable(reason))}: ${where}${last}`;
  return [head, `  ${advice}`, `  ${named.join(", ")}${more}`, ...exampleLines(cause, colours)].join("\n");
}

/** One of each account and log group, without the reason's code, which stands above. */
function exampleLines({ reason: code, examples }: Cause, colours: Colors): string[] {
  const distinct = new Map(examples.map((example) => [`${example.account} ${example.logGroup}`, example]));
  return [...distinct.values()].slice(0, shownExamples).map(({ account, logGroup, day, reason }) => {
    const detail = printable(reason.startsWith(`${code}: `) ? reason.slice(code.length + 2) : "");
    return colours.dim(`    ${account} ${logGroup ?? "(whole account)"} ${day}${detail ? `: ${cut(detail)}` : ""}`);
  });
}

function noticeText({ setting, value, message }: Report["notices"][number]): string {
  return `  ${setting} ${printable(value)}: ${message}`;
}

function accountTable(report: Report, colours: Colors): string {
  const head = ["Account", "Name", "Exported", "Empty", "Skipped", "Failed", "Size"];
  const failedColumn = head.indexOf("Failed");
  const table = new Table({
    head,
    colAligns: ["left", "left", "right", "right", "right", "right", "right"],
    ...compact,
  });
  const failing = report.accounts.filter(isFailing).sort((a, b) => b.counts.failed - a.counts.failed);
  const leftOut = report.accounts.filter(({ skipped }) => skipped);
  const complete = report.accounts.filter((account) => !isFailing(account) && !account.skipped);
  const all = report.accounts.length <= readableRows;
  const counted = [
    ...rows(failing, "more with failures", all),
    ...(all ? rows(complete, "", all) : [folded(complete, "complete")]),
  ];
  const total = countsRow("", "Total", report).map((cell) => colours.bold(String(cell)));
  table.push(
    ...counted.map((row) =>
      row.map((cell, column) => (column === failedColumn && cell !== 0 ? colours.red(cell) : cell)),
    ),
    ...(all ? leftOut.map(leftOutRow) : foldedByReason(leftOut)),
    total,
  );
  return table.toString();
}

function rows(accounts: readonly ReportedAccount[], rest: string, all: boolean) {
  const shown = all ? accounts : accounts.slice(0, readableRows);
  const others = accounts.slice(shown.length);
  return [
    ...shown.map((account) => countsRow(account.id, cut(printable(account.name), 32), account)),
    ...(others.length > 0 ? [folded(others, rest)] : []),
  ];
}

function folded(accounts: readonly ReportedAccount[], what: string) {
  const counts = accounts.map((account) => account.counts).reduce(addCounts, noCounts);
  const bytes = accounts.reduce((total, account) => total + account.bytes, 0);
  return countsRow(`${accounts.length} accounts`, what, { counts, bytes });
}

function foldedByReason(accounts: readonly ReportedAccount[]) {
  const reasons = new Map<string, number>();
  for (const { skipped = "" } of accounts) reasons.set(skipped, (reasons.get(skipped) ?? 0) + 1);
  return [...reasons].map(([reason, count]) => [
    `${count} accounts`,
    cut(printable(reason), 32),
    "",
    "",
    "left out",
    "",
    "",
  ]);
}

function leftOutRow({ id, name, skipped = "" }: ReportedAccount) {
  return [id, cut(printable(name), 32), "", "", skipped.split(":", 1)[0] ?? "", "", ""];
}

function countsRow(id: string, name: string, { counts, bytes }: Pick<ReportedAccount, "counts" | "bytes">) {
  return [id, name, counts.exported, counts.empty, counts.skipped, counts.failed, size(bytes)];
}

function causeTable(causes: readonly Cause[]): string {
  const table = new Table({
    head: ["Outcome", "Reason", "Items", "Accounts", "What it means"],
    colAligns: ["left", "left", "right", "right", "left"],
    colWidths: [10, 28, 8, 10, 62],
    wordWrap: true,
    ...compact,
  });
  for (const { outcome, reason, count, accounts, advice } of causes)
    table.push([outcome, printable(reason), count, accounts.length, advice]);
  return table.toString();
}

function isFailing({ counts }: ReportedAccount): boolean {
  return counts.failed > 0;
}

function cut(text: string, longest = 160): string {
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}

function size(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  const power = Math.min(4, Math.floor(Math.log2(bytes) / 10));
  return `${(bytes / 1024 ** power).toFixed(1)} ${["KiB", "MiB", "GiB", "TiB"][power - 1]}`;
}
