import type { SealedItem, SealedObject, SealedPart } from "../archive/seals";
import type { ArchiveReader, CurrentObject } from "../archive/store";
import { NotSealable } from "./errors";
import type { ItemEvents } from "./item-events";
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
 * Reads everything that receipts committed, and gives what it holds to the event files.
 * @param known what earlier steps have read of the first receipt.
 * @param mayRead is asked before each object whether there is time for it.
 */
export async function readItems(
  archive: ArchiveReader,
  surveyed: readonly Surveyed[],
  known: SealedPart | undefined,
  mayRead: (object: CurrentObject) => boolean,
  events: ItemEvents,
): Promise<ItemsRead> {
  const [first] = surveyed;
  const read = new Map(first && known && knownOf(first, known).map((object) => [object.key, object]));
  if (known && read.size > 0) events.resume(known.eventFiles);
  const unsealable = new Map<Surveyed, NotSealable>();
  const items: SealedItem[] = [];
  /** How many receipts are dealt with, from the first on. */
  let ended = 0;
  const endBefore = async (next: Surveyed | undefined) => {
    for (let one = surveyed[ended]; one && one !== next; one = surveyed[ended]) {
      const error = unsealable.get(one);
      const objects = one.objects.flatMap(({ key }) => read.get(key) ?? []);
      if (error) events.drop();
      else if (objects.length < one.objects.length) return;
      else {
        await events.end(one, objects);
        items.push({ logGroup: one.receipt.logGroup, receipt: one.key, receiptSha256: one.sha256, objects });
      }
      ended += 1;
    }
  };
  const wanted = function* () {
    for (const one of surveyed)
      for (const object of one.objects)
        if (!read.has(object.key) && !unsealable.has(one)) yield { surveyed: one, object };
  };
  const reading = readObjects(archive, wanted(), mayRead, async ({ surveyed: one, object }, block) => {
    await endBefore(one);
    if (!unsealable.has(one)) await events.take(one, object.key, block);
  });
  for await (const { surveyed: one, object, read: result } of reading)
    if (result instanceof NotSealable) unsealable.set(one, unsealable.get(one) ?? result);
    else read.set(object.key, result);
  await endBefore(undefined);
  const named = [...unsealable].map(([{ key, receipt }, error]) => ({ key, logGroup: receipt.logGroup, error }));
  const unread = surveyed[ended];
  if (!unread) return { items, unsealable: named };
  const objects = unread.objects.flatMap(({ key }) => read.get(key) ?? []);
  return { items, unsealable: named, rest: { surveyed: unread, objects, after: surveyed[ended - 1]?.key } };
}

/** What is known of a receipt's objects, if all of that is still as it was. */
function knownOf({ objects }: Surveyed, known: SealedPart): readonly SealedObject[] {
  const byKey = new Map(objects.map((object) => [object.key, object]));
  return known.objects.every((before) => isSame(before, byKey.get(before.key))) ? known.objects : [];
}

function isSame(before: SealedObject, object: CurrentObject | undefined): boolean {
  return (
    object !== undefined &&
    before.size === object.size &&
    before.etag === (object.etag ?? "-") &&
    before.versionId === object.versionId
  );
}
