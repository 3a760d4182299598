import { accountListKey, dayOfFolder, receiptsOfDay, receiptsRoot } from "../archive/layout";
import { AccountList, Receipt } from "../archive/records";
import { parseRecord, UnreadableRecord } from "../archive/serialization";
import { type ArchiveReader, readText } from "../archive/store";
import { dayWindow } from "../calendar/days";
import { InvalidInput } from "../contract/errors";
import type { Day } from "../contract/values";

/** A year and a month of them: zones that differ at all differ in winter or in summer. */
const months = 13;

/**
 * Makes sure that the archive's days are days of a zone: in two zones they would overlap, and leave hours out. One receipt of each
 * of the newest months is looked at, so that a zone with the same days (another city's) passes.
 * @throws {InvalidInput} naming both zones.
 */
export async function checkZoneOfReceipts(timeZone: string, archive: ArchiveReader): Promise<void> {
  for (const day of await newestDayOfEachMonth(archive)) {
    const receipt = await anyReceipt(day, archive);
    if (!receipt) continue;
    const { from, to } = dayWindow(day, timeZone);
    if (receipt.from === from && receipt.to === to) continue;
    const run = await readText(archive, accountListKey(receipt.runId));
    const zone = run === undefined ? undefined : parseRecord(AccountList, "accounts.json", run).dayTimeZone;
    throw new InvalidInput(
      `dayTimeZone: in ${timeZone} the day ${day} goes ${span(from, to)}, but the archive in ${archive.bucket} has it in ` +
        `${zone ?? "another zone"}, ${span(receipt.from, receipt.to)}. The zone of an archive that has receipts cannot be ` +
        `changed: set dayTimeZone back${zone ? ` to ${zone}` : ""}.`,
    );
  }
}

async function newestDayOfEachMonth(archive: ArchiveReader): Promise<Day[]> {
  const newest = new Map<string, Day>();
  for (const folder of (await archive.entries(receiptsRoot)).folders) {
    const day = dayOfFolder(folder);
    if (day) newest.set(day.slice(0, "YYYY-MM".length), day);
  }
  return [...newest.values()].slice(-months).reverse();
}

/** The first receipt that can be read: a damaged one is its own account's concern, not every account's. */
async function anyReceipt(day: Day, archive: ArchiveReader): Promise<Receipt | undefined> {
  for await (const { key } of archive.list(receiptsOfDay(day))) {
    const text = await readText(archive, key);
    try {
      return parseRecord(Receipt, key, text);
    } catch (error) {
      if (!(error instanceof UnreadableRecord)) throw error;
    }
  }
  return undefined;
}

function span(from: number, to: number): string {
  return `from ${new Date(from).toISOString()} to ${new Date(to).toISOString()}`;
}
