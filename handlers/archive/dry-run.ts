import {
  type ArchiveReader,
  type ArchiveStore,
  compareKeys,
  type Entries,
  type ObjectStream,
  type StoredObject,
  sortedFolders,
  sortedKeys,
  streamOf,
} from "./store";

/** An archive that is read as it is, and to which nothing is written: what would be is collected, and read back from here. */
export class DryRunStore implements ArchiveStore {
  /** What would have been written, by key. */
  readonly written = new Map<string, Buffer>();

  constructor(private readonly archive: ArchiveReader) {}

  get bucket(): string {
    return this.archive.bucket;
  }

  async putOnce(key: string, body: string | Uint8Array): Promise<"written" | "exists"> {
    const isThere = (await this.archive.read(key)) !== undefined;
    // Asked last: of two writers that meet only one may be told that it has written.
    if (isThere || this.written.has(key)) return "exists";
    this.written.set(key, Buffer.from(body));
    return "written";
  }

  async read(key: string): Promise<Buffer | undefined> {
    return this.written.get(key) ?? this.archive.read(key);
  }

  async stream(key: string): Promise<ObjectStream | undefined> {
    const body = this.written.get(key);
    return body ? streamOf(body) : this.archive.stream(key);
  }

  async *list(prefix: string): AsyncGenerator<StoredObject> {
    const added = [...this.written]
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, body]) => ({ key, size: body.length }))
      .sort(compareKeys);
    for await (const object of this.archive.list(prefix)) {
      while (added[0] && compareKeys(added[0], object) < 0) yield* added.splice(0, 1);
      yield object;
    }
    yield* added;
  }

  async entries(prefix: string): Promise<Entries> {
    const { folders, keys } = await this.archive.entries(prefix);
    const added = [...this.written.keys()]
      .filter((key) => key.startsWith(prefix))
      .map((key) => key.slice(prefix.length));
    const names = added.filter((key) => key.includes("/")).map((key) => key.split("/", 1)[0] ?? "");
    const objects = added.filter((key) => !key.includes("/")).map((key) => `${prefix}${key}`);
    return { folders: sortedFolders([...folders, ...names]), keys: sortedKeys([...keys, ...objects]) };
  }
}
