import { readAccountNames } from "../../../handlers/archive/account-names";
import type { ArchiveReader } from "../../../handlers/archive/store";
import { count } from "../../terminal/amounts";
import { type Finding, isDamage } from "../../verify/findings";
import { type Verification, type VerifyOptions, verify } from "../../verify/verify";
import { emptyRange } from "../options";
import type { Progress } from "../progress";

/** A finding with what the newest run called its account, if any. */
export interface NamedFinding extends Finding {
  readonly accountName?: string;
}

/** What verifying an archive came to: all its buckets, and what is about none of them. */
export interface ArchiveVerification {
  readonly archive: string;
  readonly deep: boolean;
  readonly hasKey: boolean;
  readonly hasHead: boolean;
  /** Given keys that signed no digest here, by where they come from. */
  readonly unusedKeys: readonly string[];
  readonly buckets: readonly Verification[];
  readonly findings: readonly NamedFinding[];
}

/** Told how far verifying a bucket is. */
export interface Told {
  onDay(bucket: string, ...day: Parameters<VerifyOptions["onDay"]>): void;
  onDigest(bucket: string, done: number, total: number): void;
}

/** How far verifying is, drawn for people. */
export function drawn(progress: Progress): Told {
  return {
    onDay: (bucket, _id, _intact, done, total) => progress.show(`${bucket}: ${done} of ${total} account days`),
    onDigest: (bucket, done, total) => progress.show(`${bucket}: ${done} of ${count(total, "digest")}`),
  };
}

/**
 * Verifies every bucket of an archive.
 * @param archive where it lies, for the result
 * @throws {UsageError} when there is nothing to verify.
 */
export async function verifyArchive(
  archive: string,
  buckets: readonly ArchiveReader[],
  options: Omit<VerifyOptions, "onDay" | "onDigest">,
  told?: Told,
): Promise<ArchiveVerification> {
  const { keys, heads } = options;
  const results: Verification[] = [];
  for (const bucket of buckets)
    results.push(
      await verify(bucket, {
        ...options,
        onDay: (...day) => told?.onDay(bucket.bucket, ...day),
        onDigest: (done, total) => told?.onDigest(bucket.bucket, done, total),
      }),
    );
  // Where one log group is asked about, the caller knows whether there is any.
  if (options.logGroup === undefined && isNothing(results)) throw emptyRange("nothing was verified");
  const found = results.flatMap(({ headsFound }) => headsFound);
  const signers = results.flatMap((result) => result.signers);
  const lost = heads.filter((head) => head.bucket === undefined && !found.includes(head));
  const findings: Finding[] = [
    ...results.flatMap((result) => result.findings),
    ...lost.map(
      ({ sequence, sha256 }): Finding => ({
        kind: "head-not-found",
        bucket: "",
        detail: `${sequence}:${sha256} is in none of ${results.map(({ bucket }) => bucket).join(", ")}: digests were removed at the end, all was written anew, or its bucket is not among them`,
      }),
    ),
  ];
  return {
    archive,
    deep: options.deep,
    hasKey: keys.length > 0,
    hasHead: heads.length > 0,
    unusedKeys: keys.filter(({ fingerprint }) => !signers.includes(fingerprint)).map(({ name }) => name),
    buckets: results,
    findings: await withNames(findings, buckets),
  };
}

/** Names are read where there is something to name. */
async function withNames(
  findings: readonly Finding[],
  buckets: readonly ArchiveReader[],
): Promise<readonly NamedFinding[]> {
  if (findings.every(({ account }) => account === undefined)) return findings;
  const names = await readAccountNames(buckets);
  return findings.map((finding) => {
    const accountName = finding.account === undefined ? undefined : names.of(finding.account);
    return accountName === undefined ? finding : { ...finding, accountName };
  });
}

/** Whether there was no account day to verify at all. */
export function isNothing(results: readonly Verification[]): boolean {
  return results.every(({ accountDays, notCovered, leftOut }) => accountDays - notCovered + leftOut === 0);
}

/** The sums over all buckets. */
export function totals({ buckets }: ArchiveVerification) {
  const sum = (count: (result: Verification) => number) => buckets.reduce((all, result) => all + count(result), 0);
  return {
    accountDays: sum((result) => result.accountDays),
    notCovered: sum((result) => result.notCovered),
    leftOut: sum((result) => result.leftOut),
    objects: sum((result) => result.objects),
    bytes: sum((result) => result.bytes),
    damage: buckets.flatMap(({ findings }) => findings).filter(isDamage).length,
  };
}
