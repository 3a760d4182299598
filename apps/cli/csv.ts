import type { Json } from "@duckdb/node-api";

/** `excel`: as Excel opens it without changing what it says. */
export type CsvFlavour = "plain" | "excel";

/** The head of a CSV. Without a byte order mark Excel reads UTF-8 as another encoding. */
export function csvHead(columns: readonly string[], flavour: CsvFlavour): string {
  return `${flavour === "excel" ? "\uFEFF" : ""}${csvLine(columns, flavour)}`;
}

export function csvLine(row: readonly Json[], flavour: CsvFlavour): string {
  return `${row.map((value) => csvField(value, flavour)).join(",")}\r\n`;
}

/** What Excel would take for a number or a time, and show with other digits: an account's id would lose its leading zeros. */
const likeNumber = /^[+-]?\d[\d.,:/ e%-]*$/i;
const day = /^\d{4}-\d{2}-\d{2}$/;
/** Characters of a text in a formula, and of a cell: what is longer would run into the cells after it. */
const longestInFormula = 255;
const longestCell = 32_767;
const cutMark = " [cut: longer than a cell of Excel]";

/** A field. One that a spreadsheet would run as a formula gets an apostrophe in front. */
export function csvField(value: Json, flavour: CsvFlavour = "plain"): string {
  const plain = plainText(value);
  return quoted(typeof value !== "string" ? plain : flavour === "excel" ? excelText(plain) : inert(plain));
}

/** JSON's value as a text of its own. */
export function plainText(value: Json): string {
  if (value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** A number of text is the value of a formula. */
function excelText(text: string): string {
  if (likeNumber.test(text) && !day.test(text) && text.length <= longestInFormula) return `="${text}"`;
  const whole = inert(text);
  return whole.length > longestCell ? `${whole.slice(0, longestCell - cutMark.length)}${cutMark}` : whole;
}

function inert(text: string): string {
  return /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
