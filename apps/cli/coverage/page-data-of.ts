import { reasonCode, reasons } from "../../../handlers/contract/reasons";
import type { Cell, CellState, CoverageCalendar } from "./calendar";
import type { PageData } from "./page-data";

const letters: Readonly<Record<CellState, string>> = {
  complete: "c",
  partial: "p",
  missing: "m",
  skipped: "s",
  none: "n",
};

/** A calendar for the page's script. What stays as it is for years takes no more room than a day. */
export function pageDataOf({ days, regions, accounts, cells }: CoverageCalendar): PageData {
  const texts = new Texts();
  const items: Record<string, readonly [number, number, readonly number[]][]> = {};
  const states = accounts.map((_, account) =>
    regions.map((_region, region) => {
      const first = (account * regions.length + region) * days.length;
      const ofSlot = cells.slice(first, first + days.length);
      const spans = spansOf(ofSlot.map((cell) => itemsOf(cell, texts)));
      if (spans.length > 0) items[`${account}/${region}`] = spans;
      return runsOf(ofSlot.map(({ state }) => letters[state]));
    }),
  );
  return { days, regions, accounts, states, texts: texts.all, meanings: meaningsOf(cells), items };
}

function meaningsOf(cells: CoverageCalendar["cells"]): Record<string, string> {
  const codes = new Set(cells.flatMap(({ items }) => items.flatMap(({ reason }) => reasonCode(reason) ?? [])));
  return Object.fromEntries([...codes].map((code) => [code, reasons[code]]));
}

class Texts {
  readonly all: string[] = [];
  private readonly indices = new Map<string, number>();

  indexOf(text: string): number {
    const index = this.indices.get(text) ?? this.all.push(text) - 1;
    this.indices.set(text, index);
    return index;
  }
}

function itemsOf({ items }: Cell, texts: Texts): number[] {
  return items.flatMap(({ logGroup, reason }) => [
    logGroup === null ? -1 : texts.indexOf(logGroup),
    texts.indexOf(reason),
  ]);
}

function runsOf(states: readonly string[]): string {
  let text = "";
  for (let start = 0; start < states.length; ) {
    let end = start + 1;
    while (end < states.length && states[end] === states[start]) end += 1;
    text += `${states[start]}${end - start}`;
    start = end;
  }
  return text;
}

function spansOf(days: readonly (readonly number[])[]): [number, number, readonly number[]][] {
  const spans: [number, number, readonly number[]][] = [];
  for (const [day, items] of days.entries()) {
    if (items.length === 0) continue;
    const last = spans.at(-1);
    if (last && last[1] === day - 1 && last[2].length === items.length && last[2].every((one, at) => one === items[at]))
      last[1] = day;
    else spans.push([day, day, items]);
  }
  return spans;
}
