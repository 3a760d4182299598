import { addDays } from "../../../handlers/archive/expectations";
import { count } from "../../terminal/amounts";
import { fold } from "../../terminal/fold";
import type { NextCommand } from "../../terminal/next-command";
import { printable } from "../../terminal/printable";
import { shellWord } from "../../terminal/shell-word";
import { type Basis, type IncompleteDay, isComplete, type Lost, type ReasonCounts } from "./basis";
import { type Span, spanText } from "./spans";

/** Days, or kinds of loss, that are listed; the rest is counted. */
const listed = 5;

/**
 * What an answer rests on, for people.
 * @param next a command, as it is run here
 * @param columns of the terminal; absent: lines are not folded.
 */
export function basisText(basis: Basis, next: NextCommand, columns?: number): string {
  const lacking = lacksOf(basis);
  const head =
    basis.subject === "archived"
      ? "This answer is not complete. Of what it is about, the archive does not hold all:"
      : "Not all that this answer is about is on record:";
  const lines = lacking.length > 0 ? [head, ...lacking.map(indented)] : [heldText(basis)];
  // Never folded: a shell takes it as it is printed.
  const shown = basis.incomplete.length + basis.lost.length > 0 ? [`To see them: ${next(coverageWords(basis))}`] : [];
  const leftOut = countsText(basis.leftOut);
  const last = leftOut ? [`Left out on purpose: ${leftOut}.`] : [];
  const told = (text: readonly string[]) => text.map((line) => folded(printable(line), columns));
  return [...told(lines), ...shown.map(printable), ...told(last)].map((line) => `${line}\n`).join("");
}

/** The same as fields, for programs. */
export function basisFields(basis: Basis): object {
  const { asked, archive, accounts, regions, receipted, incomplete, lost, notCovered } = basis;
  const { subject, unknownAccounts, unknownRegions, unknownLogGroups } = basis;
  return {
    subject,
    complete: isComplete(basis),
    days: asked,
    archive: archive ?? null,
    ...{ accounts, regions, receipted },
    incomplete: incomplete.map(({ day, accounts, of, reasons }) => ({ day, accounts, of, reasons })),
    ...{ lost, notCovered, unknownAccounts, unknownRegions, unknownLogGroups },
    ...{ leftOut: basis.leftOut, unreadable: basis.unreadable },
  };
}

function lacksOf(basis: Basis): string[] {
  const days = joined(basis.incomplete.map((day) => ({ day: day.day, text: incompleteText(day, basis) })));
  const lost = basis.lost.map((one) => lostText(one, basis));
  return [
    ...capped(days.map(({ days, text }) => text.replace("{days}", spanText(days)))),
    ...capped(lost),
    ...capped(basis.notCovered.map((span) => notCoveredText(span, basis))),
    ...basis.unknownAccounts.map((account) => `no run has seen account ${account}`),
    ...basis.unknownRegions.map((region) => `nothing is on record of Region ${region}`),
    ...capped(basis.unknownLogGroups.map((logGroup) => `nothing is on record of log group ${logGroup}`)),
  ];
}

function heldText({ subject, isOnRecord, accounts, regions, asked, archive }: Basis): string {
  if (!isOnRecord) return "Nothing is on record of what was asked for.";
  if (accounts === 0) return "Nothing of what was asked for is to be archived.";
  const span = archive && { from: asked.from ?? archive.from, to: asked.to ?? archive.to };
  const where = `${count(accounts, "account")} in ${regions.length === 1 ? regions[0] : `${regions.length} Regions`}`;
  const held =
    subject === "archived" ? "The archive holds all that was asked for" : "All that was asked about is on record";
  return `${held}: ${where}${span ? `, ${spanText(span)}${endsText(asked)}` : ""}.`;
}

/** Where a question has no bound, or none that is understood, the archive's is told: days beyond it may have been meant. */
function endsText({ from, to }: Basis["asked"]): string {
  if (from !== undefined && to !== undefined) return "";
  const which = from === undefined && to === undefined ? "other" : from === undefined ? "earlier" : "later";
  return `; the archive has no ${which} days`;
}

