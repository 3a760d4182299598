import type { Command } from "commander";
import { daysDue } from "../../../handlers/archive/due";
import { tool } from "../../../handlers/contract/tool";
import { coloursFor } from "../../terminal/colours";
import { exitCodes, exitCodesText } from "../exit-codes";
import { helpText } from "../help-text";
import {
  type ArchiveOptions,
  archivePlace,
  day,
  openArchive,
  rangeOf,
  single,
  unknownLogGroup,
  withArchiveOptions,
} from "../options";
import { show } from "../output";
import { Progress } from "../progress";
import { toolVersion } from "../version";
import { type ProofOptions, readHead, readKeys, withProofOptions } from "./keys-and-heads";
import { ResumeFile } from "./resume-file";
import { verdictOf, verificationText } from "./text";
import { drawn, isNothing, totals, verifyArchive } from "./verify-archive";

interface VerifyCommandOptions extends ArchiveOptions, ProofOptions {
  readonly logGroup?: string;
  readonly deep: boolean;
  readonly json: boolean;
  readonly resume?: string;
  readonly expiredBefore?: string;
}

export function verifyCommand(command: Command, now: () => number): void {
  withProofOptions(
    withArchiveOptions(command).option(
      "--log-group <name>",
      "only this log group, and the records that it shares with its account",
      single,
    ),
  )
    .optionsGroup("What it does:")
    .option("--deep", "also read and hash every object", false)
    .option("--resume <file>", "remember in this file what is found intact, and leave it out when run again", single)
    .option(
      "--expired-before <day>",
      "lifecycle rules may have deleted the data of days before this one: say so, and take it for intact",
      day,
    )
    .option("--json", "print the result as JSON, to be filed", false)
    .addHelpText(
      "after",
      helpText(`
Without --public-key it is unknown who wrote the digests, and without --head it is unknown whether the newest ones were
removed: what could not be proven is said.

Each finding is printed with what it means.

Example:
  ${tool} verify --deep --public-key key.pem --head head.json
${exitCodesText}`),
    )
    .action(async (options: VerifyCommandOptions) => {
      const archive = archivePlace(options);
      const resume = options.resume === undefined ? undefined : new ResumeFile(options.resume, archive);
      const progress = new Progress(process.stderr, options.json);
      const buckets = await openArchive(options);
      const range = await rangeOf(options, buckets);
      const checked = {
        range,
        due: { asked: daysDue(range, now()) },
        keys: options.publicKey.flatMap(readKeys),
        heads: options.head.map(readHead),
        deep: options.deep,
        ...(options.logGroup === undefined ? {} : { logGroup: options.logGroup }),
        ...(options.expiredBefore === undefined ? {} : { expiredBefore: options.expiredBefore }),
        verified: resume?.verified ?? new Set<string>(),
      };
      const told = drawn(progress);
      const result = await verifyArchive(archive, buckets, checked, {
        ...told,
        onDay: (bucket, id, intact, done, total) => {
          if (intact) resume?.add(id);
          told.onDay(bucket, id, intact, done, total);
        },
      });
      progress.end();
      if (options.logGroup !== undefined && isNothing(result.buckets)) throw unknownLogGroup(options.logGroup, []);
      const { intact, complete, proven, unproven } = verdictOf(result);
      if (options.json) {
        const { logGroup, deep } = options;
        const asked = { archive: result.archive, range, ...(logGroup ? { logGroup } : {}), deep };
        const tool = { toolVersion, checkedAt: new Date(now()).toISOString() };
        process.stdout.write(
          `${JSON.stringify({ ...asked, ...tool, intact, complete, proven, unproven, ...totals(result), ...result })}\n`,
        );
      } else
        await show(
          // What reads a pipe looks for whole lines.
          verificationText(result, process.stdout.columns ?? Number.POSITIVE_INFINITY, coloursFor(process.stdout)),
        );
      process.exitCode = intact === false ? exitCodes.altered : complete ? exitCodes.complete : exitCodes.incomplete;
    });
}
