import type { Json } from "@duckdb/node-api";
import { count } from "../../terminal/amounts";
import type { Colors } from "../../terminal/colours";
import { fold } from "../../terminal/fold";
import { printableLines } from "../../terminal/printable";
import { type Column, table } from "../../terminal/table";
import type { HitCount, HitRow } from "./hits";

/** Where the text goes. */
export interface Page {
  /** Columns of a terminal; absent: nothing is folded or left out. */
  readonly width?: number;
  readonly colours: Colors;
  /** What is marked in messages, and shown of long ones. */
  readonly sought: readonly string[];
}

const countColumns: readonly Column[] = [
  { name: "Account", rank: 4 },
  { name: "Name", rank: 2 },
  { name: "Region", rank: 3 },
  { name: "Log group", rank: 1 },
  { name: "Hits", rank: 1 },
];
/** Rows of the table of counts. */
const countedRows = 20;
/** Lines that a message takes on a terminal. */
const messageLines = 6;

/** How many hits there are, and where, before the hits themselves. */
export function countsText(counts: readonly HitCount[], shown: number, { width }: Page): string {
  const hits = counts.reduce((sum, one) => sum + one.hits, 0);
  if (hits === 0) return "no hits\n";
  const accounts = new Set(counts.map(({ account }) => account)).size;
  const rest = shown < hits ? `. The newest ${shown.toLocaleString("en")} are shown: --limit shows more` : "";
  const more = counts.length - countedRows;
  const head = `${count(hits, "hit")} in ${count(accounts, "account")} and ${count(counts.length, "log group")}${rest}.`;
  return [
    ...(width === undefined ? [head] : fold(head, width)),
    table(
      countColumns,
      counts
        .slice(0, countedRows)
        .map((one) => [one.account, one.account_name ?? "", one.region, one.log_group, one.hits.toLocaleString("en")]),
      width,
    ),
    ...(more > 0 ? [`and ${count(more, "more log group")}`] : []),
    "",
    "",
  ].join("\n");
}

/** A hit: when and where, and below it the message. */
export function hitText(row: HitRow, page: Page): string {
  const [ts, name, account, region, logGroup, stream] = texts(row, [
    ...["ts", "account_name", "account", "region", "log_group", "log_stream"],
  ]);
  const place = [ts || "no time", `${name ? `${name} ` : ""}${account}`, region, logGroup, stream].join("  ");
  return `${placeText(place, page)}\n${messageText(row, page, "  ").join("\n")}\n\n`;
}

/** Events of one log stream that lie side by side, those that are hits marked. */
export function blockText(rows: readonly HitRow[], page: Page): string {
  const [first = {}] = rows;
  const [name, account, region, logGroup, stream] = texts(first, [
    ...["account_name", "account", "region", "log_group", "log_stream"],
  ]);
  const place = [`${name ? `${name} ` : ""}${account}`, region, logGroup, stream].join("  ");
  const events = rows.map((row) => {
    const [begin = "", ...others] = messageText(row, page, "    ");
    const [ts] = texts(row, ["ts"]);
    const head = `${row.hit === true ? ">" : " "} ${ts || "no time"}`;
    return [row.hit === true ? page.colours.bold(head) : head, begin, ...others].join("\n");
  });
  return `${placeText(place, page)}\n${events.join("\n")}\n\n`;
}

function placeText(place: string, { width, colours }: Page): string {
  const lines = width === undefined ? [printableLines(place)] : fold(printableLines(place), width);
  return lines.map((line) => colours.bold(line.trim())).join("\n");
}

/** On a terminal a long message is cut, and says so: what was sought is shown of it. */
function messageText({ message }: HitRow, page: Page, margin: string): string[] {
  const { width, colours, sought } = page;
  const lines = printableLines(String(message ?? "")).split("\n");
  if (width === undefined) return lines.map((line) => `${margin}${line}`);
  const folded = lines.flatMap((line) => pieces(line, width - margin.length));
  const pattern = new RegExp(sought.map(escaped).join("|"), "gi");
  const found = Math.max(
    0,
    folded.findIndex((line) => line.search(pattern) !== -1),
  );
  const begin = found < messageLines ? 0 : found - 1;
  const shown = folded.slice(begin, begin + messageLines);
  const cut = [...folded.slice(0, begin), ...folded.slice(begin + messageLines)].reduce(
    (sum, line) => sum + line.length,
    0,
  );
  const marked = shown.map((line) => line.replaceAll(pattern, (text) => colours.red(colours.bold(text))));
  return [
    ...(begin > 0 ? [colours.dim("...")] : []),
    ...marked,
    ...(cut > 0 ? [colours.dim(`${count(cut, "more character")}: --json has all`)] : []),
  ].map((line) => `${margin}${line}`);
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}

/** A text as it is, in lines of so many characters. */
function pieces(text: string, width: number): string[] {
  const all = text.match(new RegExp(`.{1,${Math.max(width, 20)}}`, "gsu"));
  return all ?? [""];
}

function texts(row: HitRow, columns: readonly string[]): string[] {
  return columns.map((column) => text(row[column] ?? null));
}

function text(value: Json): string {
  return value === null ? "" : String(value);
}
