import pMap from "p-map";
import { latestLines } from "../../../handlers/archive/coverage";
import { DaySeals } from "../../../handlers/archive/day-seals";
import { logGroupHash, receiptKey } from "../../../handlers/archive/layout";
import { receiptNumbers } from "../../../handlers/archive/receipts";
import type { PlannedLogGroup } from "../../../handlers/archive/records";
import { UnreadableRecord } from "../../../handlers/archive/serialization";
import type { ArchiveReader } from "../../../handlers/archive/store";
import { reasonCode } from "../../../handlers/contract/reasons";
import type { DayWindow } from "../../../handlers/contract/values";
import { isFinal } from "../../../handlers/plan-exports/settled";
import { mayHold } from "./holdings";

/** Something that would be lost with the account. */
export interface Gap {
  readonly region: string;
  readonly logGroup: string | null;
  readonly day: string;
  readonly why: string;
}

/** What the archive has of an account in a Region. */
export interface Holdings {
  readonly gaps: readonly Gap[];
  readonly archived: number;
  /** Settled without an export: by reason, how many log group days. */
  readonly settled: Readonly<Record<string, number>>;
  /** Log groups that the configuration leaves out, which go with the account. */
  readonly leftOut: readonly string[];
}

/** Days that are read at a time. */
const concurrency = 8;

/**
 * Holds what an account may still hold against the archive: every log group's day is to be receipted and sealed, or settled for
 * good.
 * @param now epoch milliseconds
 */
export async function findGaps(
  archive: ArchiveReader,
  place: { readonly account: string; readonly region: string },
  groups: readonly PlannedLogGroup[],
  days: readonly DayWindow[],
  now: number,
): Promise<Holdings> {
  const { account, region } = place;
  const gaps: Gap[] = [];
  const leftOut = new Set<string>();
  const settled: Record<string, number> = {};
  let archived = 0;
  const read = async (window: DayWindow) => {
    const { day } = window;
    const gap = (logGroup: string | null, why: string) => gaps.push({ region, logGroup, day, why });
    const lines = await latestLines(archive, day, account);
    const receipted = await receiptNumbers(archive, day, account);
    const unsealed = await unsealedReceipts(archive, { ...place, day });
    if (typeof unsealed === "string") gap(null, unsealed);
    const listed = new Set(groups.map(({ name }) => name));
    for (const group of groups) {
      const { name } = group;
      const n = receipted.get(logGroupHash(name));
      const line = lines.get({ account, day, logGroup: name });
      if (n !== undefined) {
        archived += 1;
        if (typeof unsealed !== "string" && unsealed.has(receiptKey(day, account, name, n))) gap(name, "not-sealed");
      } else if (line && isFinal(line)) count(settled, reasonCode(line.reason ?? "") ?? line.outcome);
      else if (line?.outcome === "skipped" && reasonCode(line.reason ?? "") === "excluded-by-configuration")
        leftOut.add(name);
      else if (line) gap(name, line.reason ?? line.outcome);
      else if (mayHold(group, window, now)) gap(name, "no-record");
    }
    // Also of log groups that are not listed any more, and of the account as a whole.
    for (const line of lines.values())
      if (line.outcome === "failed" && !(line.logGroup !== null && listed.has(line.logGroup)))
        gap(line.logGroup, line.reason ?? "failed");
  };
  await pMap(days, read, { concurrency });
  const order = ({ day, logGroup }: Gap) => `${day} ${logGroup ?? ""}`;
  return {
    gaps: gaps.sort((a, b) => (order(a) < order(b) ? -1 : 1)),
    archived,
    settled,
    leftOut: [...leftOut].sort(),
  };
}

/** Keys of the receipts that no seal binds, or why the seals do not tell. */
async function unsealedReceipts(
  archive: ArchiveReader,
  place: { readonly account: string; readonly region: string; readonly day: string },
): Promise<ReadonlySet<string> | string> {
  try {
    const { receipts } = await (await DaySeals.read(archive, place)).unsealed();
    return new Set(receipts);
  } catch (error) {
    if (error instanceof UnreadableRecord) return `unreadable-record: ${error.message}`;
    throw error;
  }
}

function count(counts: Record<string, number>, code: string): void {
  counts[code] = (counts[code] ?? 0) + 1;
}
