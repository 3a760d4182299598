import Table from "cli-table3";
import { printableLines } from "./printable";

/** Rows without lines between them. */
export const compact = {
  chars: { mid: "", "left-mid": "", "mid-mid": "", "right-mid": "" },
  style: { head: [], border: [] },
};

/** @param width Columns of the terminal: the widest column of a table that is wider than that is folded. */
export function table(head: readonly string[], rows: readonly (readonly string[])[], width?: number): string {
  const cells = rows.map((row) => row.map(printableLines));
  const widths = head.map((name, column) =>
    Math.max(...[name, ...cells.map((row) => row[column] ?? "")].map(cellWidth)),
  );
  const whole = widths.reduce((sum, one) => sum + one + 1, 1);
  const widest = widths.indexOf(Math.max(...widths));
  const folded = (widths[widest] ?? 0) - (whole - (width ?? whole));
  const drawn = new Table({
    ...compact,
    head: [...head],
    ...(folded < (widths[widest] ?? 0)
      ? {
          colWidths: widths.map((one, column) => (column === widest ? Math.max(folded, 20) : one)),
          wordWrap: true,
          wrapOnWordBoundary: false,
        }
      : {}),
  });
  drawn.push(...cells);
  return drawn.toString();
}

/** With a space on either side. */
function cellWidth(text: string): number {
  return Math.max(...text.split("\n").map((line) => line.length)) + 2;
}
