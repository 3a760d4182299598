import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Command } from "commander";
import { Head } from "../../../handlers/archive/digests";
import { parseRecord } from "../../../handlers/archive/serialization";
import { coloursFor } from "../../terminal/colours";
import { type Finding, findingKinds, weightOf } from "../../verify/findings";
import { InvalidPublicKey, publicKeysOf, type VerificationKey } from "../../verify/signatures";
import { type Verification, verify } from "../../verify/verify";
import type { GivenHead } from "../../verify/verify-digests";
import { UsageError } from "../errors";
import { exitCodes, exitCodesText } from "../exit-codes";
import {
  type ArchiveOptions,
  day,
  defaultArchive,
  emptyRange,
  openArchive,
  rangeOf,
  single,
  withArchiveOptions,
} from "../options";
import { toolVersion } from "../version";
import { ResumeFile } from "./resume-file";
import { verdictOf, verificationText } from "./text";

interface VerifyCommandOptions extends ArchiveOptions {
  readonly deep: boolean;
  readonly json: boolean;
  readonly publicKey: readonly string[];
  readonly head: readonly string[];
  readonly resume?: string;
  readonly expiredBefore?: string;
}

const more = (value: string, others: readonly string[]) => [...others, value];

export function verifyCommand(program: Command, now: () => number): void {
  withArchiveOptions(program.command("verify"))
    .description(
      "Checks that the archive is whole and as it was written: digests, seals, records, and with --deep every byte.",
    )
    .option("--public-key <file>", "PEM file of the key that signs digests (repeatable, one per Region)", more, [])
    .option("--head <head>", "newest digest that you know of: SEQUENCE:HASH, or a head.json (repeatable)", more, [])
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
      `
Without --public-key nobody can tell who wrote the digests, and without --head nobody can tell that the newest ones were not
removed: what could not be proven is said.

Findings:
${Object.entries(findingKinds)
  .map(([kind, { meaning }]) => `  ${kind.padEnd(20)} ${meaning}`)
  .join("\n")}
${exitCodesText}`,
    )
    .action(async (options: VerifyCommandOptions) => {
      const keys = options.publicKey.flatMap(readKeys);
      const heads = options.head.map(readHead);
      const result = await verifyAll(options, keys, heads);
      const { intact, complete, proven, unproven } = verdictOf(result);
      if (options.json) {
        const asked = { archive: result.archive, range: rangeOf(options), deep: options.deep };
        const tool = { toolVersion, checkedAt: new Date(now()).toISOString() };
        process.stdout.write(
          `${JSON.stringify({ ...asked, ...tool, intact, complete, proven, unproven, ...totals(result), ...result })}\n`,
        );
      } else process.stdout.write(verificationText(result, coloursFor(process.stdout)));
      process.exitCode = intact === false ? exitCodes.altered : complete ? exitCodes.complete : exitCodes.incomplete;
    });
}

/** What verifying an archive came to: all its buckets, and what is about none of them. */
export interface ArchiveVerification {
  readonly archive: string;
  readonly deep: boolean;
  readonly hasKey: boolean;
  readonly hasHead: boolean;
  readonly buckets: readonly Verification[];
  readonly findings: readonly Finding[];
}

async function verifyAll(
  options: VerifyCommandOptions,
  keys: readonly VerificationKey[],
  heads: readonly GivenHead[],
): Promise<ArchiveVerification> {
  const archive =
    options.bucket.length > 0 ? [...options.bucket].sort().join(" ") : resolve(options.archive ?? defaultArchive);
  const buckets = openArchive(options);
  const resume = options.resume === undefined ? undefined : new ResumeFile(options.resume, archive);
  const show = process.stderr.isTTY && !options.json;
  const results: Verification[] = [];
  for (const bucket of buckets) {
    results.push(
      await verify(bucket, {
        range: rangeOf(options),
        keys,
        heads,
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
  if (results.every(({ accountDays, leftOut }) => accountDays + leftOut === 0))
    throw emptyRange("nothing was verified");
  const found = results.flatMap(({ headsFound }) => headsFound);
  const lost = heads.filter((head) => head.bucket === undefined && !found.includes(head));
  const findings: Finding[] = [
    ...results.flatMap((result) => result.findings),
    ...lost.map(
      ({ sequence, sha256 }): Finding => ({
        kind: "head-not-found",
        bucket: results.map(({ bucket }) => bucket).join(" "),
        detail: `${sequence}:${sha256}: digests were removed at the end, or all was written anew`,
      }),
    ),
  ];
  return {
    archive,
    deep: options.deep,
    hasKey: keys.length > 0,
    hasHead: heads.length > 0,
    buckets: results,
    findings,
  };
}

function totals({ buckets }: ArchiveVerification) {
  const sum = (count: (result: Verification) => number) => buckets.reduce((all, result) => all + count(result), 0);
  return {
    accountDays: sum((result) => result.accountDays),
    leftOut: sum((result) => result.leftOut),
    objects: sum((result) => result.objects),
    bytes: sum((result) => result.bytes),
    damage: buckets.flatMap(({ findings }) => findings).filter((finding) => weightOf(finding) === "damage").length,
  };
}

function readKeys(file: string): VerificationKey[] {
  try {
    return publicKeysOf(file, readFileSync(file, "utf8"));
  } catch (error) {
    if (error instanceof InvalidPublicKey) throw new UsageError(`--public-key: ${error.message}`, { cause: error });
    throw error;
  }
}

function readHead(given: string): GivenHead {
  const [, sequence, sha256] = /^([1-9]\d*):([0-9a-f]{64})$/.exec(given) ?? [];
  if (sequence !== undefined && sha256 !== undefined) return { sequence: Number(sequence), sha256 };
  if (/^\d+:/.test(given))
    throw new UsageError(`--head ${given}: it must be SEQUENCE:HASH, a number from 1 and 64 hex digits in lower case.`);
  const text = readFileSync(given, "utf8").trim();
  return /^\d+:/.test(text) ? readHead(text) : parseRecord(Head, given, text);
}
