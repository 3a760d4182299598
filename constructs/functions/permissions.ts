import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import { memberRoleName } from "../../handlers/archive/layout";
import { s3Service, writing } from "../archive/archive-key";
import { exportedKeys } from "../archive/bucket-policy";
import type { FunctionName } from "../names";

export interface Archive {
  readonly bucketName: string;
  readonly region: string;
  readonly partition: string;
  /** ARN of the bucket's key, if it has one of its own. */
  readonly keyArn: string | undefined;
  /** ARN of the key that signs digests. */
  readonly signingKeyArn: string;
  /** Name of the bucket that gets copies of digests. */
  readonly digestCopies: string | undefined;
}

/** What each function may do besides writing its own log. */
export function permissions(functionName: FunctionName, archive: Archive): PolicyStatement[] {
  const coverage = (...alsoListed: string[]) => [
    list(archive, "receipts/*", "runs/*", ...alsoListed),
    tellMissing(archive),
    read(archive, "receipts/*", "runs/*"),
    write(archive, "coverage/*", "runs/*"),
  ];
  const all: Record<FunctionName, PolicyStatement[]> = {
    "list-accounts": [
      listAccounts(),
      list(archive, "receipts/*", "digests/*", "runs/*"),
      tellMissing(archive),
      read(archive, "receipts/*", "digests/*", "runs/*"),
      write(archive, "runs/*"),
    ],
    // Reads only what it has listed, or knows to be there.
    "plan-exports": [
      assumeMemberRole(archive),
      list(archive, "receipts/*", "coverage/*"),
      read(archive, "coverage/*", "runs/*"),
      write(archive, "runs/*"),
    ],
    "run-export-tasks": [
      assumeMemberRole(archive),
      listVersions(archive, exportedKeys),
      list(archive, "runs/*/outcomes/*"),
      tellMissing(archive),
      read(archive, "receipts/*", "runs/*"),
      write(archive, "receipts/*", "runs/*"),
    ],
    "record-coverage": coverage(),
    // Alone with those who seal is what was exported to be read, and they enter no account.
    "seal-account": [
      list(archive, "receipts/*", "coverage/*", "seals/*", "runs/*"),
      listVersions(archive, exportedKeys),
      tellMissing(archive),
      read(archive, exportedKeys, "receipts/*", "coverage/*", "seals/*", "events/*", "runs/*"),
      write(archive, "seals/*", "events/*", "runs/*"),
    ],
    // For the accounts whose execution died before it could record its own; and what is on record as left out is not written again.
    "report-run": coverage("coverage/*"),
    // Reads the records of all handlers, to bind them, and alone signs.
    "sign-digest": [
      list(archive, "coverage/*", "seals/*", "digests/*", "runs/*"),
      tellMissing(archive),
      read(archive, "coverage/*", "seals/*", "digests/*", "runs/*"),
      write(archive, "digests/*", "runs/*"),
      sign(archive),
      ...(archive.digestCopies === undefined ? [] : [copyDigests(archive, archive.digestCopies)]),
    ],
  };
  return archive.keyArn ? [...all[functionName], useKey(archive.keyArn, archive.region)] : all[functionName];
}

/** Every function reads and writes records; the key serves it for what S3 lets it. */
function useKey(keyArn: string, region: string): PolicyStatement {
  return new PolicyStatement({
    sid: "UseArchiveKey",
    actions: writing,
    resources: [keyArn],
    conditions: { StringEquals: { "kms:ViaService": s3Service(region) } },
  });
}

function sign({ signingKeyArn }: Archive): PolicyStatement {
  return new PolicyStatement({
    sid: "SignDigests",
    actions: ["kms:Sign"],
    resources: [signingKeyArn],
    conditions: { StringEquals: { "kms:MessageType": "DIGEST", "kms:SigningAlgorithm": "ECDSA_SHA_256" } },
  });
}

function copyDigests({ partition, bucketName }: Archive, copies: string): PolicyStatement {
  return new PolicyStatement({
    sid: "CopyDigests",
    actions: ["s3:PutObject"],
    resources: [`arn:${partition}:s3:::${copies}/${bucketName}/digests/*`],
  });
}

/** Organizations has no resources for it. */
function listAccounts(): PolicyStatement {
  return new PolicyStatement({ sid: "ListAccounts", actions: ["organizations:ListAccounts"], resources: ["*"] });
}

export function assumeMemberRole({ partition }: Pick<Archive, "partition">): PolicyStatement {
  return new PolicyStatement({
    sid: "AssumeMemberRole",
    actions: ["sts:AssumeRole"],
    resources: [`arn:${partition}:iam::*:role/${memberRoleName}`],
  });
}

function list(archive: Archive, ...prefixes: string[]): PolicyStatement {
  return new PolicyStatement({
    sid: "ListArchive",
    actions: ["s3:ListBucket"],
    resources: [bucketArn(archive)],
    conditions: { StringLike: { "s3:prefix": prefixes } },
  });
}

/** Like listing, and at the same price: what it lists has its version's id. */
function listVersions(archive: Archive, ...prefixes: string[]): PolicyStatement {
  return new PolicyStatement({
    sid: "ListVersions",
    actions: ["s3:ListBucketVersions"],
    resources: [bucketArn(archive)],
    conditions: { StringLike: { "s3:prefix": prefixes } },
  });
}

/**
 * Without the permission to list, S3 answers 403 where a key is missing, and unreadable is not absent. Reading an object has
 * no prefix in its context; neither has a listing of the whole bucket, which IAM cannot tell from it.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
 */
function tellMissing(archive: Archive): PolicyStatement {
  return new PolicyStatement({
    sid: "TellMissingFromDenied",
    actions: ["s3:ListBucket"],
    resources: [bucketArn(archive)],
    conditions: { Null: { "s3:prefix": "true" } },
  });
}

function read(archive: Archive, ...keys: string[]): PolicyStatement {
  return new PolicyStatement({ sid: "ReadArchive", actions: ["s3:GetObject"], resources: objectArns(archive, keys) });
}

function write(archive: Archive, ...keys: string[]): PolicyStatement {
  return new PolicyStatement({ sid: "WriteArchive", actions: ["s3:PutObject"], resources: objectArns(archive, keys) });
}

function bucketArn({ partition, bucketName }: Archive): string {
  return `arn:${partition}:s3:::${bucketName}`;
}

function objectArns(archive: Archive, keys: readonly string[]): string[] {
  return keys.map((key) => `${bucketArn(archive)}/${key}`);
}
