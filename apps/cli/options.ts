import { existsSync, statSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { type Command, InvalidArgumentError } from "commander";
import { BucketFolder, bucketFolders } from "../../handlers/archive/folder-store";
import type { ArchiveBucket, Range } from "../../handlers/archive/standing";
import { AccountId, Day } from "../../handlers/contract/values";
import { S3Bucket } from "../query/bucket";

/** Where an archive lies, and which part of it is meant: options that the auditor's commands share. */
export interface ArchiveOptions {
  readonly archive: string;
  readonly bucket: readonly string[];
  readonly account: readonly string[];
  readonly region: readonly string[];
  readonly from?: string;
  readonly to?: string;
}

/** Something that a person has to change in what they asked for. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** A range in which there is nothing is more likely a mistake than an answer. */
export function emptyRange(outcome: string): UsageError {
  return new UsageError(
    `The archive holds nothing in this range: ${outcome}. Correct --from, --to, --account or --region.`,
  );
}

const bucketName = /^org-log-archive-\d{12}-[a-z0-9-]+$/;

const list = (value: string, others: readonly string[]) => [...others, value];

function checked(schema: { safeParse(value: string): { success: boolean } }, allowed: string) {
  return (value: string) => {
    if (!schema.safeParse(value).success) throw new InvalidArgumentError(`It must be ${allowed}.`);
    return value;
  };
}

export const day = checked(Day, "a day that exists, such as 2026-11-20");
const account = checked(AccountId, "an AWS account id: 12 digits");

export function withArchiveOptions(command: Command): Command {
  return command
    .option("--archive <folder>", "archive folder: holds buckets, or is one bucket copied down", ".emulator/s3")
    .option("--bucket <name>", "archive bucket in S3 instead of a folder (repeatable)", list, [])
    .option(
      "--account <id>",
      "only this account (repeatable)",
      (value, others: string[]) => list(account(value), others),
      [],
    )
    .option("--region <name>", "only this Region (repeatable)", list, [])
    .option("--from <day>", "first day, YYYY-MM-DD", day)
    .option("--to <day>", "last day, YYYY-MM-DD", day);
}

export function rangeOf({ account: accounts, from, to }: ArchiveOptions): Range {
  if (from && to && from > to) throw new UsageError(`--from ${from} is later than --to ${to}. Swap them.`);
  return {
    ...(accounts.length > 0 ? { accounts } : {}),
    ...(from ? { from } : {}),
    ...(to ? { to } : {}),
  };
}

/** @throws {UsageError} when there is no archive where the options say. */
export function openArchive({ archive, bucket, region }: ArchiveOptions): ArchiveBucket[] {
  const buckets = bucket.length > 0 ? bucket.map((name) => new S3Bucket(name)) : folders(archive);
  const wanted = buckets.filter(
    ({ bucket: name }) => region.length === 0 || region.some((one) => name.endsWith(`-${one}`)),
  );
  if (wanted.length > 0) return wanted;
  const names = buckets.map(({ bucket: name }) => name).join(", ");
  throw new UsageError(`No bucket is of the Region ${region.join(", ")}. There are: ${names}.`);
}

function folders(path: string): BucketFolder[] {
  if (!existsSync(path))
    throw new UsageError(`There is no archive folder ${path}. Name one with --archive, or a bucket with --bucket.`);
  if (!statSync(path).isDirectory())
    throw new UsageError(`${path} is not a folder. --archive names an archive folder.`);
  const absolute = resolve(path);
  if (["receipts", "runs", "coverage"].some((part) => existsSync(resolve(absolute, part))))
    return [new BucketFolder(dirname(absolute), basename(absolute))];
  const found = bucketFolders(absolute).filter(({ bucket }) => bucketName.test(bucket));
  if (found.length === 0)
    throw new UsageError(
      `${path} holds no archive bucket: neither receipts/ nor folders named org-log-archive-<account>-<Region>.`,
    );
  return found;
}
