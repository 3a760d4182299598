import { existsSync, statSync } from "node:fs";
import { basename, resolve } from "node:path";
import { type Command, InvalidArgumentError } from "commander";
import leven from "leven";
import { type FolderStore, folderStores } from "../../handlers/archive/folder-store";
import { regionOfBucket } from "../../handlers/archive/layout";
import type { Range } from "../../handlers/archive/range";
import type { ArchiveReader } from "../../handlers/archive/store";
import { Day } from "../../handlers/contract/values";
import { archivedAccountIds } from "./account-option";
import { UsageError } from "./errors";

/** Where an archive lies: options that every command shares that reads one. */
export interface LocationOptions {
  readonly archive?: string;
  readonly bucket: readonly string[];
  readonly region: readonly string[];
}

/** Where an archive lies, and which part of it is meant: options that the auditor's commands share. */
export interface ArchiveOptions extends LocationOptions {
  readonly account: readonly string[];
  readonly from?: string;
  readonly to?: string;
}

/** Where `npm start` leaves its archive. */
const defaultArchive = ".emulator/s3";

/** A range in which there is nothing is more likely a mistake than an answer. */
export function emptyRange(outcome: string): UsageError {
  return new UsageError(
    `The archive holds nothing in this range: ${outcome}. Correct --from, --to, --account or --region.`,
  );
}

/** Names that are offered to those who asked for one that no run has seen. */
const mostNames = 5;

/** @param known the log groups that are on record */
export function unknownLogGroup(logGroup: string, known: Iterable<string>): UsageError {
  const similar = similarNames(logGroup, known);
  const offered = similar.length > 0 ? ` There are: ${similar.join(", ")}.` : "";
  return new UsageError(
    `No record of this range speaks of log group ${logGroup}.${offered} Correct --log-group, which takes the whole name, or --from, --to, --account or --region.`,
  );
}

/** A few of the names that contain another, are contained in it, or are one that was mistyped; in any case of letters. */
export function similarNames(wanted: string, names: Iterable<string>): string[] {
  const asked = wanted.toLowerCase();
  const similar = [...new Set(names)].filter((name) => {
    const one = name.toLowerCase();
    return one.includes(asked) || asked.includes(one) || isMistyped(asked, one);
  });
  return similar.sort().slice(0, mostNames);
}

/** Letters in which a name that was mistyped may differ from the one that is meant: two that changed places are two. */
export const mistypedLetters = 2;

/** Whether names differ in a few letters, and have more in common. */
function isMistyped(one: string, other: string): boolean {
  return Math.min(one.length, other.length) > 2 * mistypedLetters && leven(one, other) <= mistypedLetters;
}

/** For an option that may be given several times. */
export function repeated(value: string, others: readonly string[] = []): string[] {
  return [...others, given(value)];
}

/** What a shell made of a variable that is not set is no value. */
function given(value: string): string {
  if (value === "") throw new InvalidArgumentError("It is empty. Give a value, or leave the option out.");
  return value;
}

/** For an option that may be given once: of two, neither is meant more than the other. */
export function single(value: string, other: string | undefined): string {
  if (other !== undefined) throw new InvalidArgumentError(`It is given twice: ${other} and ${value}. Give one.`);
  return given(value);
}

function checked(schema: { safeParse(value: string): { success: boolean } }, allowed: string) {
  return (value: string) => {
    if (!schema.safeParse(value).success) throw new InvalidArgumentError(`It must be ${allowed}.`);
    return value;
  };
}

export const day = checked(Day, "a day that exists, such as 2026-11-20");

export function withLocationOptions(command: Command): Command {
  return command
    .optionsGroup("Where the archive is:")
    .option(
      "--archive <folder>",
      `archive folder: holds buckets, or is one bucket copied down (default: "${defaultArchive}")`,
      single,
    )
    .option(
      "--bucket <name>",
      "archive bucket in S3 instead of a folder (repeatable, one per Region); needs AWS credentials with OrgLogArchiveAuditor",
      repeated,
      [],
    )
    .option("--region <name>", "only this Region (repeatable)", repeated, []);
}

