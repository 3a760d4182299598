import type { Command } from "commander";
import logUpdate from "log-update";
import { accountListKey, runsRoot } from "../../../handlers/archive/layout";
import type { Report } from "../../../handlers/archive/records";
import type { ArchiveReader } from "../../../handlers/archive/store";
import { tool } from "../../../handlers/contract/tool";
import { coloursFor } from "../../terminal/colours";
import { type NextCommand, nextCommand } from "../../terminal/next-command";
import { printable, printableJson } from "../../terminal/printable";
import { lostNextLines } from "../coverage/lost-next-text";
import { UsageError } from "../errors";
import { exitCodes } from "../exit-codes";
import { isLive, type LocationOptions, openArchive, similarNames, withLocationOptions } from "../options";
import { show as page, plainWidth, write } from "../output";
import { Progress, watched } from "../progress";
import { lostAfterRuns } from "./lost-after-runs";
import { type RegionStatus, readStatus } from "./region-status";
import { renderReports } from "./report-text";
import { isRunId, readReport, runsInOrder } from "./run-state";
import { statusText } from "./text";

interface StatusOptions extends LocationOptions {
  readonly follow: boolean;
  readonly report: boolean;
  readonly json: boolean;
}

/** Between two looks at a run that is followed. */
const followMs = 15_000;

export function statusCommand(command: Command, now: () => number, sleep: (ms: number) => Promise<void>): void {
  withLocationOptions(command)
    .argument("[run-id]", "a run, instead of each Region's newest")
    .optionsGroup("What it shows:")
    .option("--follow", "look again until the runs have ended: in place, or in plain lines in a pipe", false)
    .option("--report", "show the ended run's report: what failed, and what to do about each cause", false)
    .option("--json", "print it as JSON, a line for each look", false)
    .addHelpText(
      "after",
      `
By a run's own records, which its steps write every few minutes: accounts done,
running and failed, what each running account did last, and when all may be
done. Besides, the oldest item that is open; what CloudWatch Logs deletes next;
of a bucket, a scheduled run that has not begun; the newest digest, to be kept.

Examples:
  ${tool} status
  ${tool} status --report
  ${tool} status --follow --bucket \\
    org-log-archive-444455556666-eu-central-1

Exit codes: 0 nothing failed so far but known exceptions; 1 something failed or
is open, a run has not begun, or one whose time is over has no report; 2 damaged
records, or a signed digest is lost; 3 wrong use, or no access to the archive.`,
    )
    .action(async (runId: string | undefined, options: StatusOptions) => {
      if (runId !== undefined && !isRunId(runId))
        throw new UsageError(`${runId} is no run id: 1 to 80 letters, digits, hyphens or underscores.`);
      if (options.report && options.follow)
        throw new UsageError("--report is of a run that has ended: it does not go with --follow.");
      const buckets = await openArchive(options);
      if (options.report) return showReports(buckets, runId, options);
      for (let before: readonly RegionStatus[] = []; ; ) {
        const regions: RegionStatus[] = [];
        // What is shown already is not disturbed by how the next look goes on.
        const progress = new Progress(process.stderr, options.json || before.length > 0);
        for (const [index, bucket] of buckets.entries())
          regions.push(
            await readStatus(watched(bucket, progress), runId, now(), {
              isLive: isLive(options),
              before: before[index],
            }),
          );
        progress.end();
        if (runId !== undefined && regions.every(({ run }) => run === undefined))
          throw await unknownRun(runId, buckets, nextCommand(options));
        await show(regions, options);
        process.exitCode = exitCodeOf(regions);
        if (!options.follow || !regions.some(({ run }) => run?.status === "running")) return;
        before = regions;
        await sleep(followMs);
      }
    });
}

async function show(regions: readonly RegionStatus[], options: StatusOptions): Promise<void> {
  const { follow, json } = options;
  if (json) return write(process.stdout, `${follow ? JSON.stringify({ regions }) : printableJson({ regions })}\n`);
  const width = process.stdout.columns ?? plainWidth;
  const next = nextCommand(options);
  const text = regions.map((region) => statusText(region, width, coloursFor(process.stdout), next)).join("\n");
  if (follow && process.stdout.isTTY) logUpdate(text.trimEnd());
  else if (follow) await write(process.stdout, text);
  else await page(text);
}

/** The newest run's report in each Region, or that of a run. */
async function showReports(
  buckets: readonly ArchiveReader[],
  runId: string | undefined,
  options: StatusOptions,
): Promise<void> {
  const ended: { readonly bucket: ArchiveReader; readonly report: Report }[] = [];
  const next = nextCommand(options);
  for (const bucket of buckets) {
    const asked = runId ?? (await runsInOrder(bucket)).at(-1);
    const report = asked === undefined ? undefined : await readReport(bucket, asked);
    if (report) ended.push({ bucket, report });
    else if (runId === undefined)
      process.stderr.write(`${printable(bucket.bucket)}: ${asked ? `run ${asked} has no report` : "no run"} yet.\n`);
  }
  const reports = ended.map(({ report }) => report);
  if (reports.length === 0 && runId !== undefined && !(await isRun(runId, buckets)))
    throw await unknownRun(runId, buckets, next);
  if (reports.length === 0)
    throw new UsageError(
      `There is no report${runId ? ` of run ${runId}` : ""}. \`${next(["status", ...(runId ? [runId] : [])].join(" "))}\` shows how far a run is.`,
    );
  const { lostNext, wholeAccounts } = await lostAfterRuns(ended);
  if (options.json) await write(process.stdout, `${printableJson({ reports, lostNext })}\n`);
  else {
    const width = process.stdout.columns ?? plainWidth;
    const regions = reports.map(({ region }) => `--region ${region}`);
    const command = (words: string) => next(words.startsWith("run ") ? [words, ...regions].join(" ") : words);
    const colours = coloursFor(process.stdout);
    const lost = lostNextLines(lostNext, wholeAccounts, width, colours).map((line) => `${line}\n`);
    await page(`${renderReports(reports, width, colours, command)}${lost.length > 0 ? "\n" : ""}${lost.join("")}`);
  }
  process.exitCode = reports.every(({ status }) => status === "complete") ? exitCodes.complete : exitCodes.incomplete;
}

function exitCodeOf(regions: readonly RegionStatus[]): number {
  if (regions.some(({ run, lost }) => lost.length > 0 || (run?.unreadable.length ?? 0) > 0)) return exitCodes.altered;
  const isOpen = regions.some(
    ({ run, oldest, missed }) =>
      oldest !== undefined ||
      missed !== undefined ||
      run?.status === "incomplete" ||
      run?.status === "no-report" ||
      (run?.accounts.failed ?? 0) > 0,
  );
  return isOpen ? exitCodes.incomplete : exitCodes.complete;
}

async function isRun(runId: string, buckets: readonly ArchiveReader[]): Promise<boolean> {
  const lists = await Promise.all(buckets.map((bucket) => bucket.read(accountListKey(runId))));
  return lists.some((list) => list !== undefined);
}

async function unknownRun(runId: string, buckets: readonly ArchiveReader[], next: NextCommand): Promise<UsageError> {
  const runs = await Promise.all(buckets.map((bucket) => bucket.entries(runsRoot)));
  const similar = similarNames(runId, new Set(runs.flatMap(({ folders }) => folders)));
  const offered = similar.length > 0 ? ` There are: ${similar.join(", ")}.` : "";
  return new UsageError(`The archive has no run ${runId}.${offered} \`${next("status")}\` shows the newest.`);
}
