import { resolve } from "node:path";
import type { Command } from "commander";
import { type Colors, coloursFor } from "../../terminal/colours";
import { printable } from "../../terminal/printable";
import { exitCodes, exitCodesText } from "../exit-codes";
import {
  type ArchiveOptions,
  day,
  defaultArchive,
  emptyRange,
  openArchive,
  rangeOf,
  withArchiveOptions,
} from "../options";
import { type Finding, findingKinds, harmlessKinds, incompleteKinds } from "./findings";
import { ResumeFile } from "./resume-file";
import { type Verification, verify } from "./verify";

interface VerifyCommandOptions extends ArchiveOptions {
  readonly deep: boolean;
  readonly json: boolean;
  readonly resume?: string;
  readonly expiredBefore?: string;
}

export function verifyCommand(program: Command): void {
  withArchiveOptions(program.command("verify"))
    .description("Recounts the archive against its receipts.")
    .option("--deep", "also read every object through", false)
    .option("--resume <file>", "remember in this file what is found intact, and leave it out when run again")
    .option(
      "--expired-before <day>",
      "lifecycle rules may have deleted the data of days before this one: say so, and take it for intact",
      day,
    )
    .option("--json", "print the findings as JSON", false)
    .addHelpText(
      "after",
      `\nFindings:\n${Object.entries(findingKinds)
        .map(([kind, meaning]) => `  ${kind.padEnd(20)} ${meaning}`)
        .join("\n")}\n${exitCodesText}`,
    )
    .action(async (options: VerifyCommandOptions) => {
      const where =
        options.bucket.length > 0 ? [...options.bucket].sort().join(" ") : resolve(options.archive ?? defaultArchive);
      const buckets = openArchive(options);
      const resume = options.resume === undefined ? undefined : new ResumeFile(options.resume, where);
      const show = process.stderr.isTTY && !options.json;
      const results: Verification[] = [];
      for (const bucket of buckets) {
        results.push(
          await verify(bucket, {
            range: rangeOf(options),
            deep: options.deep,
            ...(options.expiredBefore === undefined ? {} : { expiredBefore: options.expiredBefore }),
            verified: resume?.verified ?? new Set(),
            onDay: (id, intact, done, total) => {
              if (intact) resume?.add(id);
              if (show) process.stderr.write(`\r${bucket.bucket}: ${done} of ${total} account days`);
            },
          }),
        );
        if (show) process.stderr.write("\n");
      }
      const whole = total(results);
      if (whole.accountDays + whole.leftOut === 0) throw emptyRange("nothing was verified");
      const intact = !whole.findings.some(isDamage);
      const complete = !whole.findings.some(isIncomplete);
      process.stdout.write(
        options.json ? `${JSON.stringify({ intact, complete, ...whole })}\n` : text(whole, coloursFor(process.stdout)),
      );
      process.exitCode = intact ? (complete ? exitCodes.complete : exitCodes.incomplete) : exitCodes.altered;
    });
}

function total(results: readonly Verification[]): Verification {
  const sum = (count: (result: Verification) => number) => results.reduce((all, result) => all + count(result), 0);
  return {
    accountDays: sum((result) => result.accountDays),
    leftOut: sum((result) => result.leftOut),
    objects: sum((result) => result.objects),
    bytes: sum((result) => result.bytes),
    findings: results.flatMap((result) => result.findings),
  };
}

function isIncomplete({ kind }: Finding): boolean {
  return incompleteKinds.includes(kind);
}

function isDamage({ kind }: Finding): boolean {
  return !harmlessKinds.includes(kind) && !incompleteKinds.includes(kind);
}

function text({ findings, accountDays, leftOut, objects, bytes }: Verification, colours: Colors): string {
  const lines = findings.map((finding) => {
    const { kind, bucket, account, day, logGroup, detail } = finding;
    const where = [bucket, account, day, logGroup].filter((part) => part !== undefined).join(" ");
    const line = `${kind.padEnd(20)} ${printable(`${where}: ${detail}`)}`;
    return isDamage(finding) ? colours.red(line) : isIncomplete(finding) ? colours.yellow(line) : colours.dim(line);
  });
  const before = leftOut > 0 ? `; ${leftOut} account days more were found intact before, and not looked at again` : "";
  const counted = `${accountDays} account days, ${objects} objects, ${bytes} bytes${before}`;
  const damaged = findings.filter(isDamage).length;
  const open = findings.filter(isIncomplete).length;
  const known = harmlessKinds
    .map((kind) => ({ kind, count: findings.filter((finding) => finding.kind === kind).length }))
    .filter(({ count }) => count > 0)
    .map(({ kind, count }) => `, ${count} ${kind}`)
    .join("");
  const verdict =
    damaged > 0
      ? colours.red(`${damaged} findings, ${open} not archived${known} in ${counted}.`)
      : open > 0
        ? colours.yellow(`Intact, and ${open} not archived${known}: ${counted}.`)
        : colours.green(`Intact${known}: ${counted}.`);
  return `${[...lines, verdict].join("\n")}\n`;
}
