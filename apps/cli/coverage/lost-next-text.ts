import { count } from "../../terminal/amounts";
import type { Colors } from "../../terminal/colours";
import { fold } from "../../terminal/fold";
import { printable } from "../../terminal/printable";
import { type Column, table } from "../../terminal/table";
import { type LostNext, soonest } from "./lost-next";

const columns: readonly Column[] = [
  { name: "From", rank: 1 },
  { name: "Account", rank: 6 },
  { name: "Name", rank: 2 },
  { name: "Region", rank: 5 },
  { name: "Log group", rank: 1 },
  { name: "First day", rank: 4 },
  { name: "Days", rank: 3 },
];

/**
 * What CloudWatch Logs deletes next, as a table; nothing where nothing is at risk.
 * @param wholeAccounts how many accounts failed as a whole
 * @param width columns of the terminal
 */
export function lostNextLines(
  found: readonly LostNext[],
  wholeAccounts: number,
  width: number,
  colours: Colors,
): string[] {
  if (found.length === 0) return [];
  const rest = found.length - soonest;
  const head = "Lost next if nothing is done, from the day on which retention begins to delete it:";
  return [
    colours.bold(fold(head, width).join("\n")),
    table(
      columns,
      found
        .slice(0, soonest)
        .map(({ deletedFrom, account, name, region, logGroup, day, days }) => [
          ...[deletedFrom, account, printable(name), region, printable(logGroup), day, String(days)],
        ]),
      width,
    ),
    ...(rest > 0 ? [`and ${count(rest, "log group")} more: --json has all`] : []),
    ...(wholeAccounts > 0
      ? fold(`Not in it: what is lost of ${count(wholeAccounts, "account")} that failed as a whole.`, width)
      : []),
    "",
  ];
}
