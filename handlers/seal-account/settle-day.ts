import { latestLines } from "../archive/coverage";
import { mayHave, type NextDay, settleEnds, unsettledItems } from "../archive/event-files/ends";
import { writeEventFile } from "../archive/event-files/event-files";
import { standingEvents } from "../archive/event-files/standing-events";
import { addDays } from "../archive/expectations";
import { logGroupHash, parseReceiptKey, receiptsPrefix } from "../archive/layout";
import { parseReceipt } from "../archive/receipts";
import type { Seal } from "../archive/seals";
import { UnreadableRecord } from "../archive/serialization";
import { readText } from "../archive/store";
import type { Sealing } from "./sealing";

/**
 * Settles which events of the millisecond that a day shares with the next are the day's, once both are sealed, and names the
 * event file that has them in a seal of the day.
 * @returns whether the day is done; else there is more of it, and no time.
 */
export async function settleDay(sealing: Sealing, day: string): Promise<boolean> {
  const { archive, account, region, runId } = sealing;
  const [seals, nextSeals] = [await sealing.days.at(day), await sealing.days.at(addDays(day, 1))];
  if (!seals || !nextSeals || nextSeals.seals.length === 0) return true;
  sealing.countOwn(day, seals.seals);
  const to = await endOf(sealing, day, seals.seals);
  if (to === undefined) return true;
  const next = await nextDay(sealing, addDays(day, 1), nextSeals.seals, to);
  if (!next) return true;
  for (;;) {
    const sealed = { region, account, day, to, ...standingEvents(seals.seals, (object) => mayHave(object, to)) };
    if (unsettledItems(sealed, next).length === 0) return true;
    if (!sealing.hasTime()) return false;
    const { file, unread, isMore } = await settleEnds(archive, sealed, next, () => sealing.hasTime());
    // What is not there has expired, or `verify` misses it.
    for (const [logGroup, error] of unread)
      if (!(error instanceof UnreadableRecord)) sealing.note(day, logGroup, error.message);
    if (!file) return !isMore;
    const eventFiles = [await writeEventFile(archive, sealed, "ends", file)];
    const n = await seals.write(archive, { items: [], coverage: [], eventFiles, runId, at: sealing.now() });
    if (n !== undefined) sealing.countSeal(day, n, []);
    if (!isMore) return true;
  }
}

/** The last millisecond of a day's window, which is the next day's first; undefined if the day has no receipts. */
async function endOf({ archive, run }: Sealing, day: string, seals: readonly Seal[]): Promise<number | undefined> {
  const known =
    run.days.find((one) => one.day === day)?.to ?? run.days.find((one) => one.day === addDays(day, 1))?.from;
  if (known !== undefined) return known;
  const [item] = seals.flatMap(({ items }) => items);
  try {
    return item && parseReceipt(item.receipt, await readText(archive, item.receipt)).to;
  } catch (error) {
    if (!(error instanceof UnreadableRecord)) throw error;
    return undefined;
  }
}

/** Undefined if its coverage is damaged: what is still to come of it is not known. */
async function nextDay(
  { archive, account, run }: Sealing,
  day: string,
  seals: readonly Seal[],
  from: number,
): Promise<NextDay | undefined> {
  const receipts = new Set<string>();
  for await (const { key } of archive.list(receiptsPrefix(day, account)))
    receipts.add(parseReceiptKey(key)?.logGroupHash ?? "");
  const { items } = standingEvents(seals, (object) => mayHave(object, from));
  // The next run's look-back begins a day later: what has failed of the first day of this one's is not tried again.
  const isTriedAgain = run.days.some((earlier) => earlier.day < day);
  try {
    const lines = isTriedAgain ? await latestLines(archive, day, account) : undefined;
    const lineOf = (logGroup: string | null) => lines?.get({ account, day, logGroup });
    const hasFailed = (logGroup: string) => (lineOf(logGroup) ?? lineOf(null))?.outcome === "failed";
    return {
      items,
      isSealed: true,
      isOpen: (logGroup) => receipts.has(logGroupHash(logGroup)) || hasFailed(logGroup),
    };
  } catch (error) {
    if (!(error instanceof UnreadableRecord)) throw error;
    return undefined;
  }
}
