import { count, size } from "../../terminal/amounts";
import type { Colors } from "../../terminal/colours";
import { fold } from "../../terminal/fold";
import { printable } from "../../terminal/printable";
import { type Column, table } from "../../terminal/table";
import type { AccountForecast, Forecast } from "./forecast";

const accountColumns: readonly Column[] = [
  { name: "Account", rank: 3 },
  { name: "Name", rank: 2 },
  { name: "Exports", rank: 1 },
  { name: "Slot", rank: 1 },
  { name: "By", rank: 4 },
  { name: "Done", rank: 1 },
];
/** Accounts and reasons that are listed; `--json` has all. */
const listed = 15;

/** @param width columns of the terminal */
export function forecastText(plan: Forecast, width: number, colours: Colors): string {
  const { region, startsAt, deadline, endsAt, accounts, unreachable } = plan;
  const late = accounts.filter(({ isLate }) => isLate);
  const heading = `${region}  a run from ${minutes(startsAt)} to ${minutes(deadline)} at the latest`;
  const about = [
    `${count(plan.items, "export")} in ${count(accounts.length, "account")}, ${hours(plan.slotHours)} of their slots, done at ${minutes(endsAt)}`,
    `${size(plan.bytes)} by earlier days; ${plan.settledBefore.toLocaleString("en")} log group days are settled already`,
    `${count(plan.cost.transitions, "state transition")} and $${plan.cost.usd.toFixed(2)} for the run; $${plan.cost.usdPerMonthKept.toFixed(2)} a month for its data`,
  ];
  const lines = [
    fold(heading, width).join("\n").replace(region, colours.bold(region)),
    ...about.flatMap((text) => fold(text, width)),
    "",
    table(
      ["Day", "Exports"],
      plan.days.map(({ day, items }) => [day, String(items)]),
    ),
    ...reasonTable("Needs no export", "Log group days", plan.skipped),
    ...reasonTable("Accounts left out", "Accounts", plan.leftOut),
    ...accountTable(accounts, width),
    ...unreachable
      .slice(0, listed)
      .flatMap(({ account, name, reason }) =>
        fold(printable(`✘ ${account} ${name} ${reason}`), width).map(colours.red),
      ),
    ...(unreachable.length > listed ? [`and ${unreachable.length - listed} more accounts that cannot be read`] : []),
    ...plan.notices.flatMap(({ setting, value, message }) => fold(`${setting} ${printable(value)}: ${message}`, width)),
    verdict(late.length, unreachable.length, colours),
  ];
  return `${lines.join("\n")}\n`;
}

function verdict(late: number, unreachable: number, colours: Colors): string {
  const parts = [
    ...(late > 0 ? [`${count(late, "account")} will not be done before the next run`] : []),
    ...(unreachable > 0 ? [`${count(unreachable, "account")} cannot be read`] : []),
  ];
  return parts.length > 0
    ? colours.red(`${parts.join("; ")}.`)
    : colours.green("All of it is done before the next run.");
}

function reasonTable(head: string, of: string, reasons: Readonly<Record<string, number>>): string[] {
  const rows = Object.entries(reasons).sort(([, a], [, b]) => b - a);
  return rows.length > 0
    ? [
        table(
          [head, of],
          rows.map(([reason, number]) => [printable(reason), String(number)]),
        ),
      ]
    : [];
}

/** Those that take longest. */
function accountTable(accounts: readonly AccountForecast[], width: number): string[] {
  const busy = accounts.filter(({ items }) => items > 0).sort((a, b) => b.slotHours - a.slotHours);
  if (busy.length === 0) return [];
  const rows = busy
    .slice(0, listed)
    .map(({ account, name, items, slotHours, basis, endsAt, isLate }) => [
      account,
      printable(name),
      String(items),
      hours(slotHours),
      basis,
      `${minutes(endsAt).slice(5, -1)}${isLate ? " late" : ""}`,
    ]);
  const rest = busy.length > listed ? [`and ${busy.length - listed} accounts more, which take less`] : [];
  return [table(accountColumns, rows, width), ...rest];
}

/** `2026-11-20 13:30Z` */
function minutes(at: string): string {
  return `${at.slice(0, 16).replace("T", " ")}Z`;
}

function hours(number: number): string {
  return number < 1 ? `${Math.ceil(number * 60)} min` : `${number.toFixed(1)} h`;
}
