import { fold } from "./fold";
import { printableLines } from "./printable";
import { widthOf, wrapped } from "./width";

/** A column of a table, and how it gives way where the terminal is too narrow. */
export interface Column {
  readonly name: string;
  /**
   * What it is to a reader. 1: the answer, narrowed last. 2, as if absent: narrowed first. From 3 on: spare, and left out where
   * there is no room for all of it, the highest first.
   */
  readonly rank?: number;
}

/** Columns of a cell that is this short are an id, a time or a number: broken in two it could not be read. */
const unbroken = 24;
/** Columns that a longer cell keeps, however narrow the terminal is. */
const narrowest = 18;
/** What stands on either side of a cell. */
const margin = 1;
/** The names, and the rules above and below. */
const headLines = 3;

/** A column with all of its cells, each as the lines that it has. */
interface Filled {
  readonly name: string;
  readonly rank: number;
  readonly cells: readonly (readonly string[])[];
  /** Of its widest line. */
  readonly natural: number;
}

/**
 * A table. Where it is wider than the terminal, what all rows have in common is said once, and the columns give way by their
 * ranks; where that is not enough, or takes more lines, each row is a record of its own, a line or more for each column.
 * @param width columns of the terminal: any, if absent
 * @param first the number of the first record, where a table goes on with another
 */
export function table(
  columns: readonly (Column | string)[],
  rows: readonly (readonly string[])[],
  width = Number.POSITIVE_INFINITY,
  first = 1,
): string {
  const all = columns.map((column, at) =>
    filled(
      typeof column === "string" ? { name: column } : column,
      rows.map((row) => row[at] ?? ""),
    ),
  );
  if (roomOf(all) <= width)
    return drawn(
      all,
      all.map(({ natural }) => natural),
    ).join("\n");
  const narrow = narrowed(all, width);
  const long = rows.flatMap((_, row) => record(String(row + first), all, row, width));
  return (narrow !== undefined && narrow.length - headLines <= long.length ? narrow : long).join("\n");
}

function filled({ name, rank = 2 }: Column, texts: readonly string[]): Filled {
  // The line end with which a message closes would be an empty line.
  const cells = texts.map((text) => printableLines(text.trimEnd()).split("\n"));
  const natural = cells.flat().reduce((most, line) => Math.max(most, widthOf(line)), widthOf(name));
  return { name, rank, cells, natural };
}

/** The lines of a table that fits by what its columns give way; undefined where there is none. */
function narrowed(all: readonly Filled[], width: number): string[] | undefined {
  const common = all.filter(({ cells }) => cells.length > 1 && cells.every((lines) => isSame(lines, cells[0])));
  let columns = all.filter((column) => !common.includes(column));
  const leftOut: string[] = [];
  let widths = fitted(columns, width);
  for (const spare of columns.filter(({ rank }) => rank > 2).sort((a, b) => b.rank - a.rank)) {
    if (widths) break;
    columns = columns.filter((column) => column !== spare);
    leftOut.push(spare.name);
    widths = fitted(columns, width);
  }
  if (!widths || columns.length === 0) return undefined;
  return [
    ...(common.length > 0 ? record("in every row", common, 0, width) : []),
    ...drawn(columns, widths),
    ...(leftOut.length > 0 ? fold(`No room for ${leftOut.join(" and ")}: --json has all.`, width) : []),
  ];
}

function isSame(some: readonly string[], others: readonly string[] = []): boolean {
  return some.length === others.length && some.every((line, at) => line === others[at]);
}

/** Narrows the widest columns of a rank to one width until all fit, those of the answer last; undefined where they cannot. */
function fitted(columns: readonly Filled[], width: number): number[] | undefined {
  const room = width - frameOf(columns.length);
  let widths = columns.map(({ natural }) => natural);
  for (const rank of [2, 1]) {
    const before = widths;
    const at = (most: number) =>
      before.map((one, column) => (columns[column]?.rank === rank && one > unbroken ? Math.min(one, most) : one));
    for (let most = Math.min(Math.max(...before), width); most >= narrowest && sum(widths) > room; most -= 1)
      widths = at(most);
  }
  return sum(widths) <= room ? widths : undefined;
}

function roomOf(columns: readonly Filled[]): number {
  return sum(columns.map(({ natural }) => natural)) + frameOf(columns.length);
}

/** What stands between and around so many columns. */
function frameOf(columns: number): number {
  return columns * (2 * margin + 1) + 1;
}

function drawn(columns: readonly Filled[], widths: readonly number[]): string[] {
  const rule = (left: string, middle: string, right: string) =>
    `${left}${widths.map((width) => "─".repeat(width + 2 * margin)).join(middle)}${right}`;
  const rows = columns[0]?.cells ?? [];
  return [
    rule("┌", "┬", "┐"),
    ...rowLines(
      columns.map(({ name }) => [name]),
      widths,
    ),
    ...rows.flatMap((_, row) =>
      rowLines(
        columns.map(({ cells }) => cells[row] ?? []),
        widths,
      ),
    ),
    rule("└", "┴", "┘"),
  ];
}

function rowLines(row: readonly (readonly string[])[], widths: readonly number[]): string[] {
  const cells = row.map((lines, column) => lines.flatMap((line) => wrapped(line, widths[column] ?? 1)));
  const height = cells.reduce((most, { length }) => Math.max(most, length), 1);
  return Array.from({ length: height }, (_, at) => {
    const texts = cells.map((lines, column) => padded(lines[at] ?? "", widths[column] ?? 0));
    return `│ ${texts.join(" │ ")} │`;
  });
}

function record(title: string, columns: readonly Filled[], row: number, width: number): string[] {
  const label = Math.min(Math.max(...columns.map(({ name }) => widthOf(name))), Math.floor(width / 3)) + 2;
  const lines = columns.flatMap(({ name, cells }) =>
    (cells[row] ?? [])
      .flatMap((line) => wrapped(line, Math.max(width - label, 20)))
      .map((line, at) => `${padded((at === 0 ? name : "").slice(0, label - 2), label)}${line}`),
  );
  return [`── ${title} ──`, ...lines];
}

function padded(text: string, width: number): string {
  return text + " ".repeat(Math.max(width - widthOf(text), 0));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
