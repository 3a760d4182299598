import { type ReasonCode, reasonCode, reasons } from "../../../handlers/contract/reasons";
import { spansOf, spanText } from "../basis/spans";
import type { Cell, CoverageCalendar } from "./calendar";

/** What keeps account days from being complete, for one reason. */
export interface Incomplete {
  /** The reason's code; the whole text where it has none. */
  readonly reason: string;
  /** What it means, and what to do; empty where the reason says it itself. */
  readonly meaning: string;
  /** A run or a person can cure it; otherwise the data is gone for good. */
  readonly isOpen: boolean;
  /** Days of an account in a Region. */
  readonly accountDays: number;
  /** Those with the most days first. */
  readonly accounts: readonly IncompleteAccount[];
}

export interface IncompleteAccount {
  readonly account: string;
  readonly name: string;
  readonly regions: readonly string[];
  readonly accountDays: number;
  /** For people: `2026-11-14 to 2026-11-20, 2026-11-22`. */
  readonly days: string;
  /** By name; empty where it is the account as a whole. */
  readonly logGroups: readonly string[];
}

interface Collected {
  readonly code: ReasonCode | undefined;
  isOpen: boolean;
  readonly accounts: Map<
    string,
    { readonly regions: Set<string>; readonly logGroups: Set<string>; readonly cells: Set<Cell> }
  >;
}

/** What is not complete in a calendar, by reason: what can be cured first, then what most days have. */
export function incompleteOf({ cells, accounts }: CoverageCalendar): Incomplete[] {
  const byReason = new Map<string, Collected>();
  for (const cell of cells) {
    if (cell.state !== "partial" && cell.state !== "missing") continue;
    for (const { logGroup, outcome, reason } of cell.items) {
      const code = reasonCode(reason);
      const collected = known(byReason, code ?? reason, () => ({ code, isOpen: false, accounts: new Map() }));
      collected.isOpen ||= outcome === "failed";
      const ofAccount = known(collected.accounts, cell.account, () => ({
        regions: new Set<string>(),
        logGroups: new Set<string>(),
        cells: new Set<Cell>(),
      }));
      ofAccount.regions.add(cell.region);
      ofAccount.cells.add(cell);
      if (logGroup !== null) ofAccount.logGroups.add(logGroup);
    }
  }
  const names = new Map(accounts.map(({ id, name }) => [id, name]));
  return [...byReason]
    .map(([reason, { code, isOpen, accounts: found }]): Incomplete => {
      const listed = [...found].map(([account, { regions, logGroups, cells: of }]): IncompleteAccount => {
        const days = [...new Set([...of].map(({ day }) => day))].sort();
        return {
          ...{ account, name: names.get(account) ?? "", regions: [...regions].sort(), accountDays: of.size },
          ...{ days: spansOf(days).map(spanText).join(", "), logGroups: [...logGroups].sort() },
        };
      });
      return {
        ...{ reason, meaning: code ? reasons[code] : "", isOpen },
        accountDays: listed.reduce((sum, { accountDays }) => sum + accountDays, 0),
        accounts: listed.sort((a, b) => b.accountDays - a.accountDays || (a.account < b.account ? -1 : 1)),
      };
    })
    .sort((a, b) => Number(b.isOpen) - Number(a.isOpen) || b.accountDays - a.accountDays);
}

function known<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const value = map.get(key) ?? make();
  map.set(key, value);
  return value;
}
