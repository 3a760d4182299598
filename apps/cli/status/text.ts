import type { MissedRun } from "../../../handlers/archive/expectations";
import { lossText } from "../../../handlers/archive/lost-digests";
import type { Backfill } from "../../../handlers/archive/records";
import { count, size } from "../../terminal/amounts";
import type { Colors } from "../../terminal/colours";
import { fold } from "../../terminal/fold";
import type { NextCommand } from "../../terminal/next-command";
import { printable } from "../../terminal/printable";
import { spansOf, spanText } from "../basis/spans";
import type { RegionStatus } from "./region-status";
import type { RunState } from "./run-state";

/** Accounts that one screen shows. */
const listed = 8;
/** Export tasks of others that it shows. */
const listedTasks = 3;

/**
 * One screen of at most 24 lines for a Region.
 * @param width columns of the terminal
 * @param next a command, as it is run here
 */
export function statusText(
  { region, run, oldest, known, missed, head, lost, lostNext }: RegionStatus,
  width: number,
  colours: Colors,
  next: NextCommand,
): string {
  if (!run) return `${colours.bold(region)}  no run yet; to start one:\n  ${next(`run --region ${region}`)}\n`;
  const loss = lossText(lost);
  const lines = [
    ...(missed ? [missedText(missed)] : []),
    oldest
      ? `oldest open: ${[oldest.day, oldest.account, oldest.accountName, oldest.logGroup ?? "(whole account)"].filter(Boolean).join(" ")}, ${oldest.reason}`
      : `nothing open${known > 0 ? " but known exceptions" : ""}`,
    ...(known > 0 ? [`known exceptions: ${count(known, "item")} that failed as the configuration says`] : []),
    head ? `head: ${head.sequence}:${head.sha256}` : "head: none, no run has been signed",
    ...(loss === null ? [] : [loss]),
  ];
  const atRisk = lostNext.length > 0 ? `${folded([lostNextText(lostNext)], width)}  ${next("coverage")}\n` : "";
  return runText(region, run, width, colours, next) + folded(lines, width) + atRisk;
}

/** The first that is lost if nothing is done, and how many there are. */
function lostNextText([first, ...others]: RegionStatus["lostNext"]): string {
  if (!first) return "";
  const { deletedFrom, account, name, logGroup, day } = first;
  const more = others.length > 0 ? `, and of ${count(others.length, "log group")} more` : "";
  return `lost next: CloudWatch Logs deletes ${day} of ${[account, name, logGroup].filter(Boolean).join(" ")} from ${deletedFrom}${more}; all of it:`;
}

function missedText({ newestStartedAt, dueAt, days }: MissedRun): string {
  const uncovered = days.length > 0 ? `; no run has covered ${spansOf(days).map(spanText).join(", ")}` : "";
  return `no scheduled run since ${minutes(newestStartedAt)}: the next was to begin ${minutes(dueAt)}${uncovered}`;
}

/** How far a run is. @param width columns of the terminal */
export function runText(region: string, run: RunState, width: number, colours: Colors, next: NextCommand): string {
  const { accounts, items } = run;
  const paint = run.status === "running" ? colours.cyan : run.status === "complete" ? colours.green : colours.red;
  const isReporting = run.status === "running" && accounts.running + accounts.waiting === 0;
  const lines = [
    `began ${minutes(run.startedAt)}, ${endText(run)}${run.expectedEnd ? `, expected ${minutes(run.expectedEnd)}` : ""}`,
    `accounts: ${accounts.done} of ${accounts.total} done, ${accounts.running} running, ${accounts.waiting} not begun, ${accounts.failed} failed`,
    `items: ${items.done} of ${items.total} settled${run.itemsPerHour > 0 ? `, ${run.itemsPerHour.toFixed(0)} an hour` : ""}, ${size(run.bytes)} in accounts that are done`,
    ...(run.backfill ? [backfillLine(run.backfill)] : []),
    ...(isReporting ? ["every account is done, and there is no report yet"] : []),
    ...rest(run.running, (one) => {
      const latest = one.latest ? `, last ${one.latest.logGroup} ${one.latest.day} ${one.latest.outcome}` : "";
      const held = one.heldUp > 0 ? `, ${one.heldUp} held up by others' export tasks` : "";
      return `› ${one.account} ${one.name.slice(0, 16)} ${one.done} of ${one.total}${held}${latest}`;
    }),
    ...rest(
      run.failed,
      ({ account, name, items: failed, reason }) =>
        `✘ ${account} ${name.slice(0, 16)} ${failed} failed, mostly ${reason}`,
    ),
  ];
  const inTheWay = run.foreignTasks
    .slice(0, listedTasks)
    .map(
      ({ account, name, taskId, logGroup, since }) =>
        `in the way: ${[account, name].filter(Boolean).join(" ")}, export task ${taskId} of ${logGroup} since ${minutes(since)}, not ours`,
    );
  const more = run.foreignTasks.length - inTheWay.length;
  if (more > 0) inTheWay.push(`  and ${count(more, "export task")} more of others: --json has all`);
  const causes = run.causes.map(({ reason, count }) => `${reason} ${count.toLocaleString("en")}`);
  // A command is not folded: a shell takes it as it is printed.
  const red =
    causes.length > 0
      ? `${folded([`red for: ${causes.join(", ")}; what to do:`], width)}${printable(`  ${next(`status ${run.runId} --report`)}`)}\n`
      : "";
  const unreadable = run.unreadable.map((message) => `unreadable-record: ${message}`);
  return `${colours.bold(region)}  run ${printable(run.runId)}  ${paint(run.status === "no-report" ? "no end on record" : run.status)}\n${folded([...lines, ...inTheWay], width)}${red}${folded(unreadable, width)}`;
}

function backfillLine({ rest, days, again }: Backfill): string {
  const spans = (some: readonly string[]) => spansOf(some).map(spanText).join(", ");
  const here = days.length > 0 ? `${spans(days)} in this run` : "no days of it in this run";
  const once = again.length > 0 ? `, and ${count(again.length, "day")} once more` : "";
  return `backfill: ${spans(rest)} left, ${here}${once}; scheduled runs go on with it`;
}

function endText({ status, finishedAt, deadline }: RunState): string {
  if (finishedAt) return `ended ${minutes(finishedAt)}`;
  if (status === "running") return `to end by ${minutes(deadline)}`;
  return `was to end by ${minutes(deadline)}: it was stopped or died, or is about to end; the execution's own status in Step Functions says which`;
}

function folded(lines: readonly string[], width: number): string {
  return lines.map((line) => `${fold(printable(line), width).join("\n")}\n`).join("");
}

function rest<T>(all: readonly T[], text: (one: T) => string): string[] {
  return [...all.slice(0, listed).map(text), ...(all.length > listed ? [`  and ${all.length - listed} more`] : [])];
}

/** `2026-11-20 13:30Z` */
export function minutes(at: string): string {
  return `${at.slice(0, 16).replace("T", " ")}Z`;
}
