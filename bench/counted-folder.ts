import { type ArchivedFile, BucketFolder } from "../handlers/archive/folder-store";

/** A bucket's folder that counts what is asked of it. Queries read its files themselves, and count on their own. */
export class CountedFolder extends BucketFolder {
  readonly counts = { listed: 0, objects: 0, bytes: 0 };

  override *list(prefix: string): Generator<ArchivedFile> {
    for (const file of super.list(prefix)) {
      this.counts.listed += 1;
      yield file;
    }
  }

  override async read(key: string): Promise<Buffer> {
    const body = await super.read(key);
    this.counts.objects += 1;
    this.counts.bytes += body.length;
    return body;
  }
}
