import type { ArchiveBucket, ArchiveObject, Entries } from "../../../handlers/archive/standing";

/** A bucket of which a test may damage anything. */
export class MemoryBucket implements ArchiveBucket {
  readonly writes = new Map<string, number>();

  constructor(
    readonly bucket: string,
    readonly objects: Map<string, Buffer>,
  ) {}

  *list(prefix: string): Generator<ArchiveObject> {
    for (const [key, body] of this.objects) if (key.startsWith(prefix)) yield { key, size: body.length };
  }

  async entries(prefix: string): Promise<Entries> {
    const below = [...this.objects.keys()]
      .filter((key) => key.startsWith(prefix))
      .map((key) => key.slice(prefix.length));
    return {
      folders: [...new Set(below.filter((key) => key.includes("/")).map((key) => key.split("/", 1)[0] ?? ""))],
      keys: below.filter((key) => !key.includes("/")).map((key) => `${prefix}${key}`),
    };
  }

  async read(key: string): Promise<Buffer> {
    const body = this.objects.get(key);
    if (!body) throw new Error(`There is no ${key}`);
    return body;
  }

  async versions(prefix: string): Promise<Map<string, number>> {
    return new Map([...this.list(prefix)].map(({ key }) => [key, this.writes.get(key) ?? 1]));
  }
}
