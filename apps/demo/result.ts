import { relative } from "node:path";
import Table from "cli-table3";
import { verdictOf, verificationText } from "../cli/verify/text";
import type { Colors } from "../terminal/colours";
import { printable, printableJson } from "../terminal/printable";
import { compact } from "../terminal/table";
import type { ArchiveCheck } from "./check";
import type { FaultCheck } from "./faults";
import type { LogFilesResult } from "./log-files";
import { nextCommands, type Subject } from "./next-commands";
import { renderReports } from "./report-view";
import type { SampleAnswer } from "./sample-query";
import type { SimulatedRun } from "./simulation";
import type { DemoVerification } from "./verification";

/** All that `npm start` has to say at its end. */
export interface DemoResult {
  /** Where the archive lies. */
  readonly directory: string;
  readonly runs: readonly SimulatedRun[];
  readonly check: ArchiveCheck;
  /** What a person may look at next. */
  readonly subject: Subject;
  /** Absent where no run has signed anything. */
  readonly verification?: DemoVerification;
  /** Absent where the archive is not as it should be. */
  readonly answer?: SampleAnswer;
  /** What became of the faults that were planted. */
  readonly faults?: readonly FaultCheck[];
  readonly logFiles?: LogFilesResult["summary"];
}

/** Whether every run ended well, the archive holds what it should, and `verify` finds it intact. */
export function succeeded(result: DemoResult): boolean {
  const { runs, check } = result;
  const ended = runs.every(({ execution }) => execution.status === "SUCCEEDED");
  return ended && check.problems.length === 0 && isIntact(result);
}

/** Nothing is proven where nothing is signed: then no run ended well. */
function isIntact({ verification }: DemoResult): boolean {
  return verification !== undefined && verdictOf(verification.result).intact === true;
}

/** 0: all is archived. 1: something failed, and the report names it. 2: the archive, or a planted fault, is not as it should be. */
export function exitCode(result: DemoResult): number {
  const { check, verification, faults = [] } = result;
  if (check.problems.length > 0 || (verification && !isIntact(result)) || faults.some(({ asExpected }) => !asExpected))
    return 2;
  return succeeded(result) ? 0 : 1;
}

export function resultJson(result: DemoResult): string {
  const runs = result.runs.map(({ region, execution, report }) => ({
    region,
    runId: execution.name,
    status: execution.status,
    ...(execution.error ? { error: execution.error, cause: execution.cause } : {}),
    historyEvents: execution.historyEvents,
    report,
  }));
  return `${printableJson({ ...result, succeeded: succeeded(result), runs })}\n`;
}

export function resultText(result: DemoResult, colours: Colors): string {
  const { runs, check, verification, answer, directory, logFiles, faults } = result;
  const folder = relative(process.cwd(), directory) || ".";
  const died = runs.filter(({ report }) => !report);
  return [
    ...(logFiles ? [logFilesText(logFiles)] : []),
    renderReports(
      runs.flatMap(({ report }) => (report ? [report] : [])),
      colours,
    ),
    ...died.map(({ region, execution }) =>
      colours.red(`${region}: the run died: ${printable(`${execution.error} ${execution.cause}`)}\n`),
    ),
    checkText(check, colours),
    `The archive lies in ${folder}/s3, the reports in runs/<run id>/report.json of each bucket.\n`,
    ...(verification ? [verificationOf(verification, colours)] : []),
    ...(answer ? [`${colours.bold(answer.question)}\n${colours.dim(answer.sql)}\n${answerTable(answer)}\n`] : []),
    ...(faults ? [faultsText(faults, colours)] : []),
    [colours.bold("Try next"), ...nextCommands(result, folder).map((command) => `  ${printable(command)}`), ""].join(
      "\n",
    ),
  ].join("\n");
}

function verificationOf({ keyFiles, heads, result }: DemoVerification, colours: Colors): string {
  const given = [
    ...keyFiles.map((file) => `--public-key ${relative(process.cwd(), file)}`),
    ...heads.map((head) => `--head ${head}`),
  ];
  const command = ["npx org-log-archive verify --deep", ...given].join(" \\\n  ");
  return [
    colours.bold(
      "Was anything changed, removed or added since? With the public keys, and the heads that the runs told:",
    ),
    colours.dim(command),
    verificationText(result, process.stdout.columns ?? 80, colours),
  ].join("\n");
}

