import { writeFileSync } from "node:fs";
import type { Command } from "commander";
import { accountNames, regionOf, standingCoverage } from "../../../handlers/archive/standing";
import { coloursFor } from "../../terminal/colours";
import { type ArchiveOptions, emptyRange, openArchive, rangeOf, withArchiveOptions } from "../options";
import { type Cell, type CoverageCalendar, cellsOf, daysDue, makeCalendar } from "./calendar";
import { renderPage } from "./page";
import { renderTerminal } from "./terminal";

interface CoverageOptions extends ArchiveOptions {
  readonly json: boolean;
  readonly html?: string;
}

export function coverageCommand(program: Command, now: () => number): void {
  withArchiveOptions(program.command("coverage"))
    .description("Shows account by day whether the archive is complete, and what is missing where and why.")
    .option("--json", "print the calendar as JSON", false)
    .option("--html <file>", "write the calendar as one self-contained page")
    .addHelpText(
      "after",
      "\nExamples:\n  org-log-archive coverage\n  org-log-archive coverage --from 2026-11-01 --to 2026-11-30 --html coverage.html\n  org-log-archive coverage --bucket org-log-archive-444455556666-eu-central-1 --json",
    )
    .action(async (options: CoverageOptions) => {
      const calendar = await readCalendar(options, now());
      if (options.html) {
        writeFileSync(options.html, renderPage(calendar, new Date(now()).toISOString()));
        process.stderr.write(`Wrote ${options.html}\n`);
      }
      if (options.json) process.stdout.write(`${JSON.stringify(calendar)}\n`);
      else if (!options.html) process.stdout.write(renderTerminal(calendar, coloursFor(process.stdout)));
    });
}

async function readCalendar(options: ArchiveOptions, now: number): Promise<CoverageCalendar> {
  const range = rangeOf(options);
  const buckets = openArchive(options);
  const cells: Cell[] = [];
  for (const bucket of buckets)
    for await (const lines of standingCoverage(bucket, range)) cells.push(...cellsOf(lines));
  const names = await Promise.all(buckets.map((bucket) => accountNames(bucket)));
  const wanted = [...names.flatMap((ofBucket) => [...ofBucket])].filter(
    ([id]) => !range.accounts || range.accounts.includes(id),
  );
  if (cells.length === 0) throw emptyRange("there is no coverage to show");
  const regions = buckets.flatMap(({ bucket }) => regionOf(bucket) ?? []);
  return makeCalendar(cells, new Map(wanted), { regions, ...daysDue(range, now) });
}
