import { createWriteStream, renameSync, rmSync } from "node:fs";
import { pipeline } from "node:stream/promises";
import pMap from "p-map";
import type { ArchiveReader, Entries, ObjectStream, StoredObject } from "../../../handlers/archive/store";
import type { CachedFolder } from "./cached-folder";

/** Objects fetched at a time. */
const concurrency = 32;

/** Objects, and their bytes. */
export interface Amount {
  readonly objects: number;
  readonly bytes: number;
}

/** A bucket whose objects are kept in a folder once they have been read. */
export class CachedBucket implements ArchiveReader {
  readonly bucket: string;

  /** @param onFetched told of every piece of an object that arrived, in bytes, and of the object when it is whole */
  constructor(
    private readonly remote: ArchiveReader,
    readonly folder: CachedFolder,
    private readonly onFetched: (arrived: Amount) => void,
  ) {
    this.bucket = remote.bucket;
  }

  list(prefix: string): AsyncIterable<StoredObject> {
    return this.remote.list(prefix);
  }

  entries(prefix: string): Promise<Entries> {
    return this.remote.entries(prefix);
  }

  stream(key: string): Promise<ObjectStream | undefined> {
    return this.remote.stream(key);
  }

  async read(key: string): Promise<Buffer | undefined> {
    return (await this.folder.read(key)) ?? ((await this.fetch(key)) ? this.folder.read(key) : undefined);
  }

  /** The folders right below a prefix, which the folder knows from now on. */
  async folders(prefix: string): Promise<readonly string[]> {
    const { folders } = await this.remote.entries(prefix);
    this.folder.setFolders(prefix, folders);
    return folders;
  }

  /** Fetches everything below prefixes that is not in the folder, and removes from it what the bucket does not have. */
  async fetchAll(prefixes: readonly string[]): Promise<void> {
    await pMap(
      prefixes,
      async (prefix) => {
        const objects: StoredObject[] = [];
        for await (const object of this.remote.list(prefix)) objects.push(object);
        this.folder.keepOnly(prefix, new Set(objects.map(({ key }) => key)));
        const missing = objects.filter((object) => !this.folder.has(object));
        await pMap(missing, ({ key }) => this.fetch(key), { concurrency: 8 });
        this.folder.setWhole(prefix);
      },
      { concurrency: 8 },
    );
  }

  async fetchObjects(keys: readonly string[]): Promise<void> {
    await pMap(keys, (key) => this.fetch(key), { concurrency });
  }

  /** Whether there is such an object. */
  private async fetch(key: string): Promise<boolean> {
    const stored = await this.remote.stream(key);
    if (!stored) return false;
    const path = this.folder.place(key);
    const temporary = this.folder.temporary();
    try {
      await pipeline(this.told(stored.bytes), createWriteStream(temporary, { mode: 0o600 }));
      renameSync(temporary, path);
    } finally {
      rmSync(temporary, { force: true });
    }
    this.onFetched({ objects: 1, bytes: 0 });
    return true;
  }

  private async *told(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const piece of pieces) {
      this.onFetched({ objects: 0, bytes: piece.byteLength });
      yield piece;
    }
  }
}
