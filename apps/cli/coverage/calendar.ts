import { knownUntil } from "../../../handlers/archive/known-exceptions";
import { isLoss } from "../../../handlers/archive/losses";
import type { CoverageLine, Outcome } from "../../../handlers/archive/records";
import { deletedFrom } from "../../../handlers/archive/retention";
import { type ReasonCode, reasonCode } from "../../../handlers/contract/reasons";

/**
 * What an account's day in a Region came to:
 * `complete`: every log group is archived, empty, or left out on purpose;
 * `partial`: some are archived, and something is missing;
 * `missing`: nothing is archived, though the account should be;
 * `skipped`: the account as a whole is left out;
 * `none`: no run was to archive it: the account had not joined yet, or had left.
 */
export type CellState = "complete" | "partial" | "missing" | "skipped" | "none";

/** A log group, or with null the whole account, that keeps a day from being complete, or says why it is left out. */
export interface CellItem {
  readonly logGroup: string | null;
  readonly outcome: Outcome;
  readonly reason: string;
  /** Of what failed in a log group that does not keep everything: the day from which retention deletes it. */
  readonly deletedFrom?: string;
  /** Of what failed and is a known exception: the last day on which it is. */
  readonly knownUntil?: string;
}

export interface Cell {
  readonly account: string;
  readonly region: string;
  readonly day: string;
  readonly state: CellState;
  /** Log groups by outcome. */
  readonly counts: Readonly<Record<Outcome, number>>;
  /** What is not archived, and why; empty if the day is complete, but for what has the reason that was asked about. */
  readonly items: readonly CellItem[];
}

/** Account by day, for every Region. */
export interface CoverageCalendar {
  /** The days that are covered, owed or were asked for, oldest first: years between them are not in it. */
  readonly days: readonly string[];
  readonly regions: readonly string[];
  readonly accounts: readonly { readonly id: string; readonly name: string }[];
  /** A cell for every account, Region and day, in this order. */
  readonly cells: readonly Cell[];
  /** The log group that alone is shown. */
  readonly logGroup?: string;
}

export interface CellOptions {
  /** A reason that is asked about: its items are in the cells whatever it says. */
  readonly asked?: ReasonCode | undefined;
  /** The day on which known exceptions are to hold, YYYY-MM-DD; absent: none does. */
  readonly judgedOn?: string;
}

/**
 * The cells that have lines. An archive's can be read a day at a time, as nothing but the cells has to be held.
 */
export function cellsOf(lines: Iterable<CoverageLine>, options: CellOptions = {}): Cell[] {
  const slots = new Map<string, CoverageLine[]>();
  for (const line of lines) {
    const id = slotOf(line);
    const ofSlot = slots.get(id);
    if (ofSlot) ofSlot.push(line);
    else slots.set(id, [line]);
  }
  return [...slots.values()].flatMap((ofSlot) => {
    const [first] = ofSlot;
    return first ? [cellOf(first.account, first.region, first.day, ofSlot, options)] : [];
  });
}

/** Puts cells into a calendar; accounts and Regions without any are in it, too, if `names` and `everyRegion` have them. */
export function makeCalendar(
  known: Iterable<Cell>,
  names: ReadonlyMap<string, string>,
  everyRegion: readonly string[] = [],
): CoverageCalendar {
  const slots = new Map<string, Cell>();
  const days = new Set<string>();
  const regions = new Set<string>(everyRegion);
  const accounts = new Set<string>(names.keys());
  for (const cell of known) {
    days.add(cell.day);
    regions.add(cell.region);
    accounts.add(cell.account);
    slots.set(slotOf(cell), cell);
  }
  const everyDay = [...days].sort();
  const sortedRegions = [...regions].sort();
  const everyAccount = [...accounts].sort();
  const cells = everyAccount.flatMap((account) =>
    sortedRegions.flatMap((region) =>
      everyDay.map((day) => slots.get(slotOf({ account, region, day })) ?? cellOf(account, region, day, [])),
    ),
  );
  return {
    days: everyDay,
    regions: sortedRegions,
    accounts: everyAccount.map((id) => ({ id, name: names.get(id) ?? "" })),
    cells,
  };
}

function slotOf({ account, region, day }: Pick<Cell, "account" | "region" | "day">): string {
  return `${account} ${region} ${day}`;
}

function cellOf(
  account: string,
  region: string,
  day: string,
  lines: readonly CoverageLine[],
  { asked, judgedOn }: CellOptions = {},
): Cell {
  const counts = { exported: 0, empty: 0, skipped: 0, failed: 0 };
  for (const { logGroup, outcome } of lines) if (logGroup !== null) counts[outcome] += 1;
  const logGroups = counts.exported + counts.empty + counts.skipped + counts.failed;
  const whole = lines.find(({ logGroup }) => logGroup === null);
  const isOpen = (line: CoverageLine) => line.outcome === "failed" || isLoss(line);
  const isAsked = ({ reason }: CoverageLine) => asked !== undefined && reasonCode(reason ?? "") === asked;
  const items = lines.filter((line) => isOpen(line) || isAsked(line)).map((line) => toItem(line, judgedOn));
  const cell = { account, region, day, counts };
  if (lines.length === 0) return { ...cell, state: "none", items: [] };
  if (whole?.outcome === "skipped" && logGroups === 0)
    return { ...cell, state: "skipped", items: [toItem(whole, judgedOn)] };
  if (!lines.some(isOpen)) return { ...cell, state: "complete", items };
  const archived = counts.exported + counts.empty > 0;
  return { ...cell, state: archived ? "partial" : "missing", items };
}

function toItem(line: CoverageLine, judgedOn: string | undefined): CellItem {
  const { logGroup, outcome, reason, day, retentionInDays } = line;
  const known = judgedOn === undefined ? undefined : knownUntil(line, judgedOn);
  const item = { logGroup, outcome, reason: reason ?? outcome, ...(known ? { knownUntil: known } : {}) };
  const isOpen = outcome === "failed" && logGroup !== null && retentionInDays !== undefined;
  return isOpen ? { ...item, deletedFrom: deletedFrom(day, retentionInDays) } : item;
}
