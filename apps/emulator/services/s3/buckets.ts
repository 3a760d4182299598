import { createHash } from "node:crypto";
import { ServiceError } from "../../service/errors";
import type { Directory } from "../../storage/directory";
import { seededUuid } from "../../world/seeded";
import { BucketFiles } from "./bucket-files";
import { SortedKeys } from "./sorted-keys";

export interface BucketDefinition {
  readonly name: string;
  readonly region: string;
  /** The owner. */
  readonly account: string;
  /** JSON of the bucket policy; kept for the authoriser. */
  readonly policy?: unknown;
  readonly versioning?: boolean;
  /** Object Lock needs versioning, and turns it on. */
  readonly objectLock?: boolean;
  /** Of the key that encrypts what is written, with SSE-KMS. */
  readonly keyArn?: string;
  /** What Object Lock gives to new objects. */
  readonly retention?: { readonly Mode: string; readonly Days: number };
  /** Rules as S3's XML has them. */
  readonly lifecycle?: readonly object[];
  /** Name of the bucket that gets the server access logs. */
  readonly accessLogs?: string;
}

export interface StoredVersion {
  readonly key: string;
  /** `null` (the text) in a bucket without versioning. */
  readonly versionId: string;
  readonly body: Buffer;
  readonly contentType: string;
  /** In quotes: the body's MD5 in hex, or with SSE-KMS hex that tells nothing. */
  readonly etag: string;
  /** Epoch milliseconds. */
  readonly lastModified: number;
  readonly deleteMarker: boolean;
}

interface Bucket extends BucketDefinition {
  /** The newest version is the last. */
  readonly versions: Map<string, readonly StoredVersion[]>;
  readonly keys: SortedKeys;
  readonly files: BucketFiles | undefined;
}

/** All buckets: one name space for all accounts. */
export class Buckets {
  private readonly buckets = new Map<string, Bucket>();
  constructor(
    private readonly seed: number,
    private readonly directory: Directory | undefined,
  ) {}

  /** Creates a bucket with the objects that its folder holds. One that exists keeps its objects and gets the new settings. */
  createBucket(definition: BucketDefinition): void {
    const existing = this.buckets.get(definition.name);
    const versioning = definition.versioning === true || definition.objectLock === true;
    const content = existing ?? {
      versions: new Map<string, readonly StoredVersion[]>(),
      keys: new SortedKeys(),
      files: this.directory && new BucketFiles(this.directory, definition.name),
    };
    const { versions, keys, files } = content;
    const bucket: Bucket = { ...definition, versioning, versions, keys, files };
    this.buckets.set(definition.name, bucket);
    if (existing !== undefined) return;
    for (const { key, body, lastModified } of files?.load() ?? []) {
      this.add(bucket, this.version(bucket, key, body, lastModified));
    }
  }

  find(name: string): BucketDefinition | undefined {
    return this.buckets.get(name);
  }

  /** @throws {ServiceError} NoSuchBucket */
  get(name: string): Bucket {
    const bucket = this.buckets.get(name);
    if (bucket !== undefined) return bucket;
    throw new ServiceError(
      "NoSuchBucket",
      "The specified bucket does not exist",
      404,
      {},
      { details: { BucketName: name } },
    );
  }

  names(): string[] {
    return [...this.buckets.keys()];
  }

  /** The objects that are there, or those of a prefix, delete markers left out, in the order of their keys. */
  *objects(bucket: string, prefix = ""): Generator<{ key: string; size: number; body: Buffer }> {
    for (const key of this.get(bucket).keys.withPrefix(prefix, "")) {
      const object = this.object(bucket, key);
      if (object !== undefined) yield { key, size: object.body.length, body: object.body };
    }
  }

  /** The newest version first. */
  versions(bucket: string, key: string): readonly StoredVersion[] {
    return this.get(bucket).versions.get(key)?.toReversed() ?? [];
  }

  object(bucket: string, key: string, versionId?: string): StoredVersion | undefined {
    const versions = this.get(bucket).versions.get(key) ?? [];
    if (versionId !== undefined) return versions.find((version) => version.versionId === versionId);
    const newest = versions.at(-1);
    return newest?.deleteMarker === true ? undefined : newest;
  }

  put(name: string, key: string, body: Buffer, at: number, contentType = "binary/octet-stream"): StoredVersion {
    const bucket = this.get(name);
    const version = this.version(bucket, key, body, at, contentType);
    bucket.files?.write(key, body, at);
    this.add(bucket, version);
    return version;
  }

  /**
   * Deletes one version for good; without a version id, hides the object or, without versioning, removes it.
   * @returns the version that is gone, or the marker that hides the object
   */
  delete(name: string, key: string, versionId: string | undefined, at: number): StoredVersion | undefined {
    const bucket = this.get(name);
    const before = this.object(name, key);
    const marker =
      versionId === undefined && bucket.versioning === true
        ? { ...this.version(bucket, key, Buffer.alloc(0), at), deleteMarker: true }
        : undefined;
    const gone = this.object(name, key, versionId ?? "null");
    if (marker !== undefined) this.add(bucket, marker);
    else this.remove(bucket, key, versionId ?? "null");
    const after = this.object(name, key);
    if (after === undefined) bucket.files?.delete(key);
    else if (after !== before) bucket.files?.write(key, after.body, after.lastModified);
    return marker ?? gone;
  }

  private add(bucket: Bucket, version: StoredVersion): void {
    const older = bucket.versioning === true ? (bucket.versions.get(version.key) ?? []) : [];
    bucket.versions.set(version.key, [...older, version]);
    bucket.keys.add(version.key);
  }

  private remove(bucket: Bucket, key: string, versionId: string): void {
    const kept = (bucket.versions.get(key) ?? []).filter((version) => version.versionId !== versionId);
    if (kept.length > 0) {
      bucket.versions.set(key, kept);
      return;
    }
    bucket.versions.delete(key);
    bucket.keys.delete(key);
  }

  /** Functions of what a file keeps, so that an object that is loaded again has the id and ETag that it had. */
  private version(
    { name, versioning, keyArn, versions }: Bucket,
    key: string,
    body: Buffer,
    lastModified: number,
    contentType = "binary/octet-stream",
  ): StoredVersion {
    const md5 = createHash("md5").update(body).digest("hex");
    const same = versions.get(key)?.filter((older) => older.lastModified === lastModified).length ?? 0;
    const random = (what: string) =>
      seededUuid(this.seed, what, name, key, lastModified, same, md5).replaceAll("-", "");
    const etag = `"${keyArn === undefined ? md5 : random("etag")}"`;
    const versionId = versioning === true ? random("version") : "null";
    return { key, versionId, body, contentType, etag, lastModified, deleteMarker: false };
  }
}
