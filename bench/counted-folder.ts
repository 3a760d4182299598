import { type ArchivedFile, FolderStore } from "../handlers/archive/folder-store";

/** A bucket's folder that counts what is asked of it. Queries read its files themselves, and count on their own. */
export class CountedFolder extends FolderStore {
  readonly counts = { listed: 0, objects: 0, bytes: 0 };

  override files(prefix: string): ArchivedFile[] {
    const files = super.files(prefix);
    this.counts.listed += files.length;
    return files;
  }

  override async read(key: string): Promise<Buffer | undefined> {
    const body = await super.read(key);
    this.counts.objects += 1;
    this.counts.bytes += body?.length ?? 0;
    return body;
  }
}
