import type { Directory } from "./directory";
import { FileNames } from "./file-names";

/** The objects of one bucket as files. */
export class BucketFiles {
  private readonly names = new FileNames();
  private readonly keys: Record<string, string>;

  constructor(
    private readonly directory: Directory,
    private readonly bucket: string,
  ) {
    this.keys = { ...directory.readKeys(bucket) };
  }

  /** What an earlier run left. */
  load(): { key: string; body: Buffer; lastModified: number }[] {
    return this.directory.objectPaths(this.bucket).map((path) => {
      const key = this.keys[path] ?? path;
      this.names.restore(path, key);
      return { key, ...this.directory.readObject(this.bucket, path) };
    });
  }

  write(key: string, body: Buffer, lastModified: number): void {
    const path = this.names.path(key);
    // The key first: a file whose key is not known would come back under a wrong one.
    if (path !== key && this.keys[path] === undefined) {
      this.keys[path] = key;
      this.directory.writeKeys(this.bucket, this.keys);
    }
    this.directory.writeObject(this.bucket, path, body, lastModified);
  }

  delete(key: string): void {
    this.directory.deleteObject(this.bucket, this.names.path(key));
  }
}
