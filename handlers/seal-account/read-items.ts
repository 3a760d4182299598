import type { SealedItem, SealedObject } from "../archive/seals";
import type { ArchiveReader, CurrentObject } from "../archive/store";
import { NotSealable } from "./errors";
import { readObjects } from "./read-objects";
import type { Surveyed, Unsealable } from "./survey";

export interface ItemsRead {
  /** Whole, in their order. */
  readonly items: readonly SealedItem[];
  readonly unsealable: readonly Unsealable[];
  /** The first receipt that was not read to the end, because there was no time. */
  readonly rest?: {
    readonly surveyed: Surveyed;
    /** What was read of it. */
    readonly objects: readonly SealedObject[];
    /** The receipt before it; undefined if it is the first. */
    readonly after: string | undefined;
  };
}

/**
 * Reads everything that receipts committed.
 * @param known objects that earlier steps have read, by key.
 * @param mayRead is asked before each object whether there is time for it.
 */
export async function readItems(
  archive: ArchiveReader,
  surveyed: readonly Surveyed[],
  known: ReadonlyMap<string, SealedObject>,
  mayRead: (object: CurrentObject) => boolean,
): Promise<ItemsRead> {
  const read = new Map<string, SealedObject>();
  const unsealable = new Map<Surveyed, NotSealable>();
  const wanted = function* () {
    for (const one of surveyed)
      for (const object of one.objects) {
        const before = known.get(object.key);
        if (before && isSame(before, object)) read.set(object.key, before);
        else if (!unsealable.has(one)) yield { surveyed: one, object };
      }
  };
  for await (const { surveyed: one, object, read: result } of readObjects(archive, wanted(), mayRead))
    if (result instanceof NotSealable) unsealable.set(one, unsealable.get(one) ?? result);
    else read.set(object.key, result);
  const named = [...unsealable].map(
    ([
      {
        key,
        receipt: { logGroup },
      },
      error,
    ]) => ({ key, logGroup, error }),
  );
  const items: SealedItem[] = [];
  for (const [index, one] of surveyed.entries()) {
    if (unsealable.has(one)) continue;
    const objects = one.objects.flatMap(({ key }) => read.get(key) ?? []);
    if (objects.length < one.objects.length)
      return { items, unsealable: named, rest: { surveyed: one, objects, after: surveyed[index - 1]?.key } };
    items.push({ logGroup: one.receipt.logGroup, receipt: one.key, receiptSha256: one.sha256, objects });
  }
  return { items, unsealable: named };
}

function isSame(before: SealedObject, { size, etag = "-", versionId }: CurrentObject): boolean {
  return before.size === size && before.etag === etag && before.versionId === versionId;
}
