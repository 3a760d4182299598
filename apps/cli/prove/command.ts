import type { Command } from "commander";
import { readAccountNames } from "../../../handlers/archive/account-names";
import { daysDue } from "../../../handlers/archive/due";
import type { ArchiveReader } from "../../../handlers/archive/store";
import { tool } from "../../../handlers/contract/tool";
import { coloursFor } from "../../terminal/colours";
import { nextCommand } from "../../terminal/next-command";
import { printableJson } from "../../terminal/printable";
import { UsageError } from "../errors";
import { exitCodesText } from "../exit-codes";
import { helpText } from "../help-text";
import {
  type ArchiveOptions,
  archivePlace,
  isLive,
  openArchive,
  rangeOf,
  single,
  unknownLogGroup,
  withArchiveOptions,
} from "../options";
import { plainWidth, show, write } from "../output";
import { Progress } from "../progress";
import { type ProofOptions, readHead, readKeys, withProofOptions } from "../verify/keys-and-heads";
import { drawn, verifyArchive } from "../verify/verify-archive";
import { toolVersion } from "../version";
import { conclusionOf } from "./conclusion";
import { proofOf, type RegionProof } from "./proof";
import { type Page, pageText } from "./text";

interface ProveOptions extends ArchiveOptions, ProofOptions {
  readonly logGroup: string;
  readonly from: string;
  readonly deep: boolean;
  readonly json: boolean;
}

export function proveCommand(command: Command, now: () => number): void {
  withProofOptions(
    withArchiveOptions(command).requiredOption("--log-group <name>", "the log group's name, in full", single),
  )
    .optionsGroup("What it does:")
    .option("--deep", "also read and hash its objects", false)
    .option("--json", "print the page as JSON, to be filed", false)
    .addHelpText(
      "after",
      helpText(`
One page about one log group: what each day rests on, with the hash of every
receipt, seal and digest, and what verification finds. --account and --from are
needed; --to is --from, if absent.

Example:
  ${tool} prove --account 111122223333 --log-group /ecs/ingest \\
    --from 2026-11-01 --to 2026-11-30 --public-key key.pem --head head.json
${exitCodesText}`),
    )
    .action(async (options: ProveOptions) => {
      const page = await readPage(options, now);
      if (options.json) await write(process.stdout, `${printableJson(asJson(page))}\n`);
      else await show(pageText(page, process.stdout.columns ?? plainWidth, coloursFor(process.stdout)));
      process.exitCode = page.conclusion.exitCode;
    });
}

async function readPage(options: ProveOptions, now: () => number): Promise<Page> {
  const { logGroup } = options;
  const buckets = await openArchive(options);
  const { account, from, to } = await asked(options, buckets);
  const due = daysDue({ from, to }, now());
  if (due.to === undefined)
    throw new UsageError(`No day from ${from} on is due yet: a day can be archived two days later.`);
  const progress = new Progress(process.stderr, options.json);
  const proofs: RegionProof[] = [];
  for (const bucket of buckets)
    proofs.push(
      await proofOf(
        bucket,
        { account, logGroup },
        from,
        due.to,
        { now: now(), isLive: isLive(options), next: nextCommand(options) },
        (done, total) => progress.show(`${bucket.bucket}: ${done} of ${total} days read`),
      ),
    );
  const regions = relevant(proofs, logGroup);
  const verification = await verifyArchive(
    archivePlace(options),
    buckets.filter((_, index) => regions.some((region) => region === proofs[index])),
    {
      range: { accounts: [account], from, to: due.to },
      logGroup,
      keys: options.publicKey.flatMap(readKeys),
      heads: options.head.map(readHead),
      deep: options.deep,
      verified: new Set(),
    },
    drawn(progress),
  );
  progress.end();
  return {
    ...{
      account,
      name: (await readAccountNames(buckets)).of(account) ?? "",
      logGroup,
      from,
      to,
      archive: archivePlace(options),
    },
    ...{ toolVersion, checkedAt: new Date(now()).toISOString() },
    lastDue: due.to,
    ...{ regions, verification, conclusion: conclusionOf(regions, verification) },
  };
}

/** @throws {UsageError} when it is not one account, and days of it. */
async function asked(
  options: ProveOptions,
  buckets: readonly ArchiveReader[],
): Promise<{ account: string; from: string; to: string }> {
  const { accounts = [], from, to = from } = await rangeOf(options, buckets);
  const [account] = accounts;
  if (account === undefined || accounts.length > 1)
    throw new UsageError("prove is about one log group of one account: give one --account.");
  if (from === undefined || to === undefined)
    throw new UsageError("prove is about certain days: give --from, and --to for more than one.");
  return { account, from, to };
}

/** Most log groups are in one Region. @throws {UsageError} when none knows it, though the account was read. */
function relevant(proofs: readonly RegionProof[], logGroup: string): RegionProof[] {
  const known = proofs.filter(({ isKnown }) => isKnown);
  if (known.length > 0) return known;
  const failed = proofs.filter(({ days }) => days.some(({ standing }) => standing?.outcome === "failed"));
  if (failed.length === 0)
    throw unknownLogGroup(
      logGroup,
      proofs.flatMap(({ logGroups }) => [...logGroups]),
    );
  return failed;
}

function asJson({ regions, verification, conclusion, ...page }: Page): object {
  const { findings, buckets } = verification;
  return {
    ...page,
    regions: regions.map(({ region, days, unreadable }) => ({ region, days, unreadable })),
    heads: buckets.map(({ bucket, head = null, digests, signed, signers }) => ({
      ...{ bucket, head, digests, signed, signers },
    })),
    findings,
    ...conclusion,
  };
}
