import Table from "cli-table3";
import { fold } from "./fold";
import { printableLines } from "./printable";

/** Rows without lines between them. */
export const compact = {
  chars: { mid: "", "left-mid": "", "mid-mid": "", "right-mid": "" },
  style: { head: [], border: [] },
};

/** Columns that a cell keeps, with a space on either side, however narrow the terminal is. */
const narrowest = 14;

/**
 * A table; where it is wider than the terminal its widest columns give way, and where that is not enough each row is a record of
 * its own, a line for each column.
 * @param width columns of the terminal: any, if absent
 */
export function table(head: readonly string[], rows: readonly (readonly string[])[], width?: number): string {
  const cells = rows.map((row) => row.map(printableLines));
  const natural = head.map((name, column) =>
    Math.max(...[name, ...cells.map((row) => row[column] ?? "")].map(cellWidth)),
  );
  const widths = width === undefined ? natural : fitted(natural, width);
  if (!widths) return records(head, cells, width ?? Number.POSITIVE_INFINITY);
  const isNarrowed = widths.some((one, column) => one !== natural[column]);
  const drawn = new Table({
    ...compact,
    head: [...head],
    ...(isNarrowed ? { colWidths: widths, wordWrap: true, wrapOnWordBoundary: false } : {}),
  });
  drawn.push(...cells);
  return drawn.toString();
}

/** Narrows the widest columns to one width until all fit; undefined where they cannot. */
function fitted(natural: readonly number[], width: number): number[] | undefined {
  const room = width - natural.length - 1;
  const sumAt = (most: number) => natural.reduce((sum, one) => sum + Math.min(one, most), 0);
  let most = Math.max(...natural, 0);
  while (most > narrowest && sumAt(most) > room) most -= 1;
  return sumAt(most) <= room ? natural.map((one) => Math.min(one, most)) : undefined;
}

function records(head: readonly string[], rows: readonly (readonly string[])[], width: number): string {
  const label = Math.min(Math.max(...head.map((name) => name.length)), Math.floor(width / 3)) + 2;
  return rows
    .map((row, index) => {
      const lines = head.flatMap((name, column) =>
        (row[column] ?? "")
          .split("\n")
          .flatMap((line) => fold(line, Math.max(width - label, 20)))
          .map((line, at) => `${(at === 0 ? name : "").slice(0, label - 2).padEnd(label)}${line}`),
      );
      return [`── ${index + 1} ──`, ...lines].join("\n");
    })
    .join("\n");
}

/** With a space on either side. */
function cellWidth(text: string): number {
  return Math.max(...text.split("\n").map((line) => line.length)) + 2;
}