export function withArchiveOptions(command: Command): Command {
  return withLocationOptions(command)
    .optionsGroup("Which part of it:")
    .option("--account <id or name>", "only this account (repeatable)", repeated, [])
    .option("--from <day>", "first day, YYYY-MM-DD", day)
    .option("--to <day>", "last day, YYYY-MM-DD", day);
}

/**
 * The part of an archive that options name.
 * @throws {UsageError} when there is none, or an account's name is none or several's.
 */
export async function rangeOf(
  { account, from, to }: ArchiveOptions,
  buckets: readonly ArchiveReader[],
): Promise<Range> {
  if (from && to && from > to) throw new UsageError(`--from ${from} is later than --to ${to}. Swap them.`);
  const accounts = await archivedAccountIds(account, buckets);
  return {
    ...(accounts.length > 0 ? { accounts } : {}),
    ...(from ? { from } : {}),
    ...(to ? { to } : {}),
  };
}

/** Where an archive lies, as results name it. */
export function archivePlace({ archive, bucket }: Pick<LocationOptions, "archive" | "bucket">): string {
  return bucket.length > 0 ? [...bucket].sort().join(" ") : resolve(archive ?? defaultArchive);
}

/** Whether an archive is asked where runs write it: a folder is a copy, in which no run is missed after the newest that it has. */
export function isLive({ bucket }: Pick<LocationOptions, "bucket">): boolean {
  return bucket.length > 0;
}

/**
 * The buckets of an archive, one for each Region.
 * @throws {UsageError} when there is no archive where the options say, or two buckets of one Region.
 */
export async function openArchive({ archive, bucket, region }: LocationOptions): Promise<ArchiveReader[]> {
  if (archive !== undefined && bucket.length > 0)
    throw new UsageError("Give --archive or --bucket: an archive is a folder, or lies in S3.");
  if (bucket.length === 0) return openFolder({ region, ...(archive === undefined ? {} : { archive }) });
  return ofRegions(await Promise.all(bucket.map(bucketAtAws)), region);
}

/**
 * The buckets of an archive folder.
 * @throws {UsageError} as `openArchive` does.
 */
export function openFolder({ archive, region }: Pick<LocationOptions, "archive" | "region">): FolderStore[] {
  return ofRegions(foldersOf(archive ?? defaultArchive), region);
}

async function bucketAtAws(bucket: string): Promise<ArchiveReader> {
  // The SDK is for those who ask AWS.
  return (await import("./bucket/remote")).bucketAtAws(bucket);
}

function ofRegions<T extends ArchiveReader>(buckets: readonly T[], regions: readonly string[]): T[] {
  const seen = new Map<string, string>();
  for (const { bucket } of buckets) {
    const region = regionOfBucket(bucket) ?? bucket;
    const other = seen.get(region);
    if (other !== undefined)
      throw new UsageError(
        `${other} and ${bucket} are both of ${region}. An archive has one bucket per Region: look at them one at a time.`,
      );
    seen.set(region, bucket);
  }
  const wanted = buckets.filter(
    ({ bucket }) => regions.length === 0 || regions.some((one) => bucket.endsWith(`-${one}`)),
  );
  if (wanted.length > 0) return wanted;
  const names = buckets.map(({ bucket }) => bucket).join(", ");
  throw new UsageError(`No bucket is of the Region ${regions.join(", ")}. There are: ${names}.`);
}

function foldersOf(path: string): FolderStore[] {
  if (!existsSync(path))
    throw new UsageError(`There is no archive folder ${path}. Name one with --archive, or a bucket with --bucket.`);
  if (!statSync(path).isDirectory())
    throw new UsageError(`${path} is not a folder. --archive names an archive folder.`);
  const absolute = resolve(path);
  const found = folderStores(absolute);
  const isOneBucket = found.length === 1 && found[0]?.bucket === basename(absolute);
  const buckets = isOneBucket
    ? found
    : found.filter(({ bucket }) => /^org-log-archive-\d{12}-[a-z0-9-]+$/.test(bucket));
  if (buckets.length === 0)
    throw new UsageError(
      `${path} holds no archive bucket: neither receipts/ nor folders named org-log-archive-<account>-<Region>.`,
    );
  return buckets;
}
