import { appendFileSync, existsSync, readFileSync } from "node:fs";
import type { Command } from "commander";
import { type Colors, coloursFor } from "../../terminal/colours";
import { printable } from "../../terminal/printable";
import { type ArchiveOptions, emptyRange, openArchive, rangeOf, withArchiveOptions } from "../options";
import { type Finding, findingKinds, harmlessKinds } from "./findings";
import { type Verification, verify } from "./verify";

interface VerifyCommandOptions extends ArchiveOptions {
  readonly deep: boolean;
  readonly json: boolean;
  readonly resume?: string;
}

export function verifyCommand(program: Command): void {
  withArchiveOptions(program.command("verify"))
    .description("Recounts the archive against its receipts; exits 1 if anything is wrong.")
    .option("--deep", "also read every object through", false)
    .option("--resume <file>", "remember in this file what is found intact, and leave it out when run again")
    .option("--json", "print the findings as JSON", false)
    .addHelpText(
      "after",
      `\nFindings:\n${Object.entries(findingKinds)
        .map(([kind, meaning]) => `  ${kind.padEnd(20)} ${meaning}`)
        .join("\n")}`,
    )
    .action(async (options: VerifyCommandOptions) => {
      const { resume } = options;
      const verified = new Set(resume && existsSync(resume) ? readFileSync(resume, "utf8").split("\n") : []);
      const show = process.stderr.isTTY && !options.json;
      const results: Verification[] = [];
      for (const bucket of openArchive(options)) {
        results.push(
          await verify(bucket, {
            range: rangeOf(options),
            deep: options.deep,
            verified,
            onDay: (id, intact, done, total) => {
              if (resume && intact) appendFileSync(resume, `${id}\n`);
              if (show) process.stderr.write(`\r${bucket.bucket}: ${done} of ${total} account days`);
            },
          }),
        );
        if (show) process.stderr.write("\n");
      }
      const findings = results.flatMap((result) => result.findings);
      const wrong = findings.filter(({ kind }) => !harmlessKinds.includes(kind));
      const total = (count: (result: Verification) => number) =>
        results.reduce((sum, result) => sum + count(result), 0);
      const accountDays = total((result) => result.accountDays);
      if (accountDays === 0 && verified.size === 0) throw emptyRange("nothing was verified");
      const objects = total((result) => result.objects);
      const bytes = total((result) => result.bytes);
      if (options.json)
        process.stdout.write(
          `${JSON.stringify({ intact: wrong.length === 0, accountDays, objects, bytes, findings })}\n`,
        );
      else
        process.stdout.write(
          text(
            findings,
            wrong.length,
            `${accountDays} account days, ${objects} objects, ${bytes} bytes`,
            coloursFor(process.stdout),
          ),
        );
      process.exitCode = wrong.length === 0 ? 0 : 1;
    });
}

function text(findings: readonly Finding[], wrong: number, counted: string, colours: Colors): string {
  const lines = findings.map(({ kind, bucket, account, day, logGroup, detail }) => {
    const where = `${bucket} ${account} ${day}${logGroup === undefined ? "" : ` ${printable(logGroup)}`}`;
    const line = `${kind.padEnd(20)} ${where}: ${printable(detail)}`;
    return harmlessKinds.includes(kind) ? colours.dim(line) : colours.red(line);
  });
  const verdict = wrong === 0 ? colours.green(`Intact: ${counted}.`) : colours.red(`${wrong} findings in ${counted}.`);
  return `${[...lines, verdict].join("\n")}\n`;
}
