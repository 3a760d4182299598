import type { Command } from "commander";
import { daysDue } from "../../../handlers/archive/due";
import { tool } from "../../../handlers/contract/tool";
import { coloursFor } from "../../terminal/colours";
import { nextCommand } from "../../terminal/next-command";
import { printable } from "../../terminal/printable";
import { renderPage } from "../coverage/page";
import { pageFacts } from "../coverage/page-facts";
import { readCalendar } from "../coverage/read-calendar";
import { UsageError } from "../errors";
import { exitCodes, exitCodesText } from "../exit-codes";
import { helpText } from "../help-text";
import { type ArchiveOptions, archivePlace, openArchive, rangeOf, single, withArchiveOptions } from "../options";
import { plainWidth, show } from "../output";
import { Progress } from "../progress";
import { type ProofOptions, readHead, readKeys, withProofOptions } from "../verify/keys-and-heads";
import { verdictLines, verdictOf } from "../verify/text";
import { drawn, totals, verifyArchive } from "../verify/verify-archive";
import { toolVersion } from "../version";
import { EvidenceFolder } from "./folder";
import { guideText } from "./guide";
import { signedRecords } from "./signed-records";

interface EvidenceOptions extends ArchiveOptions, ProofOptions {
  readonly out: string;
  readonly deep: boolean;
}

/** What a reviewer takes home: readable without this project, checkable with `openssl` and `sha256sum` alone. */
export function evidenceCommand(command: Command, now: () => number): void {
  withProofOptions(withArchiveOptions(command))
    .optionsGroup("What it does:")
    .requiredOption("--out <folder>", "a new or empty folder to write into", single)
    .option("--deep", "also read and hash every object of the period", false)
    .addHelpText(
      "after",
      helpText(`
Example:
  ${tool} evidence --out evidence \\
    --from 2026-11-01 --to 2026-11-30 \\
    --public-key eu-central-1.pem --head head.json
${exitCodesText}`),
    )
    .action(async (options: EvidenceOptions) => {
      if (options.publicKey.length === 0)
        throw new UsageError(
          `--public-key is missing: evidence without it proves nothing. To fetch it: ${nextCommand(options)("public-key --out key.pem")}`,
        );
      const folder = new EvidenceFolder(options.out);
      // However this ends, also by Ctrl-C: the folder is whole, or not there.
      process.once("exit", () => folder.discard());
      const buckets = await openArchive(options);
      const range = await rangeOf(options, buckets);
      const due = { asked: daysDue(range, now()) };
      const keys = options.publicKey.flatMap(readKeys);
      const heads = options.head.map(readHead);
      for (const file of new Set(options.publicKey)) folder.copyKey(file);
      const progress = new Progress(process.stderr);
      const say = (text: string) => {
        progress.end();
        process.stderr.write(`${text}\n`);
      };
      say("Reading coverage ...");
      const unreadable: string[] = [];
      const calendar = await readCalendar(
        buckets,
        range,
        due,
        ({ message }) => {
          unreadable.push(message);
          say(`unreadable-record: ${printable(message)}`);
        },
        {},
        (text) => progress.show(text),
      );
      const at = new Date(now()).toISOString();
      folder.write(
        "coverage.html",
        renderPage(calendar, { ...(await pageFacts(buckets, archivePlace(options), now())), unreadable }),
      );
      folder.write("coverage.json", `${JSON.stringify(calendar)}\n`);
      say("Copying digests and seals ...");
      for (const bucket of buckets)
        for await (const { key, bytes } of signedRecords(bucket, range)) folder.write(`${bucket.bucket}/${key}`, bytes);
      say("Verifying ...");
      const result = await verifyArchive(
        archivePlace(options),
        buckets,
        { range, due, keys, heads, deep: options.deep, verified: new Set() },
        drawn(progress),
      );
      progress.end();
      const verdict = verdictOf(result);
      const checked = { toolVersion, checkedAt: at, range, ...verdict, ...totals(result), ...result };
      folder.write("verification.json", `${JSON.stringify(checked, null, 2)}\n`);
      folder.write(
        "README.md",
        guideText({ at, toolVersion, range, result, verdict, keys: folder.keyFiles(), calendar }),
      );
      const sums = folder.seal();
      const lines = [
        `Wrote ${printable(options.out)}: ${folder.count} files. Begin with its README.md.`,
        "SHA-256 of its SHA256SUMS, to be kept apart from it:",
        `  ${sums}`,
        ...verdictLines(result, process.stdout.columns ?? plainWidth, coloursFor(process.stdout)),
      ];
      await show(`${lines.join("\n")}\n`);
      process.exitCode =
        verdict.intact === false ? exitCodes.altered : verdict.complete ? exitCodes.complete : exitCodes.incomplete;
    });
}
