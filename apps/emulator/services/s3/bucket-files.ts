import { z } from "zod";
import { FileNames } from "../../../../handlers/archive/file-names";
import type { Directory } from "../../storage/directory";

const KeysFile = z.record(z.string(), z.string());

/** The objects of one bucket as files: `s3/<bucket>/<key>`, and `s3/<bucket>.keys.json` for keys with files of other names. */
export class BucketFiles {
  private readonly names = new FileNames();
  private readonly keys: Record<string, string>;
  private readonly folder: string;
  private readonly keysFile: string;

  constructor(
    private readonly directory: Directory,
    bucket: string,
  ) {
    this.folder = `s3/${bucket}`;
    this.keysFile = `s3/${bucket}.keys.json`;
    this.keys = KeysFile.parse(JSON.parse(directory.read(this.keysFile)?.toString("utf8") ?? "{}"));
  }

  /** What an earlier run left. */
  load(): { key: string; body: Buffer; lastModified: number }[] {
    return this.directory.list(this.folder).map((path) => {
      const key = this.keys[path] ?? path;
      this.names.restore(path, key);
      const file = this.file(path);
      return {
        key,
        body: this.directory.read(file) ?? Buffer.alloc(0),
        lastModified: this.directory.lastModified(file),
      };
    });
  }

  write(key: string, body: Buffer, lastModified: number): void {
    const path = this.names.path(key);
    // The key first: a file whose key is not known would come back under a wrong one.
    if (path !== key && this.keys[path] === undefined) {
      this.keys[path] = key;
      this.directory.write(this.keysFile, `${JSON.stringify(this.keys, null, 2)}\n`);
    }
    this.directory.write(this.file(path), body, lastModified);
  }

  delete(key: string): void {
    this.directory.delete(this.file(this.names.path(key)));
  }

  private file(path: string): string {
    return `${this.folder}/${path}`;
  }
}
