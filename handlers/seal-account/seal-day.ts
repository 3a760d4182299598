import pMap from "p-map";
import { parseCoverage } from "../archive/coverage";
import { EventFiles } from "../archive/event-files/event-files";
import { type BoundObject, sha256Hex } from "../archive/hashing";
import { sealedPartKey } from "../archive/layout";
import { SealedPart } from "../archive/seals";
import { parseRecord, UnreadableRecord } from "../archive/serialization";
import { readText } from "../archive/store";
import { ItemEvents } from "./item-events";
import { type ItemsRead, readItems } from "./read-items";
import type { Sealing } from "./sealing";
import { type Surveyed, survey, type Unsealable } from "./survey";

/** What one seal binds at most, so that its bytes and what is read for it fit the function; an item is never split. */
const receiptsPerSeal = 200;
const objectsPerSeal = 2_000;

/** Receipts that are read, and listed, at a time. */
const concurrency = 16;

/**
 * Seals what of a day is receipted or covered, and in no seal yet.
 * @returns whether the day is done; else there is more of it, and no time.
 */
export async function sealDay(sealing: Sealing, day: string): Promise<boolean> {
  const { archive, account, region } = sealing;
  const seals = await sealing.days.at(day);
  if (!seals) return true;
  sealing.countOwn(day, seals.seals);
  const before = sealing.days.heldBefore(day);
  for (;;) {
    const { after } = sealing.cursor;
    const open = await seals.unsealed();
    const receipts = open.receipts.filter((key) => after === null || key > after);
    const coverage = await bindCoverage(sealing, day, open.coverage);
    if (receipts.length + coverage.length === 0) return true;
    if (!sealing.hasTime()) return false;
    const { surveyed, reached } = await surveySome(sealing, day, receipts);
    const events = new ItemEvents(archive, new EventFiles({ region, account, day }, archive), before);
    const read = await readSome(sealing, day, surveyed, events);
    const { items } = read;
    if (items.length + coverage.length > 0) {
      const eventFiles = [...(await events.finish())];
      const content = { items: [...items], coverage, eventFiles, runId: sealing.runId, at: sealing.now() };
      // What others have sealed meanwhile is not open any more.
      const n = await seals.write(archive, content);
      if (n === undefined) continue;
      sealing.countSeal(day, n, items);
    }
    if (read.rest) {
      await keepRest(sealing, read.rest, events);
      return false;
    }
    sealing.move({ after: reached ?? after, partial: null });
  }
}

/** The coverage objects that can be read, with their hashes. */
async function bindCoverage(sealing: Sealing, day: string, keys: readonly string[]): Promise<BoundObject[]> {
  const bind = async (key: string): Promise<BoundObject | undefined> => {
    const bytes = await sealing.archive.read(key);
    try {
      if (!bytes) throw new UnreadableRecord(`${key} was deleted while it was sealed`);
      parseCoverage(key, bytes.toString("utf8"));
      return { key, sha256: sha256Hex(bytes) };
    } catch (error) {
      if (!(error instanceof UnreadableRecord)) throw error;
      sealing.note(day, null, error.message);
      return undefined;
    }
  };
  return (await pMap(keys, bind, { concurrency })).filter((bound) => bound !== undefined);
}

/** As many receipts as a seal binds, from the first on, and the last that was looked at. */
async function surveySome(
  sealing: Sealing,
  day: string,
  keys: readonly string[],
): Promise<{ readonly surveyed: readonly Surveyed[]; readonly reached: string | undefined }> {
  const batch = keys.slice(0, receiptsPerSeal);
  const found = await pMap(batch, (key) => survey(sealing.archive, key), { concurrency });
  const surveyed: Surveyed[] = [];
  let objects = 0;
  for (const [index, one] of found.entries()) {
    if ("error" in one) note(sealing, day, one);
    else {
      objects += one.objects.length;
      if (surveyed.length > 0 && objects > objectsPerSeal) return { surveyed, reached: batch[index - 1] };
      surveyed.push(one);
    }
  }
  return { surveyed, reached: batch.at(-1) };
}

async function readSome(
  sealing: Sealing,
  day: string,
  surveyed: readonly Surveyed[],
  events: ItemEvents,
): Promise<ItemsRead> {
  const { archive } = sealing;
  const { partial } = sealing.cursor;
  const isPart = partial && surveyed[0]?.key === partial.receipt;
  const known = isPart ? parseRecord(SealedPart, partial.key, await readText(archive, partial.key)) : undefined;
  const read = await readItems(archive, surveyed, known, ({ size }) => sealing.mayRead(size), events);
  for (const one of read.unsealable) note(sealing, day, one);
  return read;
}

/** What is read of an item that is larger than a step is kept; any other item begins anew, with a whole step before it. */
async function keepRest(
  sealing: Sealing,
  { surveyed, objects, after }: NonNullable<ItemsRead["rest"]>,
  events: ItemEvents,
): Promise<void> {
  if (after !== undefined) return sealing.move({ after, partial: null });
  const key = sealedPartKey(sealing.runId, sealing.account, sealing.cursor.step, sealing.requestId);
  const part: SealedPart = { objects: [...objects], eventFiles: [...(await events.keep())] };
  await sealing.archive.putOnce(key, JSON.stringify(part), "application/json");
  sealing.move({ partial: { receipt: surveyed.key, key } });
}

function note(sealing: Sealing, day: string, { logGroup, error }: Unsealable): void {
  sealing.note(day, logGroup, error.message);
}
