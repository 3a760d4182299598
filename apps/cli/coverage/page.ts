import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { CellState, CoverageCalendar } from "./calendar";
import type { PageData } from "./page-data";

const letters: Readonly<Record<CellState, string>> = {
  complete: "c",
  partial: "p",
  missing: "m",
  skipped: "s",
  none: "n",
};

const asset = (name: string) => readFileSync(join(__dirname, name), "utf8");

/** The calendar as one HTML document that needs nothing else: no network, no other file. */
export function renderPage(calendar: CoverageCalendar, generatedAt: string): string {
  const script = asset("page.client.js");
  const style = asset("page.css");
  const hash = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
  const policy = `default-src 'none'; script-src ${hash(script)}; style-src ${hash(style)}; base-uri 'none'; form-action 'none'`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Coverage of the log archive</title>
<style>${style}</style>
</head>
<body>
<header>
<h1>Coverage of the log archive</h1>
<p id="summary"></p>
<form id="filters">
<label>Account <input id="account" type="search" placeholder="id or name" autocomplete="off"></label>
<label>Region <select id="region"></select></label>
<label>Outcome <select id="outcome">
<option value="">all</option><option value="p">partial</option><option value="m">missing</option><option value="s">skipped</option><option value="!">anything not complete</option><option value="c">only complete</option>
</select></label>
<span id="shown" role="status"></span>
</form>
<p id="legend"></p>
</header>
<main>
<div id="calendar" role="grid" aria-label="Coverage by account and day">
<div id="months" aria-hidden="true"></div>
<div id="rows"></div>
</div>
<section id="details" aria-live="polite" tabindex="-1"><p>Choose a day: click it, or move with the arrow keys.</p></section>
</main>
<noscript><p>This page draws its calendar with a script of its own; nothing is loaded from elsewhere.</p></noscript>
<script type="application/json" id="data">${embedJson(pageData(calendar, generatedAt))}</script>
<script>${script}</script>
</body>
</html>
`;
}

/** JSON that cannot end the script element it stands in. */
function embedJson(data: PageData): string {
  const escapes: Readonly<Record<string, string>> = { "<": "\\u003c", ">": "\\u003e", "&": "\\u0026" };
  return JSON.stringify(data).replaceAll(/[<>&]/g, (character) => escapes[character] ?? character);
}

function pageData({ days, regions, accounts, cells }: CoverageCalendar, generatedAt: string): PageData {
  const texts: string[] = [];
  const indices = new Map<string, number>();
  const textIndex = (text: string) => {
    const known = indices.get(text);
    if (known !== undefined) return known;
    indices.set(text, texts.length);
    return texts.push(text) - 1;
  };
  const items: Record<string, number[]> = {};
  const states: string[][] = [];
  for (const [index, cell] of cells.entries()) {
    const day = index % days.length;
    const slot = Math.floor(index / days.length);
    const region = slot % regions.length;
    const account = Math.floor(slot / regions.length);
    const ofAccount = states[account] ?? [];
    states[account] = ofAccount;
    ofAccount[region] = (ofAccount[region] ?? "") + letters[cell.state];
    if (cell.items.length > 0)
      items[`${account}/${region}/${day}`] = cell.items.flatMap(({ logGroup, reason }) => [
        logGroup === null ? -1 : textIndex(logGroup),
        textIndex(reason),
      ]);
  }
  return { generatedAt, days, regions, accounts, states, texts, items };
}
