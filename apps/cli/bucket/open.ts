import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { type Command, InvalidArgumentError } from "commander";
import pMap from "p-map";
import { z } from "zod";
import type { FolderStore } from "../../../handlers/archive/folder-store";
import { accountListKey, runsRoot } from "../../../handlers/archive/layout";
import type { ArchiveReader } from "../../../handlers/archive/store";
import { bundleFolder } from "../../bundle";
import type { Selections } from "../../query/pruning";
import { count, size } from "../../terminal/amounts";
import { UsageError } from "../errors";
import { openArchive, openFolder, repeated, single } from "../options";
import type { Progress } from "../progress";
import { CachedFolder, type Missing } from "./cached-folder";
import { type Amount, CachedBucket } from "./fetching";
import { needsOf } from "./needs";
import { trim } from "./trim";

/** Where an archive lies that is asked, and what may be fetched for it. */
export interface AskedOptions {
  readonly archive?: string;
  readonly bucket?: readonly string[];
  readonly cache?: string;
  /** Bytes. */
  readonly fetch?: number;
  /** Events are read from what CloudWatch Logs exported alone. */
  readonly evidence?: boolean;
}

/** An archive that a question is put to. */
export interface AskedArchive {
  /** Where events and records are read. */
  readonly folders: readonly FolderStore[];
  /** What the archive as a whole is known from. */
  readonly buckets: readonly ArchiveReader[];
  /** Brings what a question can want into the folders; absent: all is there. */
  readonly prepare?: (wanted: Selections) => Promise<void>;
}

const nothing: Amount = { objects: 0, bytes: 0 };

function sum(one: Amount, other: Amount): Amount {
  return { objects: one.objects + other.objects, bytes: one.bytes + other.bytes };
}

const gigabyte = 1e9;
/** Bytes that are fetched for a question without being told. */
const fetchedUnasked = gigabyte;
/** Bytes that the cache keeps. */
const cacheBytes = 10 * gigabyte;

export function withAskedOptions(command: Command): Command {
  return command
    .option("--archive <folder>", 'archive folder (default: ".emulator/s3")', single)
    .option("--bucket <name>", "archive bucket in S3 instead (repeatable, one per Region)", repeated)
    .option("--fetch <size>", "fetch up to so much from buckets (default: 1GB)", bytes)
    .option("--cache <folder>", "where that is kept (default: ~/.cache/org-log-archive)", single);
}

/** @throws {UsageError} when there is no archive where the options say. */
export async function openToAsk(options: AskedOptions, progress: Progress): Promise<AskedArchive> {
  const { archive, bucket = [] } = options;
  if (bucket.length === 0) {
    const folders = openFolder({ region: [], ...(archive === undefined ? {} : { archive }) });
    return { folders, buckets: folders };
  }
  const remotes = await openArchive({ bucket, region: [], ...(archive === undefined ? {} : { archive }) });
  const root = resolve(
    options.cache ?? join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "org-log-archive"),
  );
  // It holds what logs hold.
  mkdirSync(root, { recursive: true, mode: 0o700 });
  const fetching = new Fetching(root, options, progress);
  const buckets = remotes.map((remote) => fetching.cached(remote));
  for (const one of buckets) await fetchAccountLists(one);
  return {
    folders: buckets.map(({ folder }) => folder),
    buckets,
    prepare: (wanted) => fetching.prepare(buckets, wanted),
  };
}

/** What every question needs: which accounts there are, and what they are called. */
async function fetchAccountLists(bucket: CachedBucket): Promise<void> {
  await pMap(await bucket.folders(runsRoot), (runId) => bucket.read(accountListKey(runId)), { concurrency: 16 });
}

/** Fetches for questions, within what is allowed. */
class Fetching {
  private fetched = nothing;
  /** What the question at hand needs, once that is known. */
  private needed: Amount | undefined;
  private announcedBytes = 0;

  constructor(
    private readonly root: string,
    private readonly options: AskedOptions,
    private readonly progress: Progress,
  ) {}

  cached(remote: ArchiveReader): CachedBucket {
    const folder = new CachedFolder(this.root, remote.bucket, (missing) => this.fetchNow(missing));
    return new CachedBucket(remote, folder, (arrived) => {
      this.fetched = sum(this.fetched, arrived);
      this.progress.show(() => this.soFar());
    });
  }

  private soFar(): string {
    const { fetched, needed } = this;
    if (!needed) return `Fetched ${count(fetched.objects, "record")}`;
    const of = `of ${count(needed.objects, "object")}, ${size(fetched.bytes)} of ${size(needed.bytes)}`;
    return `Fetched ${fetched.objects.toLocaleString("en")} ${of}`;
  }

  /** @throws {UsageError} when it is more than is allowed, before any of it is fetched. */
  async prepare(buckets: readonly CachedBucket[], wanted: Selections): Promise<void> {
    const needs = [];
    for (const bucket of buckets) needs.push({ bucket, of: await needsOf(bucket, wanted, this.options) });
    const needed = needs.map(({ of }) => of).reduce(sum, nothing);
    const { objects, bytes } = needed;
    if (objects === 0) return;
    const names = needs.filter(({ of }) => of.objects > 0).map(({ bucket }) => bucket.bucket);
    const what = `${count(objects, "object")}, ${size(bytes)}, of ${names.join(" and ")}`;
    const allowed = this.options.fetch ?? fetchedUnasked;
    if (this.announcedBytes + bytes > allowed)
      throw new UsageError(
        `This question needs ${what}: more than ${size(allowed)} is fetched only when it is allowed. Ask for fewer days, accounts or log groups, or give --fetch ${Math.ceil((this.announcedBytes + bytes) / gigabyte)}GB.`,
      );
    this.announcedBytes += bytes;
    this.progress.end();
    process.stderr.write(`Fetching ${what}.\n`);
    [this.fetched, this.needed] = [nothing, needed];
    this.progress.show(() => this.soFar());
    trim(this.root, Math.max(cacheBytes, bytes), bytes, Date.now());
    for (const { bucket, of } of needs) {
      await bucket.fetchObjects(of.files.map(({ key }) => key));
      await bucket.fetchAll(of.prefixes);
    }
    this.progress.end();
    [this.fetched, this.needed] = [nothing, undefined];
  }

  /** DuckDB waits for what it asks, and so does this: another process fetches. */
  private fetchNow(missing: Missing): readonly string[] {
    const script = join(bundleFolder(), "fetch.js");
    const told = execFileSync(process.execPath, [script, this.root, JSON.stringify(missing)], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "inherit"],
      maxBuffer: 1024 ** 3,
    });
    return z.array(z.string()).parse(JSON.parse(told));
  }
}

const units: Readonly<Record<string, number>> = { KB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12 };

/** `500MB` as bytes. */
function bytes(text: string): number {
  const [, number = "", unit = ""] = /^(\d+(?:\.\d+)?) ?([KMGT]B)$/i.exec(text) ?? [];
  const factor = units[unit.toUpperCase()];
  if (factor !== undefined) return Number(number) * factor;
  throw new InvalidArgumentError("It must be a size, such as 500MB or 20GB.");
}
