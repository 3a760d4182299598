import { once } from "node:events";
import type { Writable } from "node:stream";
import type { Json } from "@duckdb/node-api";
import Table from "cli-table3";

export type Format = "table" | "csv" | "json";

/** What a terminal would act on instead of showing: control characters of either set, but for the line feed. */
const controls = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

/** A text of the archive as a terminal may show it: log content cannot move the cursor or change colours. */
export function harmless(text: string): string {
  return text.replaceAll(controls, (character) => {
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

/** Writes an answer as it comes. */
export async function writeRows(
  columns: readonly string[],
  batches: AsyncIterable<readonly (readonly Json[])[]>,
  format: Format,
  out: Writable,
): Promise<number> {
  let count = 0;
  if (format === "csv") await write(out, `${columns.map(csvField).join(",")}\r\n`);
  for await (const rows of batches) {
    if (rows.length === 0) continue;
    if (format === "table") await write(out, `${table(columns, rows)}\n`);
    else for (const row of rows) await write(out, format === "csv" ? csvLine(row) : jsonLine(columns, row));
    count += rows.length;
  }
  if (format === "table" && count === 0) await write(out, "no rows\n");
  return count;
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

export function table(head: readonly string[], rows: readonly (readonly Json[])[]): string {
  const drawn = new Table({ head: [...head], chars: compact, style: { head: [], border: [] } });
  for (const row of rows) drawn.push(row.map((value) => harmless(text(value))));
  return drawn.toString();
}
