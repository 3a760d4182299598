import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { count } from "../../terminal/amounts";
import { spanText } from "../basis/spans";
import type { CoverageCalendar } from "./calendar";
import { cssString, escaped } from "./escaped";
import type { PageData } from "./page-data";
import { pageDataOf } from "./page-data-of";
import { incompleteHtml } from "./page-incomplete";
import { verdictOf } from "./verdict";

/** What a page says of itself, so that it stands alone when it is printed or handed over. */
export interface PageFacts {
  /** ISO 8601, UTC. */
  readonly generatedAt: string;
  /** Where the archive lies. */
  readonly archive: string;
  readonly toolVersion: string;
  /** The newest digest of each bucket, as `SEQUENCE:HASH`; null where nothing is signed. */
  readonly heads: readonly { readonly bucket: string; readonly head: string | null }[];
  /** Records that cannot be read. */
  readonly unreadable: readonly string[];
  /** If the page is about one log group. */
  readonly logGroup?: string;
}

const asset = (name: string) => readFileSync(join(__dirname, name), "utf8");

/** The calendar as one HTML document that needs nothing else: no network, no other file. */
export function renderPage(calendar: CoverageCalendar, facts: PageFacts): string {
  const script = asset("page.client.js");
  const style = `${asset("page.css")}${sheetStyle(calendar, facts)}`;
  const hash = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
  const policy = `default-src 'none'; script-src ${hash(script)}; style-src ${hash(style)}; base-uri 'none'; form-action 'none'`;
  const { verdict, text } = verdictOf(calendar, facts.unreadable.length);
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
<p id="verdict" class="${verdict}">${escaped(text)}</p>
<dl id="facts">
${factsOf(calendar, facts)
  .map(([name, value]) => `<div><dt>${name}</dt><dd>${value}</dd></div>`)
  .join("\n")}
</dl>
</header>
${incompleteHtml(calendar)}<main>
<h2>Account by day</h2>
<form id="filters">
<label>Account <input id="account" type="search" placeholder="id or name" autocomplete="off"></label>
<label>Region <select id="region"></select></label>
<label>Outcome <select id="outcome">
<option value="">all</option><option value="p">partial</option><option value="m">missing</option><option value="s">skipped</option><option value="!">anything not complete</option><option value="c">only complete</option>
</select></label>
<span id="shown" role="status"></span>
</form>
<ul id="legend">
<li><i class="mark c"></i>complete: every log group is archived, empty, or left out on purpose</li>
<li><i class="mark p"></i>partial: some are archived, and something is missing</li>
<li><i class="mark m"></i>missing: nothing is archived</li>
<li><i class="mark s"></i>skipped: the account is left out</li>
<li><i class="mark n"></i>blank: no run was to archive it</li>
</ul>
<div id="panes">
<div id="calendar" role="grid" aria-label="Coverage by account and day">
<div id="axis" aria-hidden="true"></div>
<div id="rows"></div>
</div>
<section id="details" aria-live="polite" tabindex="-1"><p>Choose a day: click it, or move with the arrow keys.</p></section>
</div>
</main>
<noscript><p>The calendar is drawn with a script of this page's own; nothing is loaded from elsewhere.</p></noscript>
<script type="application/json" id="data">${embedJson(pageDataOf(calendar))}</script>
<script>${script}</script>
</body>
</html>
`;
}

/** What each printed sheet says at its foot: a sheet may be lost from the others. */
function sheetStyle(calendar: CoverageCalendar, facts: PageFacts): string {
  const { verdict } = verdictOf(calendar, facts.unreadable.length);
  const heads = facts.heads.map(({ bucket, head }) => `${bucket} ${head ?? "nothing is signed"}`);
  const about = facts.logGroup === undefined ? [] : [`Log group ${facts.logGroup}`];
  const lines = [
    [`Coverage of the log archive ${facts.archive}`, ...about, periodOf(calendar), verdict].join(", "),
    `Made ${facts.generatedAt} by org-log-archive ${facts.toolVersion}. Newest digest: ${heads.join(", ")}`,
  ];
  return `@page {
  @bottom-left {
    content: ${lines.map(cssString).join(' "\\a" ')};
  }
}
`;
}

function periodOf({ days }: CoverageCalendar): string {
  const [first, last] = [days[0], days.at(-1)];
  if (first === undefined || last === undefined) return "no days";
  return `${spanText({ from: first, to: last })} (${count(days.length, "day")})`;
}

function factsOf(calendar: CoverageCalendar, facts: PageFacts): [string, string][] {
  const { accounts, regions } = calendar;
  const heads = facts.heads.map(
    ({ bucket, head }) =>
      `<span class="head">${escaped(bucket)} <code>${escaped(head ?? "nothing is signed")}</code></span>`,
  );
  return [
    ["Period", escaped(periodOf(calendar))],
    ...(facts.logGroup === undefined ? [] : [["Log group", escaped(facts.logGroup)] as [string, string]]),
    ["Accounts", escaped(`${accounts.length.toLocaleString("en")} in ${regions.join(", ")}`)],
    ["Archive", escaped(facts.archive)],
    ["Made", escaped(`${facts.generatedAt} by org-log-archive ${facts.toolVersion}`)],
    ["Newest digest", heads.join("")],
    ...(facts.unreadable.length > 0
      ? [["Unreadable", facts.unreadable.map(escaped).join("<br>")] as [string, string]]
      : []),
  ];
}

/** JSON that cannot end the script element it stands in. */
function embedJson(data: PageData): string {
  const unicode: Readonly<Record<string, string>> = { "<": "\\u003c", ">": "\\u003e", "&": "\\u0026" };
  return JSON.stringify(data).replaceAll(/[<>&]/g, (character) => unicode[character] ?? character);
}
