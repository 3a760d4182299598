import { relative } from "node:path";
import { askedColumns } from "../cli/query/columns";
import { renderReports } from "../cli/status/report-text";
import { verdictLines, verdictOf, verificationText } from "../cli/verify/text";
import { count } from "../terminal/amounts";
import type { Colors } from "../terminal/colours";
import { fold, labelled } from "../terminal/fold";
import { printable, printableJson } from "../terminal/printable";
import { table } from "../terminal/table";
import { isDamage } from "../verify/findings";
import type { ArchiveCheck } from "./check";
import type { FaultCheck } from "./faults";
import type { LogFilesResult } from "./log-files";
import { archiveCommand, nextCommands, onLines, type Subject, verifyCommand } from "./next-commands";
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

/** @param width columns of the terminal */
export function resultText(result: DemoResult, width: number, colours: Colors): string {
  const { runs, check, verification, answer, directory, logFiles, faults } = result;
  const folder = relative(process.cwd(), directory) || ".";
  const died = runs.filter(({ report }) => !report);
  return [
    ...(logFiles ? [logFilesText(logFiles, width)] : []),
    renderReports(
      runs.flatMap(({ report }) => (report ? [report] : [])),
      width,
      colours,
      (words) => archiveCommand(words, folder),
    ),
    ...died.map(({ region, execution }) =>
      colours.red(`${region}: the run died: ${printable(`${execution.error} ${execution.cause}`)}\n`),
    ),
    checkText(check, died.length > 0, width, colours),
    ...(verification ? [verificationOf(verification, folder, width, colours)] : []),
    // What failed is what a person looks at first: a question can wait.
    ...(answer && !faults
      ? [`${colours.bold(answer.question)}\n${colours.dim(answer.sql)}\n${answerTable(answer, width)}\n`]
      : []),
    ...(faults ? [faultsText(faults, width, colours)] : []),
    [
      colours.bold(isDamaged(verification) ? "Try next, to bring it back as docs/damage.md says" : "Try next"),
      ...nextCommands(result, folder).map((command) => `  ${onLines(printable(command), width - 4)}`),
      "",
    ].join("\n"),
  ].join("\n");
}

function isDamaged(verification?: Pick<DemoVerification, "result">): boolean {
  return verification?.result.findings.some(isDamage) ?? false;
}

function verificationOf(verification: DemoVerification, folder: string, width: number, colours: Colors): string {
  const { result } = verification;
  return [
    colours.bold("Was anything changed, removed or added since?"),
    colours.dim(verifyCommand(verification, folder).join(" \\\n  ")),
    ...(isDamaged(verification)
      ? [verificationText(result, width, colours)]
      : [...verdictLines(result, width, colours), ""]),
  ].join("\n");
}

function checkText(check: ArchiveCheck, hasDied: boolean, width: number, colours: Colors): string {
  const { itemsWithData, eventsWithData, sharedEvents, outside, receipts, skipped, failed, partlyExpired, problems } =
    check;
  const held = `${count(itemsWithData, "log group day")} hold data, ${count(eventsWithData, "event")} in all; ${count(receipts, "receipt")}`;
  const shared = sharedEvents > 0 ? ` (those of a midnight with both its days: ${sharedEvents})` : "";
  const why = hasDied
    ? "in accounts, Regions and days of which no run has a report"
    : "that no run was to archive: other days, or accounts that are left out. Nothing is missing";
  const besides =
    outside.length > 0
      ? ` The source has ${count(outside.length, "more log group day")} ${why} (--json names them).`
      : "";
  const left =
    grouped(
      "Archived as far as retention had left it",
      partlyExpired.map((item) => `${item}: partly-expired`),
    ) +
    grouped("Not archived, and nothing can change that", skipped) +
    (failed.length > 0 ? ` Not archived yet, for the reasons above: ${failed.length}.` : "") +
    besides;
  if (problems.length > 0)
    return `${colours.red("✘")}${labelled("✘ ", `${held}.`, width).slice(1)}\n${listed(problems, width)
      .map((line) => colours.red(line))
      .join("\n")}\n${left === "" ? "" : `${labelled("  ", left.trim(), width)}\n`}`;
  const whole =
    failed.length + skipped.length + partlyExpired.length > 0
      ? "what has a receipt is archived line by line, and what has none is named"
      : `every line of the source is archived once${shared}, and no other`;
  return `${colours.green("✔")}${labelled("✔ ", `${held}: ${whole}.${left}`, width).slice(1)}\n`;
}

/** Items by their reasons' codes: three hundred of them for one reason are one line. */
function grouped(title: string, items: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const item of items) {
    const code = item.split(": ")[1] ?? item;
    counts.set(code, (counts.get(code) ?? 0) + 1);
  }
  const parts = [...counts].map(([code, number]) => `${printable(code)} ${number}`);
  return items.length > 0 ? ` ${title}: ${parts.join(", ")}.` : "";
}

function logFilesText(summary: LogFilesResult["summary"], width: number): string {
  const { files, lines, events, linesWithoutTime, linesWithoutZone, skipped, notes } = summary;
  const assumed = [
    ...(linesWithoutTime > 0 ? [`Lines without a time of their own: ${linesWithoutTime.toLocaleString("en")}.`] : []),
    ...(linesWithoutZone > 0 ? [`Times without a zone, read as UTC: ${linesWithoutZone.toLocaleString("en")}.`] : []),
  ];
  const named = listed(
    [
      ...skipped.map(({ path, reason }) => `not read: ${path}: ${reason}`),
      ...notes.map(({ path, note }) => `${path}: ${note}`),
    ],
    width,
  );
  const read = [
    `Log files: ${count(files, "file")}, ${count(lines, "line")}, ${count(events, "event")} went in.`,
    ...assumed,
  ].join(" ");
  return [...fold(read, width), ...named, ""].join("\n");
}

function listed(texts: readonly string[], width: number): string[] {
  const longest = 30;
  const shown = texts.slice(0, longest).map((text) => labelled("  ", printable(text), width));
  return texts.length > longest ? [...shown, `  and ${texts.length - longest} more: see --json`] : shown;
}

/** Those that have not ended as the table of faults says; the rest are counted. */
function faultsText(faults: readonly FaultCheck[], width: number, colours: Colors): string {
  const wrong = faults.filter(({ asExpected }) => !asExpected);
  const rows = wrong.map(({ what, account, name, regions, logGroup, expected, found }) => {
    const where = [name || account, regions.join(" and "), logGroup].filter(Boolean).join(", ");
    const end = [expected.outcome, expected.reason].filter(Boolean).join(": ");
    const instead = `instead of ${end}: ${printable(found.join("; ") || "nothing")}`;
    return colours.red(labelled("✘ ", `${what} (${where}), ${instead}`, width));
  });
  const ended = `Planted faults: ${faults.length - wrong.length} of ${faults.length} have ended as they should.`;
  const next =
    "docs/trying-it.md names them, --json how each has ended. `npm start -- --keep` runs again without them.";
  return [...rows, fold(`${ended} ${next}`, width).join("\n"), ""].join("\n");
}

function answerTable({ columns, rows }: SampleAnswer, width: number): string {
  if (rows.length === 0) return "no rows";
  return table(
    askedColumns(columns),
    rows.map((row) => row.map((cell) => printable(String(cell ?? "")))),
    width,
  );
}
