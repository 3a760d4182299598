import { createPublicKey } from "node:crypto";
import { existsSync } from "node:fs";
import { type Command, InvalidArgumentError } from "commander";
import { newestDigest } from "../../../handlers/archive/digest-chain";
import type { ArchiveReader } from "../../../handlers/archive/store";
import { systemClock } from "../../../handlers/clock";
import { tool } from "../../../handlers/contract/tool";
import { printable } from "../../terminal/printable";
import { UsageError } from "../errors";
import { helpText } from "../help-text";
import { type LocationOptions, openArchive, single, withLocationOptions } from "../options";
import { writeNamed } from "../written";

interface PublicKeyOptions extends LocationOptions {
  readonly key: readonly string[];
  readonly out?: string;
}

const keyArn = /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:(key|alias)\/[\w/-]+$/;

function arn(value: string, others: readonly string[]): string[] {
  if (!keyArn.test(value))
    throw new InvalidArgumentError(
      "It must be the ARN of a KMS key or alias, such as arn:aws:kms:eu-central-1:444455556666:alias/org-log-archive-signing.",
    );
  return [...others, value];
}

/** Fetches once what a verifier keeps: afterwards `verify` needs no AWS account. */
export function publicKeyCommand(command: Command): void {
  withLocationOptions(command)
    .optionsGroup("What it fetches:")
    .option("--key <arn>", "this key instead of those that the newest digests name (repeatable)", arn, [])
    .option("--out <file>", "write the PEM blocks to this new file instead of standard output", single)
    .addHelpText(
      "after",
      helpText(`
The digests say only who claims to have signed them: hold the ARNs that are printed against those that the stacks have as
SigningKeyArn, or against the key's owner's word.

Examples:
  ${tool} public-key --out eu-central-1.pem \\
    --bucket org-log-archive-444455556666-eu-central-1
  ${tool} public-key --out eu-central-1.pem --key \\
    arn:aws:kms:eu-central-1:444455556666:alias/org-log-archive-signing

Exit codes: 0 fetched; 2 a digest is unreadable; 3 wrong use, or no access to the archive or the key.`),
    )
    .action(async (options: PublicKeyOptions) => {
      if (options.out !== undefined && existsSync(options.out))
        throw new UsageError(`--out: ${options.out} is there already. Name a new file, or remove it first.`);
      const arns = options.key.length > 0 ? options.key : await keysNamed(await openArchive(options));
      const pem = await Promise.all([...new Set(arns)].map(pemOf));
      if (options.out === undefined) process.stdout.write(pem.join(""));
      else writeNamed(options.out, pem.join(""));
      for (const name of new Set(arns)) process.stderr.write(`${printable(name)}\n`);
    });
}

/** The keys with which the newest digests say that they are signed. */
async function keysNamed(buckets: readonly ArchiveReader[]): Promise<string[]> {
  const keys: string[] = [];
  for (const bucket of buckets) {
    const newest = await newestDigest(bucket);
    if (!newest) throw new UsageError(`${bucket.bucket} has no digests yet: no run has ended. Give --key.`);
    const { keyArn: named } = newest.digest;
    if (!keyArn.test(named)) throw new UsageError(`${newest.key} names ${named} as its key, which is no ARN of one.`);
    keys.push(named);
  }
  return keys;
}

async function pemOf(name: string): Promise<string> {
  // The SDK is for those who ask AWS.
  const { getPublicKey } = await import("../../../handlers/clients/public-key");
  const der = await getPublicKey(name, { clock: systemClock, random: Math.random });
  const key = createPublicKey({ key: Buffer.from(der), type: "spki", format: "der" });
  return key.export({ type: "spki", format: "pem" }).toString();
}
