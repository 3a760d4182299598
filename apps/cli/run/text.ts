import type { RunRequest } from "../../../handlers/contract/messages";
import { count } from "../../terminal/amounts";
import type { Colors } from "../../terminal/colours";
import { fold } from "../../terminal/fold";
import { type NextCommand, nextCommand } from "../../terminal/next-command";
import { printable } from "../../terminal/printable";
import { minutes, runText } from "../status/text";
import type { Look } from "./follow";
import { tieringUsdPerGigabyte } from "./pieces";

/** A run that was started, and is not followed. */
export interface Started {
  readonly region: string;
  readonly bucket: string;
  readonly runId: string;
  readonly request: RunRequest;
  /** When it has to stop before the next one, as ISO 8601. */
  readonly deadline: string;
}

/** @param width columns of the terminal */
export function startedText(
  { region, bucket, runId, request, deadline }: Started,
  width: number,
  colours: Colors,
): string {
  const about = [
    daysText(request),
    request.accounts ? `accounts ${request.accounts.join(", ")}` : "every account that is archived",
    request.logGroups ? `log groups ${request.logGroups.join(", ")}` : "every log group",
  ].join("; ");
  const lines = [
    ...fold(printable(`${about}; until ${minutes(deadline)} at the latest`), width),
    nextCommand({ bucket: [bucket] })(`status ${runId} --follow`),
  ];
  return `${colours.bold(region)}  run ${runId}  ${colours.cyan("started")}\n${lines.join("\n")}\n`;
}

/**
 * How much more there is to a request than one run.
 * @param deadline of the first run, as ISO 8601
 * @param now epoch milliseconds
 * @param plan the command that foretells it
 */
export function piecesText(
  pieces: readonly RunRequest[],
  deadline: string,
  now: number,
  width: number,
  plan: string,
): string {
  if (pieces.length < 2) return "";
  const hours = Math.max(1, Math.round((Date.parse(deadline) - now) / 3_600_000));
  const days = pieces.reduce((sum, piece) => sum + (piece.days?.length ?? 0), 0);
  return foretold(
    `${days} days take ${pieces.length} runs, one after the other, the oldest days first. A run has until the next scheduled one, ${hours} hours from now, and what its time is not enough for another run of the same days goes on with: ${pieces.length} runs that fill their time take about ${pieces.length} days. How long each account takes, this foretells:`,
    width,
    plan,
  );
}

/**
 * What becomes of a backfill that scheduled runs go on with.
 * @param perRun how many days of it a run covers
 */
export function backfillText(days: number, perRun: number, width: number, plan: string): string {
  const runs = Math.ceil(days / perRun);
  return foretold(
    `${count(days, "day")} are archived beside the daily ones, the oldest first: ${count(perRun, "day")} by this run, and as many by each scheduled run after it, ${count(runs, "run")} at least. Days for which a run has too little time come again when all have come once. status shows how far it is, run --end-backfill ends it. How long each account takes, this foretells:`,
    width,
    plan,
  );
}

function foretold(text: string, width: number, plan: string): string {
  // A command is never folded: a shell takes it as it is printed.
  return [...fold(text, width), `  ${plan}`].map((line) => `${line}\n`).join("");
}

/** What an old day's export may cost in its account. */
export function tieringText(width: number): string {
  const perGigabyte = tieringUsdPerGigabyte();
  const text = `Days older than a month: where an account has Intelligent Tiering of CloudWatch Logs on, an export brings what it reads back to the Standard tier. That adds up to $${perGigabyte.toFixed(3)} a stored GB to the account's bill until it is archived again ($${(perGigabyte * 1000).toFixed(0)} for a TB); CloudWatch Logs charges nothing for the export itself.`;
  return fold(text, width)
    .map((line) => `${line}\n`)
    .join("");
}

/** @param width columns of the terminal; @param next a command, as it is run here */
export function lookText(look: Look, width: number, colours: Colors, next: NextCommand): string {
  const { region, runId, piece, pieces, execution, run, unknownLogGroups = [] } = look;
  const place = pieces > 1 ? `run ${piece} of ${pieces}\n` : "";
  const text = run
    ? runText(region, run, width, colours, next)
    : `${colours.bold(region)}  run ${runId}  ${execution.status === "RUNNING" ? "lists the accounts" : colours.red("ended without listing the accounts")}\n`;
  const hasFailed = !["RUNNING", "SUCCEEDED"].includes(execution.status);
  const endings = [
    ...(hasFailed && run?.finishedAt === undefined
      ? [`${execution.status}: ${execution.cause ?? "no cause is given"}`]
      : []),
    ...unknownLogGroups.map(
      (name) => `No account that the run reached has the log group ${name}. Correct --log-group.`,
    ),
  ];
  const more = endings.flatMap((line) => fold(printable(line), width)).map((line) => `${colours.red(line)}\n`);
  return [place, text, ...more].join("");
}

function daysText({ days, backfill }: RunRequest): string {
  if (backfill) return `yesterday, the look-back, and days from ${backfill.from} on`;
  if (!days) return "yesterday and the look-back";
  return days.length === 1 ? `day ${days[0]}` : `${days.length} days, ${days[0]} to ${days.at(-1)}`;
}
