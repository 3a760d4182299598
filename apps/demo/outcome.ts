import { relative } from "node:path";
import Table from "cli-table3";
import pc from "picocolors";
import type { ArchiveCheck } from "./check";
import type { LogFilesResult } from "./log-files";
import { compact, renderReports } from "./report-view";
import type { SampleAnswer } from "./sample-query";
import type { SimulatedRun } from "./simulation";

/** All that `npm start` has to say at its end. */
export interface Outcome {
  /** Where the archive lies. */
  readonly directory: string;
  readonly runs: readonly SimulatedRun[];
  readonly check: ArchiveCheck;
  readonly answer: SampleAnswer;
  readonly logFiles?: LogFilesResult["summary"];
}

/** Whether every run ended well and the archive holds what it should. */
export function succeeded({ runs, check }: Outcome): boolean {
  return runs.every(({ execution }) => execution.status === "SUCCEEDED") && check.problems.length === 0;
}

export function toJson(outcome: Outcome): string {
  const runs = outcome.runs.map(({ region, execution, report }) => ({
    region,
    runId: execution.name,
    status: execution.status,
    ...(execution.error ? { error: execution.error, cause: execution.cause } : {}),
    historyEvents: execution.historyEvents,
    report,
  }));
  return `${JSON.stringify({ ...outcome, succeeded: succeeded(outcome), runs }, null, 2)}\n`;
}

export function toText(outcome: Outcome): string {
  const { runs, check, answer, directory, logFiles } = outcome;
  const place = relative(process.cwd(), directory) || ".";
  const died = runs.filter(({ report }) => !report);
  return [
    ...(logFiles ? [logFilesText(logFiles)] : []),
    renderReports(runs.flatMap(({ report }) => (report ? [report] : []))),
    ...died.map(({ region, execution }) => pc.red(`${region}: the run died: ${execution.error} ${execution.cause}\n`)),
    checkText(check),
    `The archive lies in ${place}/s3, the reports in runs/<run id>/report.json of each bucket.\n`,
    `${pc.bold(answer.question)}\n${pc.dim(answer.sql)}\n${answerTable(answer)}\n`,
  ].join("\n");
}

function checkText({ itemsWithData, eventsWithData, receipts, skipped, problems }: ArchiveCheck): string {
  const held = `${itemsWithData} log group days hold data, ${eventsWithData} events in all; ${receipts} receipts`;
  const left = skipped.length > 0 ? `\nNot archived, and why:\n${skipped.map((item) => `  ${item}`).join("\n")}` : "";
  if (problems.length === 0)
    return `${pc.green("✔")} ${held}: every line of the source is archived once, and no other.${left}\n`;
  return `${pc.red("✘")} ${held}.\n${problems.map((problem) => pc.red(`  ${problem}`)).join("\n")}${left}\n`;
}

function logFilesText({ files, lines, events, skipped, notes }: LogFilesResult["summary"]): string {
  const named = [
    ...skipped.map(({ path, reason }) => `  not read: ${path}: ${reason}`),
    ...notes.map(({ path, note }) => `  ${path}: ${note}`),
  ];
  return [`Log files: ${files} files, ${lines} lines, ${events} events went in.`, ...named, ""].join("\n");
}

function answerTable({ columns, rows }: SampleAnswer): string {
  const table = new Table({ head: [...columns], chars: compact, style: { head: [], border: [] } });
  for (const row of rows) table.push(row.map((cell) => String(cell)));
  return table.toString();
}
