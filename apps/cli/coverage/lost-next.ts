import type { CoverageCalendar } from "./calendar";

/** A log group of which days are not archived, and retention deletes them. */
export interface LostNext {
  /** The day from which retention deletes the first of them. */
  readonly deletedFrom: string;
  readonly account: string;
  readonly name: string;
  readonly region: string;
  readonly logGroup: string;
  /** Its first day that is not archived, and how many there are. */
  readonly day: string;
  readonly days: number;
}

/** Log groups that are listed for people; `--json` has all. */
export const soonest = 10;

/** What is lost next if nothing is done, soonest first. Of an account that failed as a whole no run has seen the log groups. */
export function lostNextOf({ cells, accounts }: Pick<CoverageCalendar, "cells" | "accounts">): LostNext[] {
  const names = new Map(accounts.map(({ id, name }) => [id, name]));
  const found = new Map<string, LostNext>();
  for (const { account, region, day, items } of cells)
    for (const { logGroup, deletedFrom } of items) {
      if (logGroup === null || deletedFrom === undefined) continue;
      const id = `${account} ${region} ${logGroup}`;
      const before = found.get(id);
      const first = before && before.deletedFrom <= deletedFrom ? before : { deletedFrom, day };
      found.set(id, {
        ...{ deletedFrom: first.deletedFrom, account, name: names.get(account) ?? "", region, logGroup },
        ...{ day: first.day, days: (before?.days ?? 0) + 1 },
      });
    }
  return [...found.values()].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

/** Accounts that failed as a whole: what is lost of them next, no run has seen. */
export function failedAsWhole({ cells }: Pick<CoverageCalendar, "cells">): number {
  const accounts = cells.flatMap(({ account, items }) =>
    items.some(({ logGroup, outcome }) => logGroup === null && outcome === "failed") ? [account] : [],
  );
  return new Set(accounts).size;
}

function keyOf({ deletedFrom, account, region, logGroup }: LostNext): string {
  return `${deletedFrom} ${account} ${region} ${logGroup}`;
}
