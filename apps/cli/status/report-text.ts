import { isLoss } from "../../../handlers/archive/losses";
import type { Report } from "../../../handlers/archive/records";
import { addCounts, noCounts } from "../../../handlers/archive/summary";
import { count, size } from "../../terminal/amounts";
import type { Colors } from "../../terminal/colours";
import { fold, labelled } from "../../terminal/fold";
import type { NextCommand } from "../../terminal/next-command";
import { printable } from "../../terminal/printable";
import { type Column, table } from "../../terminal/table";

type Cause = Report["causes"][number];
/** What a cause comes to for a person who reads of it. */
type CauseKind = "failed" | "known" | "lost" | "lost in part" | "reached" | "left out" | "empty";
type Account = Pick<Report["accounts"][number], "id" | "name" | "counts" | "bytes" | "skipped">;

const accountColumns: readonly Column[] = [
  { name: "Account", rank: 3 },
  { name: "Name", rank: 2 },
  { name: "Exported", rank: 1 },
  { name: "Empty", rank: 1 },
  { name: "Skipped", rank: 1 },
  { name: "Size", rank: 1 },
];
/** Rows of accounts that a person still reads; of more, the rest becomes one row. */
const readableRows = 15;
const namedAccounts = 3;

/**
 * The runs' reports for a terminal, all Regions together: what each run came to, what failed with what to do and the command that
 * shows the rest, what is gone for good, what else is not archived, and where nothing failed the accounts.
 * @param width columns of the terminal
 * @param command a command, as it is run here
 */
export function renderReports(
  reports: readonly Report[],
  width: number,
  colours: Colors,
  command: NextCommand,
): string {
  const causes = merged(reports);
  const failed = causes.filter(({ kind }) => kind === "failed");
  const lost = causes.filter(({ kind }) => kind === "lost" || kind === "lost in part");
  const parts = [
    ...reports.map((report) => heading(report, width, colours)),
    totals(reports, width),
    ...(causes.length > 0 ? [""] : []),
    ...failed.map((cause) => causeText(cause, width, colours, command)),
    ...lastChances(reports, width, colours, command),
    ...lost.map((cause) => causeText(cause, width, colours, command)),
    ...others(causes, width),
    ...reports.flatMap(({ notices }) => notices).map((notice) => noticeText(notice, width)),
    ...(failed.length > 0 ? [] : accountTable(reports, width)),
  ];
  return `${parts.join("\n")}\n`;
}

function heading({ region, days, backfill, status, accounts }: Report, width: number, colours: Colors): string {
  const own = days.filter((day) => !backfill.includes(day));
  const span = [own, backfill]
    .filter((some) => some.length > 0)
    .map(spanOf)
    .join(" and ");
  const archived = accounts.filter(({ skipped }) => !skipped);
  const complete = archived.filter(({ counts }) => counts.failed === 0).length;
  const text = `${region}  ${status}  ${span}, ${complete} of ${count(archived.length, "account")} complete`;
  const paint = status === "complete" ? colours.green : colours.red;
  return fold(text, width).join("\n").replace(status, paint(status));
}

function spanOf(days: readonly string[]): string {
  const [first, last] = [[...days].sort()[0], [...days].sort().at(-1)];
  return first === last ? (first ?? "") : `${first} to ${last}`;
}

function totals(reports: readonly Report[], width: number): string {
  const { exported, empty, skipped, failed, known } = reports.map(({ counts }) => counts).reduce(addCounts, noCounts);
  const bytes = reports.reduce((sum, report) => sum + report.bytes, 0);
  const settled = reports.reduce((sum, report) => sum + report.settledBefore, 0);
  const parts = [
    `${exported.toLocaleString("en")} exported (${size(bytes)})`,
    ...[
      [empty, "empty"] as const,
      [skipped, "skipped"] as const,
      [failed, "failed"] as const,
      [known, "failed as known"] as const,
      [settled, "settled by earlier runs"] as const,
    ].flatMap(([number, what]) => (number > 0 ? [`${number.toLocaleString("en")} ${what}`] : [])),
  ];
  return fold(`Log group days: ${parts.join(", ")}`, width).join("\n");
}

interface MergedCause extends Pick<Cause, "reason" | "advice" | "count"> {
  readonly kind: CauseKind;
  /** Names, or ids where there is none. */
  readonly accounts: readonly string[];
}

/** One cause for a reason, whatever Regions it struck; what most log group days have comes first. */
function merged(reports: readonly Report[]): MergedCause[] {
  const causes = new Map<string, MergedCause>();
  for (const report of reports) {
    const names = new Map(report.accounts.map(({ id, name }) => [id, name]));
    for (const cause of report.causes) {
      const kind = kindOf(cause);
      const id = `${kind} ${cause.reason}`;
      const before = causes.get(id);
      const accounts = cause.accounts.map((account) => names.get(account) || account);
      causes.set(id, {
        ...{ kind, reason: cause.reason, advice: cause.advice, count: cause.count + (before?.count ?? 0) },
        accounts: [...new Set([...(before?.accounts ?? []), ...accounts])],
      });
    }
  }
  return [...causes.values()].sort((a, b) => b.count - a.count);
}

