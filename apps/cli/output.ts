import { once } from "node:events";
import type { Writable } from "node:stream";
import type { Json } from "@duckdb/node-api";
import { printableLines } from "../terminal/printable";
import { table } from "../terminal/table";

/** Columns where there is no terminal to ask. */
export const plainWidth = 80;

export type Format = "table" | "csv" | "json";

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
    if (held.length > 0)
      await write(
        out,
        `${table(
          columns,
          held.map((row) => row.map(text)),
          out.columns,
        )}\n`,
      );
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
  return write(out, out.isTTY ? `${printableLines(line.trimEnd())}\n` : line);
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
