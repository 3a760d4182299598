import { count } from "../../terminal/amounts";
import type { Colors } from "../../terminal/colours";
import { fold } from "../../terminal/fold";
import { printable } from "../../terminal/printable";
import type { Gap } from "./gaps";
import type { RegionVerdict } from "./offboard-region";

/** Gaps that are listed in a Region; `--json` has all. */
const listed = 20;

/** @param width columns of the terminal */
export function verdictText(verdict: RegionVerdict, width: number, colours: Colors): string {
  const { region, logGroups, firstDay, lastDay, archived, settled, leftOut, gaps } = verdict;
  const without = Object.entries(settled).map(([code, number]) => `${number} ${code}`);
  const paragraphs = [
    firstDay
      ? `${count(logGroups, "log group")}, days ${firstDay} to ${lastDay}: ${count(archived, "log group day")} archived${without.length > 0 ? `, needing no export: ${without.join(", ")}` : ""}`
      : "no log groups",
    ...(leftOut.length > 0
      ? [
          `Left out by the configuration, and gone with the account: ${leftOut.slice(0, listed).join(", ")}${leftOut.length > listed ? ` and ${leftOut.length - listed} more` : ""}`,
        ]
      : []),
    ...gaps.slice(0, listed).map(({ day, logGroup, why }) => `✘ ${day} ${logGroup ?? "(whole account)"}: ${why}`),
    ...(gaps.length > listed ? [`and ${gaps.length - listed} more (--json has all)`] : []),
  ];
  const lines = paragraphs.flatMap((text) => fold(printable(text), width));
  return `${(gaps.length > 0 ? colours.red : colours.green)(region)}\n${lines.join("\n")}\n`;
}

/**
 * @param missing Regions of the configuration that were not looked at
 * @param why the command that tells of a gap what it means and what to do
 */
export function conclusion(
  account: string,
  verdicts: readonly RegionVerdict[],
  missing: readonly string[],
  why: (gap: Gap) => string,
): string {
  const gaps = verdicts.flatMap((verdict) => verdict.gaps);
  const [first] = gaps;
  const regions = verdicts.map(({ region }) => region).join(", ");
  if (first)
    return `Account ${account} must not be closed yet: ${count(gaps.length, "gap")}. What the first means and what to do:\n  ${printable(why(first))}`;
  if (missing.length > 0)
    return `Nothing of account ${account} is missing in ${regions}. Look at ${missing.join(", ")} too before it is closed.`;
  return `Account ${account} may be closed: whatever it held in ${regions} is archived and sealed, or settled for good. Other Regions are not archived.`;
}
