import { pMapIterable } from "p-map";
import type { EventBlock } from "../archive/event-text";
import { DamagedObject, openExportedObject, RefusedObject, readExportedObject } from "../archive/exported-object";
import type { SealedObject } from "../archive/seals";
import { type ArchiveReader, type CurrentObject, type ObjectStream, streamOf } from "../archive/store";
import { NotSealable } from "./errors";

/** Objects up to so many bytes are fetched ahead, because most of their time is the way there and back. */
const smallBytes = 256 * 1024;
const fetchedAhead = 16;

/** Reading the object could not be begun, or what came is not the object that was listed. */
type Opened = ObjectStream | NotSealable;

/** An object of a receipt, and what reading it through said of it, or why it cannot be sealed. */
export type ReadObject<T> = T & { readonly read: SealedObject | NotSealable };

/**
 * Reads objects through, each once, in their order: small ones are fetched ahead, large ones are read as they come.
 * @param mayRead is asked before each object whether there is time for it; the first no ends the reading.
 * @param take is given the events of each object as they come.
 */
export async function* readObjects<T extends { readonly object: CurrentObject }>(
  archive: ArchiveReader,
  wanted: Iterable<T>,
  mayRead: (object: CurrentObject) => boolean,
  take: (one: T, block: EventBlock) => Promise<void>,
): AsyncGenerator<ReadObject<T>> {
  const fetched = pMapIterable(
    wanted,
    async (one) => ({ one, opened: one.object.size <= smallBytes ? await fetch(archive, one.object) : undefined }),
    { concurrency: fetchedAhead, backpressure: fetchedAhead },
  );
  for await (const { one, opened } of fetched) {
    if (!mayRead(one.object)) return;
    const stream = opened ?? (await open(archive, one.object));
    yield { ...one, read: await readThrough(one.object, stream, (block) => take(one, block)) };
  }
}

async function fetch(archive: ArchiveReader, object: CurrentObject): Promise<Opened> {
  const opened = await open(archive, object);
  if (opened instanceof NotSealable) return opened;
  const pieces: Uint8Array[] = [];
  for await (const piece of opened.bytes) pieces.push(piece);
  return streamOf(Buffer.concat(pieces));
}

async function open(archive: ArchiveReader, { key, size, etag, versionId }: CurrentObject): Promise<Opened> {
  const stream = await openExportedObject(archive, key).catch((error: unknown) => {
    if (error instanceof RefusedObject) return new NotSealable(error.message, { cause: error });
    throw error;
  });
  if (stream instanceof NotSealable) return stream;
  if (!stream) return new NotSealable(`${key} was deleted while it was sealed`);
  if (stream.size === size && stream.etag === etag && stream.versionId === versionId) return stream;
  // Begun and left: a connection whose body is never asked for stays open.
  for await (const _ of stream.bytes) break;
  return new NotSealable(`${key} was written anew while it was sealed`);
}

async function readThrough(
  object: CurrentObject,
  opened: Opened,
  take: (block: EventBlock) => Promise<void>,
): Promise<SealedObject | NotSealable> {
  if (opened instanceof NotSealable) return opened;
  const { key, size, etag = "-", versionId } = object;
  try {
    const { sha256, events, firstEvent, lastEvent, rawBytes } = await readExportedObject(opened.bytes, take);
    return {
      key,
      size,
      etag,
      ...(versionId === undefined ? {} : { versionId }),
      sha256,
      events,
      ...(firstEvent === undefined ? {} : { firstEvent }),
      ...(lastEvent === undefined ? {} : { lastEvent }),
      rawBytes,
    };
  } catch (error) {
    if (error instanceof DamagedObject)
      return new NotSealable(`${key} cannot be read: ${error.message}`, { cause: error });
    throw error;
  }
}
