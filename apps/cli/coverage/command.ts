import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { type Command, InvalidArgumentError } from "commander";
import { daysDue } from "../../../handlers/archive/due";
import type { UnreadableRecord } from "../../../handlers/archive/serialization";
import { type ReasonCode, reasonCode, reasons } from "../../../handlers/contract/reasons";
import { tool } from "../../../handlers/contract/tool";
import { coloursFor } from "../../terminal/colours";
import { fold } from "../../terminal/fold";
import { printable } from "../../terminal/printable";
import { exitCodesText } from "../exit-codes";
import { helpText } from "../help-text";
import {
  type ArchiveOptions,
  archivePlace,
  isLive,
  openArchive,
  rangeOf,
  single,
  withArchiveOptions,
} from "../options";
import { plainWidth, show } from "../output";
import { Progress } from "../progress";
import { NoFolder, writeNamed } from "../written";
import { lostNextOf } from "./lost-next";
import { renderPage } from "./page";
import { pageFacts } from "./page-facts";
import { readCalendar } from "./read-calendar";
import { renderReason, renderTerminal } from "./terminal";
import { ofReason, verdictOf } from "./verdict";

interface CoverageOptions extends ArchiveOptions {
  readonly json: boolean;
  readonly html?: string;
  readonly logGroup?: string;
  readonly reason?: ReasonCode;
}

export function coverageCommand(command: Command, now: () => number): void {
  withArchiveOptions(command)
    .option("--log-group <name>", "only this log group, in the accounts that have it", single)
    .optionsGroup("What it shows:")
    .option("--reason <code>", "only what is so for this reason, all of it; the exit code is of it alone", knownReason)
    .option("--json", "print the calendar as JSON", false)
    .option("--html <file>", "write the calendar as one self-contained page", single)
    .addHelpText(
      "after",
      helpText(`
In a bucket, without --to, days since the newest run are missing from when the
next scheduled run should have begun. A folder is a copy: its newest run is
where it ends. A known exception is shown, and is no failure.

Examples:
  ${tool} coverage
  ${tool} coverage --from 2026-11-01 --html coverage.html
  ${tool} coverage --reason role-not-assumable
  ${tool} coverage --json \\
    --bucket org-log-archive-444455556666-eu-central-1
${exitCodesText}`),
    )
    .action(async (options: CoverageOptions) => {
      const { logGroup, reason } = options;
      if (options.html !== undefined) checkWritable(options.html);
      const progress = new Progress(process.stderr, options.json);
      const damaged: UnreadableRecord[] = [];
      const buckets = await openArchive(options);
      const range = await rangeOf(options, buckets);
      const calendar = await readCalendar(
        buckets,
        range,
        { asked: daysDue(range, now()), ...(isLive(options) ? { now: now() } : {}) },
        (error) => damaged.push(error),
        { ...(logGroup === undefined ? {} : { logGroup }), ...(reason === undefined ? {} : { reason }) },
        (text) => progress.show(text),
      );
      progress.end();
      if (options.html !== undefined) {
        const facts = await pageFacts(buckets, archivePlace(options), now());
        const unreadable = damaged.map(({ message }) => message);
        const about = logGroup === undefined ? {} : { logGroup };
        writeNamed(options.html, renderPage(calendar, { ...facts, ...about, unreadable }));
        const verdict = fold(verdictOf(calendar, damaged.length).text, process.stderr.columns ?? plainWidth);
        process.stderr.write(`Wrote ${printable(options.html)}\n${verdict.join("\n")}\n`);
      }
      if (options.json) process.stdout.write(`${JSON.stringify({ ...calendar, lostNext: lostNextOf(calendar) })}\n`);
      else if (reason !== undefined || options.html === undefined) {
        const [width, colours] = [process.stdout.columns ?? plainWidth, coloursFor(process.stdout)];
        await show(
          reason === undefined
            ? renderTerminal(calendar, width, colours)
            : renderReason(calendar, reason, width, colours),
        );
      }
      for (const { message } of damaged) process.stderr.write(`unreadable-record: ${printable(message)}\n`);
      process.exitCode = verdictOf(
        reason === undefined ? calendar : ofReason(calendar, reason),
        damaged.length,
      ).exitCode;
    });
}

/** A reason's code; a whole reason with its details is taken for it, too. */
function knownReason(text: string, other: string | undefined): ReasonCode {
  const code = reasonCode(single(text, other));
  if (code !== undefined) return code;
  throw new InvalidArgumentError(`There is no such reason. There are: ${Object.keys(reasons).sort().join(", ")}.`);
}

/** Before the archive is read: it may take minutes. */
function checkWritable(file: string): void {
  if (!existsSync(dirname(file))) throw new NoFolder(file);
}
