import { once } from "node:events";
import type { Writable } from "node:stream";
import type { Json } from "@duckdb/node-api";
import Table from "cli-table3";

export type Format = "table" | "csv" | "json";

/** What a terminal would act on instead of showing: control characters of either set, and changes of direction. */
const controls = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

/** A text of the archive as a terminal may show it: log content cannot move the cursor or change colours. Line feeds stay. */
export function harmless(text: string): string {
  return text.replaceAll(controls, (character) => {
    if (character === "\n") return character;
    if (character === "\t") return "    ";
    const code = character.codePointAt(0) ?? 0;
    return code < 256 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u${code.toString(16).padStart(4, "0")}`;
  });
}

/** A CSV field. One that a spreadsheet would run as a formula gets an apostrophe in front. */
export function csvField(value: Json): string {
  const plain = text(value);
  const inert = /^[=+\-@\t\r]/.test(plain) && typeof value === "string" ? `'${plain}` : plain;
  return /[",\r\n]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}

function text(value: Json): string {
  if (value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** A long answer is several tables, so that it need not be held as a whole. */
const tableRows = 1000;

/** Writes an answer as it comes. */
export async function writeRows(
  columns: readonly string[],
  batches: AsyncIterable<readonly (readonly Json[])[]>,
  format: Format,
  out: Writable & { readonly columns?: number },
): Promise<number> {
  let count = 0;
  let held: (readonly Json[])[] = [];
  const draw = async () => {
    if (held.length > 0) await write(out, `${table(columns, held, out.columns)}\n`);
    held = [];
  };
  if (format === "csv") await write(out, `${columns.map(csvField).join(",")}\r\n`);
  for await (const rows of batches) {
    if (rows.length === 0) continue;
    if (format === "table") {
      held = [...held, ...rows];
      if (held.length >= tableRows) await draw();
    } else for (const row of rows) await writeLine(out, format === "csv" ? csvLine(row) : jsonLine(columns, row));
    count += rows.length;
  }
  await draw();
  if (format === "table" && count === 0) await write(out, "no rows\n");
  return count;
}

/** A line of CSV or JSON; a terminal gets no controls to obey. */
function writeLine(out: Writable & { readonly isTTY?: boolean }, line: string): Promise<void> {
  return write(out, out.isTTY ? `${harmless(line.trimEnd())}\n` : line);
}

/** Writes, and waits where the reader is slower. */
export async function write(out: Writable, chunk: string): Promise<void> {
  if (!out.write(chunk)) await once(out, "drain");
}

function csvLine(row: readonly Json[]): string {
  return `${row.map(csvField).join(",")}\r\n`;
}

function jsonLine(columns: readonly string[], row: readonly Json[]): string {
  return `${JSON.stringify(Object.fromEntries(columns.map((column, index) => [column, row[index] ?? null])))}\n`;
}

/** Rows without lines between them. */
export const compact = { mid: "", "left-mid": "", "mid-mid": "", "right-mid": "" };

/** @param width Columns of the terminal: the widest column of a table that is wider than that is folded. */
export function table(head: readonly string[], rows: readonly (readonly Json[])[], width?: number): string {
  const cells = rows.map((row) => row.map((value) => harmless(text(value))));
  const widths = head.map((name, column) =>
    Math.max(...[name, ...cells.map((row) => row[column] ?? "")].map(cellWidth)),
  );
  const whole = widths.reduce((sum, one) => sum + one + 1, 1);
  const widest = widths.indexOf(Math.max(...widths));
  const folded = (widths[widest] ?? 0) - (whole - (width ?? whole));
  const drawn = new Table({
    head: [...head],
    chars: compact,
    style: { head: [], border: [] },
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
