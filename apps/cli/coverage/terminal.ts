import { type ReasonCode, reasonCode } from "../../../handlers/contract/reasons";
import { count } from "../../terminal/amounts";
import type { Colors } from "../../terminal/colours";
import { fold, labelled } from "../../terminal/fold";
import { printable } from "../../terminal/printable";
import { spanText } from "../basis/spans";
import type { CellState, CoverageCalendar } from "./calendar";
import { type Incomplete, type IncompleteAccount, incompleteOf, weightColours, weightText } from "./incomplete";
import { failedAsWhole, lostNextOf } from "./lost-next";
import { lostNextLines } from "./lost-next-text";
import { verdictOf } from "./verdict";

const marks: Readonly<Record<CellState, string>> = {
  complete: "■",
  partial: "◐",
  missing: "✗",
  skipped: "-",
  none: "·",
};
const meanings: Readonly<Record<CellState, string>> = {
  complete: `${marks.complete} complete`,
  partial: `${marks.partial} partial`,
  missing: `${marks.missing} missing`,
  skipped: `${marks.skipped} skipped`,
  // The account had not joined, or has no such log group in this Region.
  none: `${marks.none} nothing to archive`,
};
const colourNames = { complete: "green", partial: "yellow", missing: "red", skipped: "dim", none: "dim" } as const;

const weightMarks = {
  open: marks.missing,
  known: marks.missing,
  lost: marks.partial,
  "lost in part": marks.partial,
  "left out": marks.skipped,
  none: marks.complete,
} as const;

/** More accounts than a screen has lines: then those that are complete become one line. */
const mostAccounts = 20;
/** Accounts of a reason that are listed; `--reason` has all. */
const listed = 4;

/** The calendar for a terminal: a mark for each account, Region and day, below it what keeps them from being complete, and the verdict. */
export function renderTerminal(calendar: CoverageCalendar, width: number, colours: Colors): string {
  const { text, verdict } = verdictOf(calendar);
  const paint = { complete: colours.green, incomplete: colours.red, altered: colours.red }[verdict];
  const incomplete = incompleteOf(calendar);
  const hasNone = calendar.cells.some(({ state }) => state === "none");
  const legend = Object.entries(meanings).filter(([state]) => state !== "none" || hasNone);
  return `${[
    ...grid(calendar, width, colours),
    fold(legend.map(([, text]) => text).join("   "), width).join("\n"),
    "",
    ...incomplete.flatMap((reason) => reasonLines(reason, width, colours)),
    ...lostNextLines(lostNextOf(calendar), failedAsWhole(calendar), width, colours),
    paint(fold(text, width).join("\n")),
  ].join("\n")}\n`;
}

/** All that is on record for one reason, and how many account days are not complete for others. */
export function renderReason(calendar: CoverageCalendar, reason: ReasonCode, width: number, colours: Colors): string {
  const open = calendar.cells.filter(({ items }) =>
    items.some((item) => item.outcome === "failed" && reasonCode(item.reason) !== reason),
  );
  const others = open.length > 0 ? `Not archived for other reasons: ${count(open.length, "account day")}.\n` : "";
  const found = incompleteOf(calendar, reason).find((one) => one.reason === reason);
  if (!found) return `Nothing is incomplete because of ${reason}.\n${others}`;
  const details = new Map<string, string>();
  for (const { account, items } of calendar.cells)
    for (const item of items)
      if (item.reason.startsWith(`${reason}: `) && !details.has(account))
        details.set(account, item.reason.slice(reason.length + 2));
  const accounts = found.accounts.flatMap((one) => {
    const detail = details.get(one.account);
    return [
      ...accountLines(one, Number.POSITIVE_INFINITY, width),
      ...(detail === undefined ? [] : [colours.dim(labelled("      ", printable(detail), width))]),
    ];
  });
  return `${[...head(found, width, colours), ...accounts].join("\n")}\n${others}`;
}

function grid({ days, regions, accounts, cells }: CoverageCalendar, width: number, colours: Colors): string[] {
  const regionWidth = Math.max(...regions.map((region) => region.length), 0);
  const nameWidth = Math.min(16, Math.max(...accounts.map(({ name }) => printable(name).length), 0));
  const room = Math.max(7, width - 12 - nameWidth - regionWidth - 3);
  const rows = accounts.map((account, index) => {
    const first = index * regions.length * days.length;
    return { ...account, cells: cells.slice(first, first + regions.length * days.length) };
  });
  const isOpen = ({ cells: of }: (typeof rows)[number]) =>
    of.some(({ state }) => state === "partial" || state === "missing");
  const shown = rows.length > mostAccounts ? rows.filter(isOpen) : rows;
  const lines: string[] = [];
  for (let start = 0; start < days.length && shown.length > 0; start += room) {
    const block = days.slice(start, start + room);
    const [from = "", to = from] = [block[0], block.at(-1)];
    lines.push(colours.bold(spanText({ from, to })));
    for (const { id, name, cells: of } of shown)
      for (const [column, region] of regions.entries()) {
        const first = column * days.length + start;
        const states = of
          .slice(first, first + block.length)
          .map(({ state }) => colours[colourNames[state]](marks[state]));
        // An account is named once, before the first of its Regions.
        const who = column === 0 ? `${id} ${printable(name).slice(0, nameWidth).padEnd(nameWidth)}` : "";
        lines.push(`${who.padEnd(13 + nameWidth)} ${region.padEnd(regionWidth)} ${states.join("")}`);
      }
    lines.push("");
  }
  if (shown.length < rows.length)
    lines.push(
      `${count(rows.length - shown.length, "account")}${shown.length > 0 ? " more" : ""} complete on every day`,
      "",
    );
  return lines;
}

function head(
  { reason, meaning, weight, accountDays, accounts }: Incomplete,
  width: number,
  colours: Colors,
): string[] {
  const paint = colours[weightColours[weight]];
  const where = `${count(accountDays, "account day")} in ${count(accounts.length, "account")}`;
  return [
    paint(fold(`${weightMarks[weight]} ${printable(reason)}: ${where}${weightText[weight]}`, width).join("\n")),
    ...(meaning === "" ? [] : [labelled("  ", meaning, width)]),
  ];
}

function reasonLines(reason: Incomplete, width: number, colours: Colors): string[] {
  const rest = reason.accounts.length - listed;
  return [
    ...head(reason, width, colours),
    ...reason.accounts.slice(0, listed).flatMap((one) => accountLines(one, 1, width)),
    ...(rest > 0
      ? [labelled("    ", `and ${count(rest, "account")} more: --reason ${printable(reason.reason)} shows all`, width)]
      : []),
    "",
  ];
}

function accountLines({ account, name, regions, days, logGroups }: IncompleteAccount, most: number, width: number) {
  const rest = logGroups.length > most ? ` and ${logGroups.length - most} more` : "";
  const what = logGroups.length === 0 ? "the whole account" : `${logGroups.slice(0, most).join(", ")}${rest}`;
  return [labelled("    ", printable(`${account} ${name} ${regions.join(", ")} ${days}: ${what}`), width)];
}
