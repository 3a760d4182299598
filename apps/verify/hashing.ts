import { availableParallelism } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import pMap from "p-map";
import { z } from "zod";
import { FolderStore } from "../../handlers/archive/folder-store";
import { sha256OfStream } from "../../handlers/archive/hashing";
import type { ArchiveReader } from "../../handlers/archive/store";
import { bundleFolder } from "../bundle";

/** Objects of a bucket that are fetched at a time. */
const concurrency = 16;

/** Files that one message to a thread names: a message costs as much as a small file. */
const filesPerMessage = 64;

const Hashed = z.array(z.union([z.object({ sha256: z.string() }), z.object({ error: z.string() })]));

/** What hashing an object came to; neither, if it is not there. */
export interface HashedObject {
  readonly sha256?: string;
  readonly error?: string;
}

export interface Hasher {
  /** In the order of the keys. */
  hash(bucket: ArchiveReader, keys: readonly string[]): Promise<HashedObject[]>;
}

/** Hashes objects: of a folder on all cores, of a bucket as fast as they come. */
export class ObjectHasher implements Hasher {
  private readonly threads: HashThread[] = [];

  async hash(bucket: ArchiveReader, keys: readonly string[]): Promise<HashedObject[]> {
    if (bucket instanceof FolderStore) return this.hashFiles(keys.map((key) => bucket.pathOf(key)));
    return pMap(
      keys,
      async (key) => {
        const stream = await bucket.stream(key);
        return stream ? { sha256: await sha256OfStream(stream.bytes) } : {};
      },
      { concurrency },
    );
  }

  async close(): Promise<void> {
    await Promise.all(this.threads.splice(0).map((thread) => thread.close()));
  }

  private async hashFiles(paths: readonly string[]): Promise<HashedObject[]> {
    const batches: string[][] = [];
    for (let at = 0; at < paths.length; at += filesPerMessage) batches.push(paths.slice(at, at + filesPerMessage));
    return (await Promise.all(batches.map((batch) => this.leastBusy().hash(batch)))).flat();
  }

  private leastBusy(): HashThread {
    if (this.threads.length < availableParallelism()) {
      const thread = new HashThread();
      this.threads.push(thread);
      return thread;
    }
    return this.threads.reduce((best, thread) => (thread.waiting < best.waiting ? thread : best));
  }
}

type Settle = { readonly resolve: (hashed: HashedObject[]) => void; readonly reject: (error: unknown) => void };

class HashThread {
  private readonly worker = new Worker(join(bundleFolder(), "hash-worker.js"));
  private readonly queue: Settle[] = [];

  constructor() {
    this.worker.unref();
    this.worker.on("message", (message: unknown) => this.queue.shift()?.resolve(Hashed.parse(message)));
    this.worker.on("error", (error) => {
      for (const { reject } of this.queue.splice(0)) reject(error);
    });
  }

  get waiting(): number {
    return this.queue.length;
  }

  hash(paths: readonly string[]): Promise<HashedObject[]> {
    // Only a thread that works keeps the process.
    this.worker.ref();
    return new Promise<HashedObject[]>((resolve, reject) => {
      this.queue.push({ resolve, reject });
      this.worker.postMessage(paths);
    }).finally(() => {
      if (this.queue.length === 0) this.worker.unref();
    });
  }

  async close(): Promise<void> {
    await this.worker.terminate();
  }
}
