import {
  type ArchiveStore,
  compareKeys,
  type Entries,
  type ObjectStream,
  type ObjectVersion,
  type StoredObject,
  sortedFolders,
  sortedKeys,
  streamOf,
} from "../../../../handlers/archive/store";

/** A bucket of which a test may damage anything. */
export class MemoryBucket implements ArchiveStore {
  readonly writes = new Map<string, number>();

  constructor(
    readonly bucket: string,
    readonly objects: Map<string, Buffer>,
  ) {}

  async *list(prefix: string): AsyncGenerator<StoredObject> {
    yield* [...this.objects]
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, body]) => ({ key, size: body.length }))
      .sort(compareKeys);
  }

  async entries(prefix: string): Promise<Entries> {
    const below = [...this.objects.keys()]
      .filter((key) => key.startsWith(prefix))
      .map((key) => key.slice(prefix.length));
    return {
      folders: sortedFolders(below.filter((key) => key.includes("/")).map((key) => key.split("/", 1)[0] ?? "")),
      keys: sortedKeys(below.filter((key) => !key.includes("/")).map((key) => `${prefix}${key}`)),
    };
  }

  async read(key: string): Promise<Buffer | undefined> {
    return this.objects.get(key);
  }

  async stream(key: string): Promise<ObjectStream | undefined> {
    const body = this.objects.get(key);
    return body && streamOf(body);
  }

  async putOnce(key: string, body: string | Uint8Array): Promise<"written" | "exists"> {
    if (this.objects.has(key)) return "exists";
    this.objects.set(key, Buffer.from(body));
    return "written";
  }

  async *versions(prefix: string): AsyncGenerator<ObjectVersion> {
    for await (const object of this.list(prefix))
      for (let n = this.writes.get(object.key) ?? 1; n > 0; n -= 1)
        yield {
          ...object,
          // As of what was written while the bucket kept no versions.
          versionId: n === 1 ? "null" : String(n),
          isLatest: n === (this.writes.get(object.key) ?? 1),
          isDeleteMarker: false,
        };
  }
}
