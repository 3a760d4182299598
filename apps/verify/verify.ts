import type { Due } from "../../handlers/archive/due";
import { digestsRoot, runsRoot } from "../../handlers/archive/layout";
import type { Range } from "../../handlers/archive/range";
import type { ArchiveReader, BucketSettings } from "../../handlers/archive/store";
import { accountDays } from "./account-days";
import { BoundRecords } from "./bound-records";
import type { Finding, FindingKind } from "./findings";
import type { VerificationKey } from "./signatures";
import type { DayOptions, DayToVerify, DayVerified } from "./verify-day";
import { verifyDays } from "./verify-days";
import { type GivenHead, verifyDigests } from "./verify-digests";
import { versionsOf } from "./versions";

export interface VerifyOptions extends DayOptions {
  readonly range: Range;
  /** Up to what the archive is held to account; absent: by its runs alone. */
  readonly due?: Due;
  /** The keys with which digests may be signed; none: what is signed is not proven. */
  readonly keys: readonly VerificationKey[];
  /** The newest digests that a person has kept outside the archive. */
  readonly heads: readonly GivenHead[];
  /** Account days that an earlier, interrupted verification has found intact, by their ids. */
  readonly verified: ReadonlySet<string>;
  /** Told of every account day. */
  readonly onDay: (id: string, intact: boolean, done: number, total: number) => void;
  /** Told of every digest, and before the first. */
  readonly onDigest?: (done: number, total: number) => void;
}

export interface Verification {
  readonly bucket: string;
  /** Those that were verified, and speak of the log group where one is asked about. */
  readonly accountDays: number;
  /** Of those, the account days that no run covered. */
  readonly notCovered: number;
  /** Account days that were found intact before. */
  readonly leftOut: number;
  readonly objects: number;
  readonly bytes: number;
  readonly digests: number;
  /** Digests that one of the given keys signed. */
  readonly signed: number;
  /** Fingerprints of the keys that signed. */
  readonly signers: readonly string[];
  /** The newest digest as `SEQUENCE:HASH`. */
  readonly head?: string;
  readonly headsFound: readonly GivenHead[];
  /** How the bucket is set now, which is no finding: what was meant is in the configuration. Absent for a folder. */
  readonly settings?: BucketSettings | "denied";
  readonly findings: readonly Finding[];
}

/** Checks one bucket: its digests, what they bind, and then account day by account day what the archive holds. */
export async function verify(bucket: ArchiveReader, options: VerifyOptions): Promise<Verification> {
  const findings: Finding[] = [];
  const unsignedRuns = new Set<string>();
  const found = (kind: FindingKind, detail: string) => findings.push({ kind, bucket: bucket.bucket, detail });
  const settings = await bucket.settings?.();
  const digests = await verifyDigests(bucket, options, found);
  const bound = new BoundRecords(digests);
  for (const runId of await bound.checkRuns(bucket, options.range, found)) unsignedRuns.add(runId);
  if (!bound.runs.isAnySigned && options.heads.length > 0) found("no-digests", "there is no digest");
  for (const prefix of [digestsRoot, runsRoot])
    for (const [key, count] of await versionsOf(bucket, prefix)) found("several-versions", `${key}: ${count}`);
  const { due, findings: astray } = await accountDays(bucket, options.range, bound, options.due ?? {});
  findings.push(...astray);
  const open = due.filter(({ account, day }) => !options.verified.has(dayId(bucket, account, day, options)));
  let done = due.length - open.length;
  const onVerified = ({ account, day }: DayToVerify, { findings }: DayVerified) => {
    done += 1;
    options.onDay(dayId(bucket, account, day, options), findings.length === 0, done, due.length);
  };
  const results = await verifyDays({ bucket, days: open, options, bound, onVerified });
  findings.push(...results.flatMap((result) => result.findings));
  const known = results.filter(({ isKnown }) => isKnown);
  for (const result of results) for (const runId of result.unsignedRuns) unsignedRuns.add(runId);
  for (const runId of unsignedRuns) found("not-signed", `${runsRoot}${runId}/`);
  return {
    bucket: bucket.bucket,
    accountDays: known.length,
    notCovered: findings.filter(({ kind }) => kind === "not-covered").length,
    leftOut: due.length - open.length,
    objects: results.reduce((sum, { objects }) => sum + objects, 0),
    bytes: results.reduce((sum, { bytes }) => sum + bytes, 0),
    digests: digests.digests,
    signed: digests.signed,
    signers: [...digests.signers],
    ...(digests.head === undefined ? {} : { head: digests.head }),
    headsFound: digests.headsFound,
    ...(settings === undefined ? {} : { settings }),
    findings,
  };
}

/** What was found intact without a key, or without being read through, is not so where that is asked for. */
function dayId(bucket: ArchiveReader, account: string, day: string, { deep, keys, logGroup }: VerifyOptions): string {
  const asked = [...(deep ? ["deep"] : []), ...(keys.length > 0 ? ["key"] : [])];
  return [bucket.bucket, account, day, ...asked, ...(logGroup === undefined ? [] : [logGroup])].join(" ");
}