function kindOf({ outcome, reason }: Cause): CauseKind {
  if (outcome === "failed" || outcome === "known") return outcome;
  if (reason === "account-reached") return "reached";
  if (outcome === "skipped" && isLoss({ outcome, reason })) return "lost";
  if (outcome === "exported" || isLoss({ outcome, reason })) return "lost in part";
  return outcome === "skipped" ? "left out" : "empty";
}

function causeText(cause: MergedCause, width: number, colours: Colors, command: NextCommand): string {
  const { kind, reason, count: items, accounts, advice } = cause;
  const what = `${count(items, "log group day")} in ${namesOf(accounts)}`;
  const gone = kind === "lost" ? ", gone for good" : ", a part gone for good";
  const head = kind === "failed" ? `✘ ${printable(reason)}` : `◐ ${printable(reason)}${gone}`;
  return [
    (kind === "failed" ? colours.red : colours.yellow)(cut(`${head}: ${what}`, width)),
    labelled("  ", advice, width),
    // What is not sealed is archived: coverage has nothing to say of it.
    colours.dim(`  ${command(reason === "not-sealed" ? "verify --deep" : `coverage --reason ${reason}`)}`),
  ].join("\n");
}

function namesOf(accounts: readonly string[]): string {
  const rest = accounts.length - namedAccounts;
  const named = accounts.slice(0, namedAccounts).map(printable).join(", ");
  return rest > 0 ? `${count(accounts.length, "account")}: ${named} and ${rest} more` : named;
}

/** What no later scheduled run looks at. */
function lastChances(reports: readonly Report[], width: number, colours: Colors, command: NextCommand): string[] {
  const lost = reports.reduce((sum, { causes }) => sum + causes.reduce((of, { lastChance }) => of + lastChance, 0), 0);
  if (lost === 0) return [];
  const days = [...new Set(reports.flatMap(({ lastChanceDays }) => lastChanceDays))].sort();
  const text = `Last chance: ${lost} of the failed are on ${days.join(", ")}, which no later scheduled run looks at. Cure the cause, then start a run of these days:`;
  const run = command(`run --from ${days[0]} --to ${days.at(-1)}`);
  return [colours.red(fold(text, width).join("\n")), colours.dim(`  ${run}`)];
}

/** What is no failure, and no loss: a line for each kind. */
function others(causes: readonly MergedCause[], width: number): string[] {
  const titles = [
    ["known", "Failed as known: "],
    ["left out", "Left out: "],
    ["empty", "Empty: "],
  ] as const;
  const reached = causes.filter(({ kind }) => kind === "reached").flatMap(({ accounts }) => accounts);
  return [
    ...(reached.length > 0 ? [labelled("Read again, after a run that could not: ", namesOf(reached), width)] : []),
    ...titles.flatMap(([wanted, title]) => {
      const parts = causes
        .filter(({ kind }) => kind === wanted)
        .map(({ reason, count: items }) => `${printable(reason)} ${items.toLocaleString("en")}`);
      return parts.length > 0 ? [labelled(title, parts.join(", "), width)] : [];
    }),
  ];
}

function noticeText({ setting, value, message }: Report["notices"][number], width: number): string {
  return labelled("Without effect: ", printable(`${setting} ${value}: ${message}`), width);
}

/** What each account has, in all Regions; nothing where a run had nothing to do. */
function accountTable(reports: readonly Report[], width: number): string[] {
  const accounts = new Map<string, Account>();
  for (const account of reports.flatMap((report) => report.accounts)) {
    const before = accounts.get(account.id);
    accounts.set(account.id, {
      ...account,
      counts: before ? addCounts(before.counts, account.counts) : account.counts,
      bytes: account.bytes + (before?.bytes ?? 0),
    });
  }
  const exporting = [...accounts.values()]
    .filter(({ counts }) => counts.exported + counts.empty > 0)
    .sort((a, b) => b.bytes - a.bytes);
  if (exporting.length === 0) return [];
  const shown = exporting.length <= readableRows ? exporting : exporting.slice(0, readableRows - 1);
  const rest = exporting.slice(shown.length);
  const sum = rest.reduce((total, { counts }) => addCounts(total, counts), noCounts);
  const rows = [
    ...shown.map(({ id, name, counts, bytes }) => row(id, printable(name), counts, bytes)),
    ...(rest.length > 0
      ? [
          row(
            `${rest.length} more`,
            "",
            sum,
            rest.reduce((total, { bytes }) => total + bytes, 0),
          ),
        ]
      : []),
  ];
  return ["", table(accountColumns, rows, width)];
}

function row(id: string, name: string, { exported, empty, skipped }: Account["counts"], bytes: number): string[] {
  return [id, name, ...[exported, empty, skipped].map((number) => number.toLocaleString("en")), size(bytes)];
}

function cut(text: string, longest: number): string {
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}
