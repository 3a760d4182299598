import { isLoss } from "../../../handlers/archive/losses";
import type { CoverageLine } from "../../../handlers/archive/records";
import { type ReasonCode, reasonCode, reasons } from "../../../handlers/contract/reasons";
import { spansOf, spanText } from "../basis/spans";
import type { Cell, CoverageCalendar } from "./calendar";

/** What keeps account days from being complete, for one reason. */
export interface Incomplete {
  /** The reason's code; the whole text where it has none. */
  readonly reason: string;
  /** What it means, and what to do; empty where the reason says it itself. */
  readonly meaning: string;
  readonly weight: ReasonWeight;
  /** Days of an account in a Region. */
  readonly accountDays: number;
  /** Those with the most days first. */
  readonly accounts: readonly IncompleteAccount[];
}

/**
 * What a reason comes to: `open`: a run or a person can cure it; `known`: the same, and it is a known exception; `lost`,
 * `lost in part`: data is gone for good; otherwise nothing is missing.
 */
export type ReasonWeight = "open" | "known" | "lost" | "lost in part" | "left out" | "none";
/** What is said of it after its heading. */
export const weightText: Readonly<Record<ReasonWeight, string>> = {
  open: "",
  known: ", a known exception",
  lost: ", gone for good",
  "lost in part": ", a part gone for good",
  "left out": ", left out on purpose",
  none: ", nothing is missing",
};
/** The colour in which it is told on a terminal. */
export const weightColours = {
  open: "red",
  known: "yellow",
  lost: "yellow",
  "lost in part": "yellow",
  "left out": "dim",
  none: "green",
} as const satisfies Readonly<Record<ReasonWeight, string>>;
const weights: readonly ReasonWeight[] = ["open", "known", "lost", "lost in part", "left out", "none"];

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
  weight: ReasonWeight;
  readonly accounts: Map<
    string,
    { readonly regions: Set<string>; readonly logGroups: Set<string>; readonly cells: Set<Cell> }
  >;
}

/**
 * What is not complete in a calendar, by reason: what can be cured first, then what most days have.
 * @param asked a reason that is told also where nothing is incomplete because of it
 */
export function incompleteOf({ cells, accounts }: CoverageCalendar, asked?: ReasonCode): Incomplete[] {
  const byReason = new Map<string, Collected>();
  for (const cell of cells) {
    const isIncomplete = cell.state === "partial" || cell.state === "missing";
    for (const item of cell.items) {
      const { logGroup, reason } = item;
      const code = reasonCode(reason);
      if (!isIncomplete && code !== asked) continue;
      const weight = item.knownUntil === undefined ? weightOf(item) : "known";
      const collected = known(byReason, code ?? reason, () => ({ code, weight, accounts: new Map() }));
      if (isWorse(weight, collected.weight)) collected.weight = weight;
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
    .map(([reason, { code, weight, accounts: found }]): Incomplete => {
      const listed = [...found].map(([account, { regions, logGroups, cells: of }]): IncompleteAccount => {
        const days = [...new Set([...of].map(({ day }) => day))].sort();
        return {
          ...{ account, name: names.get(account) ?? "", regions: [...regions].sort(), accountDays: of.size },
          ...{ days: spansOf(days).map(spanText).join(", "), logGroups: [...logGroups].sort() },
        };
      });
      return {
        ...{ reason, meaning: code ? reasons[code] : "", weight },
        accountDays: listed.reduce((sum, { accountDays }) => sum + accountDays, 0),
        accounts: listed.sort((a, b) => b.accountDays - a.accountDays || (a.account < b.account ? -1 : 1)),
      };
    })
    .sort((a, b) => weights.indexOf(a.weight) - weights.indexOf(b.weight) || b.accountDays - a.accountDays);
}

/** What a line of coverage comes to. */
export function weightOf({ outcome, reason }: Pick<CoverageLine, "outcome" | "reason">): ReasonWeight {
  if (outcome === "failed") return "open";
  if (isLoss({ outcome, reason })) return outcome === "skipped" ? "lost" : "lost in part";
  return outcome === "skipped" ? "left out" : "none";
}

function isWorse(one: ReasonWeight, other: ReasonWeight): boolean {
  return weights.indexOf(one) < weights.indexOf(other);
}

function known<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const value = map.get(key) ?? make();
  map.set(key, value);
  return value;
}
