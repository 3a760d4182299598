import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { count } from "../../terminal/amounts";
import { printable } from "../../terminal/printable";
import { spanText } from "../basis/spans";
import type { CoverageCalendar } from "./calendar";
import { type Incomplete, type IncompleteAccount, incompleteOf, weightText } from "./incomplete";
import type { PageData } from "./page-data";
import { pageDataOf } from "./page-data-of";
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

/** Accounts of a reason that a screen shows; print has more, and `--json` has all. */
const shownAccounts = 6;
const printedAccounts = 200;
/** Log groups that are named of an account. */
const namedLogGroups = 4;

const asset = (name: string) => readFileSync(join(__dirname, name), "utf8");

/** The calendar as one HTML document that needs nothing else: no network, no other file. */
export function renderPage(calendar: CoverageCalendar, facts: PageFacts): string {
  const script = asset("page.client.js");
  const style = asset("page.css");
  const hash = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
  const policy = `default-src 'none'; script-src ${hash(script)}; style-src ${hash(style)}; base-uri 'none'; form-action 'none'`;
  const { verdict, text } = verdictOf(calendar, facts.unreadable.length);
  const incomplete = incompleteOf(calendar);
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
<section id="incomplete"${incomplete.length === 0 ? " hidden" : ""}>
<h2>What is not complete</h2>
<div id="reasons">
${incomplete.map(reasonHtml).join("\n")}
</div>
</section>
<main>
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
<li><i class="c"></i>complete: every log group is archived, empty, or left out on purpose</li>
<li><i class="p"></i>partial: some are archived, and something is missing</li>
<li><i class="m"></i>missing: nothing is archived</li>
<li><i class="s"></i>skipped: the account is left out</li>
<li><i class="n"></i>blank: no run was to archive it</li>
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

function factsOf({ days, accounts, regions }: CoverageCalendar, facts: PageFacts): [string, string][] {
  const [first, last] = [days[0], days.at(-1)];
  const period =
    first === undefined || last === undefined
      ? "no days"
      : `${spanText({ from: first, to: last })} (${count(days.length, "day")})`;
  const heads = facts.heads.map(
    ({ bucket, head }) =>
      `<span class="head">${escaped(bucket)} <code>${escaped(head ?? "nothing is signed")}</code></span>`,
  );
  return [
    ["Period", escaped(period)],
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

function reasonHtml({ reason, meaning, weight, accountDays, accounts }: Incomplete): string {
  const row = (one: IncompleteAccount, index: number) =>
    `<li${index < shownAccounts ? "" : ' class="more"'}>${accountHtml(one)}</li>`;
  const rest = accounts.length - shownAccounts;
  const beyond = accounts.length - printedAccounts;
  return `<article class="${weight === "open" ? "open" : "gone"}">
<h3><code>${escaped(reason)}</code> <small>${count(accountDays, "account day")} in ${count(accounts.length, "account")}${weightText[weight]}</small></h3>
${meaning === "" ? "" : `<p>${escaped(meaning)}</p>`}
<ul>
${accounts.slice(0, printedAccounts).map(row).join("\n")}
</ul>
${rest > 0 ? `<button type="button" class="all">${count(rest, "account")} more</button>` : ""}
${beyond > 0 ? `<p class="more">And ${count(beyond, "account")} more: <code>coverage --json</code> has them.</p>` : ""}
</article>`;
}

function accountHtml({ account, name, regions, days, logGroups }: IncompleteAccount): string {
  const named = logGroups.slice(0, namedLogGroups).join(", ");
  const rest = logGroups.length > namedLogGroups ? ` and ${logGroups.length - namedLogGroups} more` : "";
  const what = logGroups.length === 0 ? "the whole account" : `${named}${rest}`;
  return `<b>${escaped(account)} ${escaped(name)}</b> <span>${escaped(regions.join(", "))}</span> <span class="days">${escaped(days)}</span> <span class="what">${escaped(what)}</span>`;
}

const escapes: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escaped(text: string): string {
  return printable(text).replaceAll(/[&<>"']/g, (character) => escapes[character] ?? character);
}

/** JSON that cannot end the script element it stands in. */
function embedJson(data: PageData): string {
  const unicode: Readonly<Record<string, string>> = { "<": "\\u003c", ">": "\\u003e", "&": "\\u0026" };
  return JSON.stringify(data).replaceAll(/[<>&]/g, (character) => unicode[character] ?? character);
}
