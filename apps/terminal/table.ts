import { printableLines } from "./printable";
import { widthOf, wrapped } from "./width";

/** Columns of a cell that is this short are an id, a time or a number: broken in two it could not be read. */
const unbroken = 24;
/** Columns that a longer cell keeps, however narrow the terminal is. */
const narrowest = 18;
/** What stands on either side of a cell. */
const margin = 1;

/** Cells as the lines that they take. */
type Row = readonly (readonly string[])[];

/**
 * A table; where it is wider than the terminal its widest columns give way, and where that is not enough each row is a record of
 * its own, a line or more for each column.
 * @param width columns of the terminal: any, if absent
 * @param first the number of the first record, where a table goes on with another
 */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  width?: number,
  first = 1,
): string {
  const cells: readonly Row[] = rows.map((row) =>
    head.map((_, column) => printableLines(row[column] ?? "").split("\n")),
  );
  const natural = head.map((name, column) =>
    cells.reduce((most, row) => Math.max(most, ...(row[column] ?? []).map(widthOf)), widthOf(name)),
  );
  const widths = width === undefined ? natural : fitted(natural, width);
  return widths ? drawn(head, cells, widths) : records(head, cells, width ?? Number.POSITIVE_INFINITY, first);
}

/** Narrows the widest columns to one width until all fit; undefined where they cannot. */
function fitted(natural: readonly number[], width: number): number[] | undefined {
  const room = width - natural.length * (2 * margin + 1) - 1;
  const at = (most: number) => natural.map((one) => (one <= unbroken ? one : Math.min(one, most)));
  let most = Math.max(...natural, narrowest);
  while (most > narrowest && sum(at(most)) > room) most -= 1;
  return sum(at(most)) <= room ? at(most) : undefined;
}

function drawn(head: readonly string[], rows: readonly Row[], widths: readonly number[]): string {
  const rule = (left: string, middle: string, right: string) =>
    `${left}${widths.map((width) => "─".repeat(width + 2 * margin)).join(middle)}${right}`;
  return [
    rule("┌", "┬", "┐"),
    ...rowLines(
      head.map((name) => [name]),
      widths,
    ),
    ...rows.flatMap((row) => rowLines(row, widths)),
    rule("└", "┴", "┘"),
  ].join("\n");
}

function rowLines(row: Row, widths: readonly number[]): string[] {
  const cells = row.map((lines, column) => lines.flatMap((line) => wrapped(line, widths[column] ?? 1)));
  const height = cells.reduce((most, { length }) => Math.max(most, length), 1);
  return Array.from({ length: height }, (_, at) => {
    const texts = cells.map((lines, column) => padded(lines[at] ?? "", widths[column] ?? 0));
    return `│ ${texts.join(" │ ")} │`;
  });
}

function records(head: readonly string[], rows: readonly Row[], width: number, first: number): string {
  const label = Math.min(Math.max(...head.map(widthOf)), Math.floor(width / 3)) + 2;
  return rows
    .map((row, index) => {
      const lines = head.flatMap((name, column) =>
        (row[column] ?? [])
          .flatMap((line) => wrapped(line, Math.max(width - label, 20)))
          .map((line, at) => `${padded((at === 0 ? name : "").slice(0, label - 2), label)}${line}`),
      );
      return [`── ${index + first} ──`, ...lines].join("\n");
    })
    .join("\n");
}

function padded(text: string, width: number): string {
  return text + " ".repeat(Math.max(width - widthOf(text), 0));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
