import { once } from "node:events";
import type { Writable } from "node:stream";
import type { Json } from "@duckdb/node-api";
import { Option } from "commander";
import { Pages, type Screen } from "../terminal/pager";
import { printableLines } from "../terminal/printable";
import { type Column, table } from "../terminal/table";
import { csvHead, csvLine, plainText } from "./csv";
import { UsageError } from "./errors";

/** Columns where there is no terminal to ask. */
export const plainWidth = 80;

/** How a command's answer is to be written. */
export interface FormatOptions {
  readonly csv?: boolean;
  readonly csvExcel?: boolean;
  readonly json?: boolean;
}

/** What the tool's start makes of `--csv=excel`. */
export const csvExcelOption = new Option("--csv-excel").hideHelp();

export type Format = "table" | "csv" | "excel" | "json";

/** A long answer is several tables, so that it need not be held as a whole. */
const tableRows = 1000;

/** The format that options ask for. */
export function formatOf({ csv, csvExcel, json }: FormatOptions): Format {
  const asked = [csv && "--csv", csvExcel && "--csv=excel", json && "--json"].filter(Boolean);
  if (asked.length > 1) throw new UsageError(`Give one of ${asked.join(" and ")}.`);
  return csvExcel ? "excel" : csv ? "csv" : json ? "json" : "table";
}

/**
 * Writes an answer as it comes; on a terminal through the pager, until the person leaves it.
 * @returns how many rows were read for it
 */
export async function writeRows(
  columns: readonly Column[],
  batches: AsyncIterable<readonly (readonly Json[])[]>,
  format: Format,
  out: Screen,
): Promise<number> {
  const pages = new Pages(out);
  const count = await (format === "table"
    ? writeTables(columns, batches, out, pages)
    : writeLines(
        columns.map(({ name }) => name),
        batches,
        format,
        out,
        pages,
      ));
  await pages.end();
  return count;
}

async function writeTables(
  columns: readonly Column[],
  batches: AsyncIterable<readonly (readonly Json[])[]>,
  out: Screen,
  pages: Pages,
): Promise<number> {
  let count = 0;
  let held: string[][] = [];
  const draw = async () => {
    const text = held.length > 0 ? `${table(columns, held, out.columns, count - held.length + 1)}\n` : "";
    held = [];
    return pages.write(text);
  };
  for await (const rows of batches) {
    held.push(...rows.map((row) => row.map(plainText)));
    count += rows.length;
    if (held.length >= tableRows && !(await draw())) return count;
  }
  await draw();
  if (count === 0) await pages.write("no rows\n");
  return count;
}

/** Lines of CSV or JSON. */
async function writeLines(
  columns: readonly string[],
  batches: AsyncIterable<readonly (readonly Json[])[]>,
  format: Exclude<Format, "table">,
  out: Screen,
  pages: Pages,
): Promise<number> {
  const flavour = format === "excel" ? "excel" : "plain";
  const lineOf = (row: readonly Json[]) => (format === "json" ? jsonLine(columns, row) : csvLine(row, flavour));
  let count = 0;
  if (format !== "json") await pages.write(csvHead(columns, flavour));
  for await (const rows of batches) {
    count += rows.length;
    for (const row of rows) if (!(await pages.write(shown(lineOf(row), out)))) return count;
  }
  return count;
}

/** A line from outside, as it is; a terminal gets no controls to obey. */
export function shown(line: string, out: Screen): string {
  return out.isTTY ? `${printableLines(line.trimEnd())}\n` : line;
}

/** Writes a text for a person: through a pager where it is longer than the terminal. */
export async function show(text: string, out: Screen = process.stdout): Promise<void> {
  const pages = new Pages(out);
  await pages.write(text);
  await pages.end();
}

/** Writes, and waits where the reader is slower. */
export async function write(out: Writable, chunk: string): Promise<void> {
  if (!out.write(chunk)) await once(out, "drain");
}

function jsonLine(columns: readonly string[], row: readonly Json[]): string {
  return `${JSON.stringify(Object.fromEntries(columns.map((column, index) => [column, row[index] ?? null])))}\n`;
}
