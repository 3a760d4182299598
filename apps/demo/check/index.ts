import { dayWindow } from "../../../handlers/calendar/days";
import { reasonCode } from "../../../handlers/contract/reasons";
import type { WindowReading } from "../../emulator";
import { compareItem } from "./compare";
import { overlaps } from "./overlaps";
import { itemName, readRecords } from "./records";
import { type CoveredDays, readSource } from "./source";

export type { CoveredDays } from "./source";

/** What comparing the archive with what was put into the emulator found. */
export interface ArchiveCheck {
  /** (account, Region, log group, day) that hold data within the days that the runs covered. */
  readonly itemsWithData: number;
  readonly eventsWithData: number;
  /** Events of the millisecond that two days share, archived with the earlier one as well. */
  readonly sharedEvents: number;
  /** Items that hold data besides, of days or accounts that no run was about. */
  readonly outside: readonly string[];
  readonly receipts: number;
  /** Items with data that coverage skips for good, with their reasons. */
  readonly skipped: readonly string[];
  /** Items with data that coverage says have failed, with their reasons: the next run tries again. */
  readonly failed: readonly string[];
  /** Items of which retention had deleted a part before the export, as coverage says. */
  readonly partlyExpired: readonly string[];
  /** What is wrong; nothing, if the archive holds what it should, or its coverage says why not. */
  readonly problems: readonly string[];
}

export interface CheckOptions {
  /** IANA name of the zone of the archive's days. */
  readonly timeZone?: string;
  /** What CreateExportTask's `from` and `to` meant when the archive was written. */
  readonly reading?: WindowReading;
}

/**
 * Compares `.emulator/` with itself: every item that holds data has a receipt, or coverage says why not; the receipted objects
 * hold the source's lines and no others, receipts state what lies there, and no two export tasks of an account and Region
 * overlapped.
 */
export function checkArchive(
  directory: string,
  covered: CoveredDays,
  { timeZone = "UTC", reading = "event-time" }: CheckOptions = {},
): ArchiveCheck {
  const { receipts, folders, coverageOf } = readRecords(directory);
  const problems: string[] = [];
  const skipped: string[] = [];
  const failed: string[] = [];
  const partlyExpired: string[] = [];
  const { items, outside } = readSource(directory, covered, timeZone, reading);
  for (const [name, { item, events, shared }] of items) {
    const receipt = receipts.get(name);
    const folder = receipt && folders.get(receipt.region);
    const coverage = coverageOf(item);
    if (receipt && reasonCode(coverage?.reason ?? "") === "partly-expired") partlyExpired.push(name);
    if (receipt && folder)
      problems.push(
        ...compareItem(receipt, coverage, folder, [...events, ...shared]).map((problem) => `${name}: ${problem}`),
      );
    // What is shared is the next day's to archive.
    else if (events.length === 0) continue;
    else if (coverage?.outcome === "skipped") skipped.push(`${name}: ${coverage.reason}`);
    else if (coverage?.outcome === "failed") failed.push(`${name}: ${coverage.reason}`);
    else problems.push(`${name}: holds data, and has neither a receipt nor coverage that says why`);
  }
  for (const [name, receipt] of receipts) {
    const { from, to } = dayWindow(receipt.day, timeZone);
    if (receipt.from !== from || receipt.to !== to) problems.push(`${name}: is of another day than its receipt says`);
    if (
      !items.has(name) &&
      receipt.objects > 0 &&
      covered.get(`${receipt.account} ${receipt.region}`)?.has(receipt.day)
    )
      problems.push(`${itemName(receipt)}: archived, but the source holds nothing`);
  }
  problems.push(...overlaps(directory));
  const withData = [...items.values()].filter(({ events }) => events.length > 0);
  return {
    itemsWithData: withData.length,
    eventsWithData: total(withData.map(({ events }) => events)),
    sharedEvents: total([...items].filter(([name]) => receipts.has(name)).map(([, { shared }]) => shared)),
    outside: [...outside],
    receipts: receipts.size,
    skipped,
    failed,
    partlyExpired,
    problems,
  };
}

const total = (lists: readonly (readonly unknown[])[]) => lists.reduce((sum, { length }) => sum + length, 0);
