/**
 * Where an archive lies, as everything that reads or writes one sees it: one bucket of one Region, at AWS, in a folder, or
 * in memory. What is written is written once; nothing is overwritten or deleted.
 */

export type ContentType = "application/json" | "application/x-ndjson" | "application/octet-stream";

export interface StoredObject {
  readonly key: string;
  /** Bytes as stored. */
  readonly size: number;
  /** As S3 gives it, without quotes; absent where the store keeps none. */
  readonly etag?: string;
}

/** An object as it stands, of one version where the bucket keeps versions. */
export interface CurrentObject extends StoredObject {
  readonly versionId?: string;
}

/** What lies directly below a prefix. */
export interface Entries {
  /** Names, without slashes. */
  readonly folders: readonly string[];
  /** Of objects, whole. */
  readonly keys: readonly string[];
}

/** One of the versions that a bucket keeps of a key. */
export interface ObjectVersion extends StoredObject {
  readonly versionId: string;
  readonly isLatest: boolean;
  /** The key was deleted; earlier versions are still there. */
  readonly isDeleteMarker: boolean;
}

/** An object that is read in pieces, whatever its size. */
export interface ObjectStream {
  /** Bytes as stored. */
  readonly size: number;
  /** As S3 gives it, without quotes; absent where the store keeps none. */
  readonly etag?: string;
  /** Absent where the bucket keeps no versions. */
  readonly versionId?: string;
  /** All of one version, in order; to be read once, or left. */
  readonly bytes: AsyncIterable<Uint8Array>;
}

/** How a bucket is set, as far as it decides what becomes of its objects. */
export interface BucketSettings {
  readonly versioning: "Enabled" | "Suspended" | "never on";
  /** What new objects get; null where they get no lock. */
  readonly objectLock: { readonly mode: string; readonly days: number } | null;
  readonly encryption: { readonly algorithm: string; readonly keyArn?: string } | null;
  /** The rules that are on. */
  readonly lifecycle: readonly {
    readonly id: string;
    readonly prefix: string;
    readonly expiresAfterDays?: number;
    readonly versionsExpireAfterDays?: number;
    readonly movesTo: readonly { readonly storageClass: string; readonly afterDays: number }[];
  }[];
  /** The bucket that has the server access logs; null where there are none. */
  readonly accessLogs: string | null;
}

export interface ArchiveReader {
  /** The bucket's name. */
  readonly bucket: string;
  /** Every object whose key begins with a prefix, in the keys' UTF-8 byte order. */
  list(prefix: string): AsyncIterable<StoredObject>;
  /** What comes next below a prefix that is empty or ends with a slash, in UTF-8 byte order. */
  entries(prefix: string): Promise<Entries>;
  /** An object's bytes, or undefined if there is definitely no such key. Every other failure is an error. */
  read(key: string): Promise<Buffer | undefined>;
  /** An object in pieces, or undefined if there is definitely no such key. Every other failure is an error. */
  stream(key: string): Promise<ObjectStream | undefined>;
  /** Every version of every key that begins with a prefix; absent where the store keeps none. */
  versions?(prefix: string): AsyncIterable<ObjectVersion>;
  /** How the bucket is set now, if that may be read; absent where the store is no bucket. */
  settings?(): Promise<BucketSettings | "denied">;
}

export interface ArchiveStore extends ArchiveReader {
  /**
   * Writes an object unless its key is taken. A caller whose answer was lost may be told `exists` of its own object: it
   * reads what stands there.
   */
  putOnce(key: string, body: string | Uint8Array, contentType: ContentType): Promise<"written" | "exists">;
}

/** Writes an object under the first free one of a row of numbered keys, and returns its number, from 1. */
export async function putNext(
  store: ArchiveStore,
  keyOf: (n: number) => string,
  body: string | Uint8Array,
  contentType: ContentType,
): Promise<number> {
  for (let n = 1; ; n += 1) if ((await store.putOnce(keyOf(n), body, contentType)) === "written") return n;
}

/** What a listing of a prefix gives, with version ids where the bucket keeps versions, in the keys' UTF-8 byte order. */
export async function currentObjects(store: ArchiveReader, prefix: string): Promise<CurrentObject[]> {
  const found: CurrentObject[] = [];
  if (store.versions) for await (const version of store.versions(prefix)) found.push(...current(version));
  else for await (const object of store.list(prefix)) found.push(object);
  return found;
}

/** A version as the object that stands; none if another one stands, or the key was deleted. */
export function current({ isLatest, isDeleteMarker, versionId, ...object }: ObjectVersion): CurrentObject[] {
  if (!isLatest || isDeleteMarker) return [];
  // What was written while a bucket kept no versions has this id, as text.
  return [versionId === "null" ? object : { ...object, versionId }];
}

/** An object as UTF-8 text, or undefined if there is no such key. */
export async function readText(store: ArchiveReader, key: string): Promise<string | undefined> {
  return (await store.read(key))?.toString("utf8");
}

/** What is in memory, as a stream. */
export function streamOf(body: Uint8Array): ObjectStream {
  return {
    size: body.length,
    bytes: {
      async *[Symbol.asyncIterator]() {
        yield body;
      },
    },
  };
}

/** Orders keys as S3 lists them. */
export function compareKeys(a: { readonly key: string }, b: { readonly key: string }): number {
  // UTF-16 orders like UTF-8 below the surrogates, where almost every key is.
  if (isPlain(a.key) && isPlain(b.key)) return a.key < b.key ? -1 : a.key > b.key ? 1 : 0;
  return Buffer.compare(Buffer.from(a.key, "utf8"), Buffer.from(b.key, "utf8"));
}

/** Keys or names in the order in which S3 lists them, each once. */
export function sortedKeys(keys: Iterable<string>): string[] {
  return [...new Set(keys)]
    .map((key) => ({ key }))
    .sort(compareKeys)
    .map(({ key }) => key);
}

/** Names of folders in the order in which S3 lists them, each once: the slash at their ends counts. */
export function sortedFolders(names: Iterable<string>): string[] {
  return sortedKeys([...names].map((name) => `${name}/`)).map((name) => name.slice(0, -1));
}

function isPlain(key: string): boolean {
  return !/[\uD800-\uFFFF]/.test(key);
}
