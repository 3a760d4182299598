import { count } from "../../terminal/amounts";
import type { CoverageCalendar } from "./calendar";
import { escaped } from "./escaped";
import { type Incomplete, type IncompleteAccount, incompleteOf, weightText } from "./incomplete";
import { failedAsWhole, type LostNext, lostNextOf, soonest } from "./lost-next";

/** Accounts of a reason that a screen shows; print has more, and `--json` has all. */
const shownAccounts = 6;
const printedAccounts = 200;
/** Log groups that are named of an account. */
const namedLogGroups = 4;

/** What is not complete, by reason, and what retention deletes next; empty where all is complete. */
export function incompleteHtml(calendar: CoverageCalendar): string {
  const incomplete = incompleteOf(calendar);
  if (incomplete.length === 0) return "";
  return `<section id="incomplete">
<h2>What is not complete</h2>
<div id="reasons">
${incomplete.map(reasonHtml).join("\n")}
</div>
${lostNextHtml(calendar)}</section>
`;
}

function lostNextHtml(calendar: CoverageCalendar): string {
  const found = lostNextOf(calendar);
  if (found.length === 0) return "";
  const rest = found.length - soonest;
  const whole = failedAsWhole(calendar);
  const besides = [
    ...(rest > 0 ? [`And ${count(rest, "log group")} more: <code>coverage --json</code> has them.`] : []),
    ...(whole > 0 ? [`Not in it: what is lost of ${count(whole, "account")} that failed as a whole.`] : []),
  ];
  return `<h2>Lost next if nothing is done</h2>
<div id="lost-next">
<table>
<thead><tr><th>From</th><th>Account</th><th>Region</th><th>Log group</th><th>First day</th><th>Days</th></tr></thead>
<tbody>
${found.slice(0, soonest).map(lostRow).join("\n")}
</tbody>
</table>
</div>
<p>From: the day on which retention begins to delete the first day that is not archived.${besides.map((text) => ` ${text}`).join("")}</p>
`;
}

function lostRow({ deletedFrom, account, name, region, logGroup, day, days }: LostNext): string {
  const cells = [deletedFrom, `${account} ${name}`.trimEnd(), region, logGroup, day, String(days)];
  return `<tr>${cells.map((cell) => `<td>${escaped(cell)}</td>`).join("")}</tr>`;
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