/** With `{days}` where the days belong: days that follow each other and say the same are one line. */
function incompleteText({ accounts, of, account, only, reasons }: IncompleteDay, { names }: Basis): string {
  const named = account === undefined ? undefined : accountText(account, names);
  if (named !== undefined && only) {
    const what = only.logGroup === null ? named : `log group ${only.logGroup} of ${named}`;
    return `${what} in ${only.region} is not complete on {days}: ${only.reason ?? "failed"}`;
  }
  const who = named === undefined ? `${accounts} of ${of} accounts are` : `${named} is`;
  return `${who} not complete on {days}: ${countsText(reasons)}`;
}

function lostText({ reason, logGroupDays, accounts, ...days }: Lost, { names }: Basis): string {
  const [first = ""] = accounts;
  const who = accounts.length === 1 ? accountText(first, names) : `${accounts.length} accounts`;
  return `${lossTexts[reason] ?? reason}: ${count(logGroupDays, "log group day")} of ${who}, ${spanText(days)}`;
}

const lossTexts: Readonly<Record<string, string>> = {
  expired: "expired before it was exported",
  "partly-expired": "partly expired before it was exported",
  "key-too-long": "log streams' names too long for S3 (key-too-long)",
  "log-group-deleted": "deleted before it was exported",
};

function notCoveredText({ regions, ...span }: Basis["notCovered"][number], { archive, asked }: Basis): string {
  const where = regions ? ` in ${regions.join(" and ")}` : "";
  if (!archive) return "no run has covered any day";
  const isLater = asked.to === undefined && span.from > archive.to;
  const isEarlier = asked.from === undefined && span.to < archive.from;
  const days = `${spanText(span)}${isLater ? " or later" : ""}${isEarlier ? " or earlier" : ""}`;
  const ends = span.from > archive.to ? `: the archive ends with ${archive.to}` : "";
  const begins = span.to < archive.from ? `: the archive begins with ${archive.from}` : "";
  return `no run has covered ${days}${where}${ends}${begins}`;
}

function accountText(account: string, names: Basis["names"]): string {
  const name = names.get(account);
  return `account ${account}${name ? ` (${name})` : ""}`;
}

function countsText(counts: ReasonCounts): string {
  return Object.entries(counts)
    .sort(([one, a], [other, b]) => b - a || (one < other ? -1 : 1))
    .map(([code, number]) => `${code} ${number}`)
    .join(", ");
}

/** Days that follow each other with the same text, as one. */
function joined(days: readonly { readonly day: string; readonly text: string }[]) {
  const found: { days: Span; readonly text: string }[] = [];
  for (const { day, text } of days) {
    const last = found.at(-1);
    if (last?.text === text && addDays(last.days.to, 1) === day) last.days = { from: last.days.from, to: day };
    else found.push({ days: { from: day, to: day }, text });
  }
  return found;
}

function capped(lines: readonly string[]): string[] {
  const more = lines.length - listed;
  return more > 0 ? [...lines.slice(0, listed), `and ${more} more like it`] : [...lines];
}

/** Of the command that shows what is not complete, of what was asked about. */
function coverageWords({ incomplete, lost, named }: Basis): string {
  const days = [...incomplete.map(({ day }) => day), ...lost.flatMap(({ from, to }) => [from, to])].sort();
  const { accounts = [], regions = [], logGroups = [] } = named;
  const parts = [
    ...accounts.map((account) => `--account ${shellWord(account)}`),
    ...regions.map((region) => `--region ${shellWord(region)}`),
    // Of several it shows all: it takes one.
    ...(logGroups.length === 1 ? logGroups.map((logGroup) => `--log-group ${shellWord(logGroup)}`) : []),
  ];
  return ["coverage", ...parts, `--from ${days[0]} --to ${days.at(-1)}`].join(" ");
}

function indented(line: string): string {
  return `  ${line}`;
}

function folded(line: string, columns: number | undefined): string {
  if (columns === undefined || line.length <= columns) return line;
  const [, margin = "", text = ""] = /^( *)(.*)$/s.exec(line) ?? [];
  return fold(text, columns - margin.length - 2)
    .map((part, index) => `${margin}${index === 0 ? "" : "  "}${part}`)
    .join("\n");
}