function checkText(check: ArchiveCheck, colours: Colors): string {
  const { itemsWithData, eventsWithData, sharedEvents, outside, receipts, skipped, failed, partlyExpired, problems } =
    check;
  const held = `${itemsWithData} log group days hold data, ${eventsWithData} events in all; ${receipts} receipts`;
  const shared = sharedEvents > 0 ? ` (those of a midnight with both its days: ${sharedEvents})` : "";
  const besides =
    outside.length > 0
      ? `\nLog group days besides, of days or accounts that no run was about: ${outside.length} (see --json).`
      : "";
  const left =
    grouped(
      "Archived as far as retention had left it",
      partlyExpired.map((item) => `${item}: partly-expired`),
    ) +
    grouped("Not archived, and nothing can change that", skipped) +
    grouped("Not archived yet: the next run tries again", failed) +
    besides;
  if (problems.length > 0)
    return `${colours.red("✘")} ${held}.\n${listed(problems)
      .map((line) => colours.red(line))
      .join("\n")}${left}\n`;
  const whole =
    failed.length + skipped.length + partlyExpired.length > 0
      ? "what has a receipt is archived line by line, and what has none is named"
      : `every line of the source is archived once${shared}, and no other`;
  return `${colours.green("✔")} ${held}: ${whole}.${left}\n`;
}

/** Items by their reasons' codes: three hundred of them for one reason are one line. */
function grouped(title: string, items: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const item of items) {
    const code = item.split(": ")[1] ?? item;
    counts.set(code, (counts.get(code) ?? 0) + 1);
  }
  const lines = [...counts].map(([code, count]) => `  ${count} for ${printable(code)}`);
  return items.length > 0 ? `\n${title}:\n${lines.join("\n")}` : "";
}

function logFilesText(summary: LogFilesResult["summary"]): string {
  const { files, lines, events, linesWithoutTime, linesWithoutZone, skipped, notes } = summary;
  const assumed = [
    ...(linesWithoutTime > 0 ? [`Lines without a time of their own: ${linesWithoutTime}.`] : []),
    ...(linesWithoutZone > 0 ? [`Times without a zone, read as UTC: ${linesWithoutZone}.`] : []),
  ];
  const named = listed([
    ...skipped.map(({ path, reason }) => `not read: ${path}: ${reason}`),
    ...notes.map(({ path, note }) => `${path}: ${note}`),
  ]);
  const read = [`Log files: ${files} files, ${lines} lines, ${events} events went in.`, ...assumed].join(" ");
  return [read, ...named, ""].join("\n");
}

function listed(texts: readonly string[]): string[] {
  const longest = 30;
  const shown = texts.slice(0, longest).map((text) => `  ${printable(text)}`);
  return texts.length > longest ? [...shown, `  and ${texts.length - longest} more: see --json`] : shown;
}

function faultsText(faults: readonly FaultCheck[], colours: Colors): string {
  const rows = faults.map(({ what, account, name, regions, logGroup, expected, asExpected, found }) => {
    const where = [name || account, regions.join(" and "), logGroup].filter(Boolean).join(", ");
    const end = [expected.outcome, expected.reason].filter(Boolean).join(": ");
    const instead = asExpected ? "" : colours.red(`\n      instead: ${printable(found.join("; ") || "nothing")}`);
    return `  ${asExpected ? colours.green("✔") : colours.red("✘")} ${what} (${where}): ${end}${instead}`;
  });
  const next = "Cure the failed ones and run again: `npm start -- --keep` runs over this archive without the faults.";
  return [colours.bold("The planted faults, and how each has ended"), ...rows, "", next, ""].join("\n");
}

function answerTable({ columns, rows }: SampleAnswer): string {
  if (rows.length === 0) return "no rows";
  const table = new Table({ ...compact, head: [...columns] });
  for (const row of rows) table.push(row.map((cell) => printable(String(cell))));
  return table.toString();
}
