import { createHash } from "node:crypto";
import type { ObjectVersion, StoredObject } from "../../../handlers/archive/store";
import { compareKeys } from "../../../handlers/archive/store";
import { MemoryBucket } from "../../handlers/archive/support/memory-bucket";
import type { Emulated } from "../../handlers/support/emulated";

type Objects = ReadonlyMap<string, Buffer>;
interface Version {
  readonly versionId: string;
  readonly etag: string;
  readonly size: number;
  readonly isDeleteMarker: boolean;
}

/**
 * A bucket that keeps versions, after somebody made of it what the objects say: over what was there, or with every earlier
 * version deleted for good.
 */
export class VersionedBucket extends MemoryBucket {
  private readonly kept = new Map<string, readonly Version[]>();

  constructor(
    emulated: Emulated,
    bucket: string,
    objects: Map<string, Buffer>,
    before: Objects,
    keeps: "versions" | "nothing",
  ) {
    super(bucket, objects);
    for (const key of new Set([...before.keys(), ...objects.keys()])) {
      const versions = emulated.cloud.s3.versions(bucket, key).map(({ versionId, etag, body, deleteMarker }) => ({
        ...{ versionId, etag: etag.replaceAll('"', ""), size: body.length, isDeleteMarker: deleteMarker },
      }));
      const body = objects.get(key);
      if (body !== undefined && before.get(key)?.equals(body)) this.kept.set(key, versions);
      else {
        const put = body === undefined ? deleteMarker : versionOf(body);
        const after = keeps === "versions" ? [put, ...versions] : [put].filter(({ isDeleteMarker }) => !isDeleteMarker);
        if (after.length > 0) this.kept.set(key, after);
      }
    }
  }

  /** Deletes an object for good and writes the same bytes again. */
  replace(key: string): void {
    this.kept.set(key, [versionOf(this.objects.get(key) ?? Buffer.alloc(0))]);
  }

  override async *list(prefix: string): AsyncGenerator<StoredObject> {
    for await (const object of super.list(prefix)) {
      const etag = this.kept.get(object.key)?.[0]?.etag;
      yield etag === undefined ? object : { ...object, etag };
    }
  }

  override async *versions(prefix: string): AsyncGenerator<ObjectVersion> {
    const below = [...this.kept]
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, versions]) => ({ key, versions }));
    for (const { key, versions } of below.sort(compareKeys))
      for (const [index, version] of versions.entries()) yield { key, ...version, isLatest: index === 0 };
  }
}

const deleteMarker: Version = { versionId: "deleted", etag: "", size: 0, isDeleteMarker: true };

function versionOf(body: Buffer): Version {
  const etag = createHash("md5").update(body).digest("hex");
  return { versionId: `planted-${etag}`, etag, size: body.length, isDeleteMarker: false };
}
