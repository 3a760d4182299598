import type { Command } from "commander";
import { operatorPolicyName } from "../../../constructs/names";
import { archiveBucketName } from "../../../handlers/archive/layout";
import type { Clock } from "../../../handlers/clock";
import { mostDaysOfRun, type RunRequest } from "../../../handlers/contract/messages";
import { tool } from "../../../handlers/contract/tool";
import { daysBeside } from "../../../handlers/list-accounts/backfill";
import { endOfRun } from "../../../handlers/list-accounts/list-accounts";
import { coloursFor } from "../../terminal/colours";
import { type NextCommand, nextCommand } from "../../terminal/next-command";
import { printableJson } from "../../terminal/printable";
import { UsageError } from "../errors";
import { exitCodes } from "../exit-codes";
import { requireLogArchiveAccount } from "../operator/caller";
import {
  configurationOf,
  type RunOptions,
  regionsOf,
  requestOf,
  withRunOptions,
  wordsAbout,
} from "../operator/options";
import { withAccountIds } from "../operator/organization-accounts";
import { plainWidth, write } from "../output";
import type { Look } from "./follow";
import { mayBeTiered, piecesOf } from "./pieces";
import { followAll, portsOf } from "./regions";
import { backfillText, piecesText, type Started, startedText, tieringText } from "./text";

interface StartOptions extends RunOptions {
  readonly follow: boolean;
  readonly endBackfill: boolean;
  readonly json: boolean;
}

export function runCommand(command: Command, clock: Clock): void {
  withRunOptions(command)
    .optionsGroup("What it does:")
    .option("--follow", "look at the runs until they have ended, and start those after them", false)
    .option("--end-backfill", "end the backfill that scheduled runs go on with", false)
    .option("--json", "print it as JSON, a line for each look", false)
    .addHelpText(
      "after",
      `
Starts a run in each Region, now. What has a receipt is not exported again.
Scheduled runs go on with more days than a month, some in each beside their own.
With --follow, --account or --log-group they are runs of a month instead: the
first is started, with --follow the others too. Ctrl-C ends only the looking.

It needs credentials in the log archive account with the policies
${operatorPolicyName} and, to follow, OrgLogArchiveAuditor.

Examples:
  ${tool} run --from 2026-11-19 --to 2026-11-20 --follow
  ${tool} run --account 111122223333 --log-group /ecs/web

Exit codes: 0 started, or all done if followed; 1 something failed; 3 wrong use,
or no access.`,
    )
    .action(async (options: StartOptions) => {
      const configuration = configurationOf(options);
      const regions = regionsOf(configuration, options);
      const source = { clock, random: Math.random };
      const asked = requestOf(options, configuration.dayTimeZone, clock.now());
      const { days = [] } = asked;
      requireAlone(options);
      await requireLogArchiveAccount(configuration, source);
      const pieces = runsOf(await withAccountIds(asked, configuration.homeRegion, source), options);
      const next = nextCommand(options);
      const { follow, json } = options;
      const width = process.stdout.columns ?? plainWidth;
      const [piece = {}] = pieces;
      const started: Started[] = [];
      const startedIn = (region: string, schedule: (typeof regions)[number]["schedule"]): Omit<Started, "runId"> => ({
        region,
        bucket: archiveBucketName(configuration.logArchiveAccount, region),
        request: piece,
        deadline: new Date(endOfRun(schedule, clock.now(), clock.now()).deadline).toISOString(),
      });
      const [first] = regions;
      if (!json && first) {
        const { deadline } = startedIn(first.name, first.schedule);
        const plan = next(wordsAbout("plan", options, [options.from, options.to]));
        const told = piece.backfill
          ? backfillText(days.length, daysBeside(configuration.lookbackDays), width, plan)
          : piecesText(pieces, deadline, clock.now(), width, plan);
        await write(process.stdout, told + (mayBeTiered(days, clock.now()) ? tieringText(width) : ""));
      }
      if (follow) {
        const work = regions.map(({ name }) => ({ ports: portsOf(configuration, name, clock), pieces }));
        const ended = await followAll(work, json);
        process.exitCode = ended.every(isDone) ? exitCodes.complete : exitCodes.incomplete;
        return;
      }
      for (const { name, schedule } of regions) {
        const { executions, newRunId } = portsOf(configuration, name, clock);
        const runId = newRunId();
        await executions.start(runId, piece);
        const run = { ...startedIn(name, schedule), runId };
        started.push(run);
        if (!json) await write(process.stdout, startedText(run, width, coloursFor(process.stdout)));
      }
      if (json) await write(process.stdout, `${printableJson({ started, runs: pieces.length })}\n`);
      else if (pieces.length > 1) await write(process.stdout, `${restText(pieces, options, next)}\n`);
    });
}

/** @throws {UsageError} where the end of a backfill is not all that is asked. */
function requireAlone({ endBackfill, from, account, logGroup }: StartOptions): void {
  if (endBackfill && (from !== undefined || account.length > 0 || logGroup.length > 0))
    throw new UsageError("--end-backfill goes with no days, accounts and log groups: the backfill ends as a whole.");
}

/** The runs of a request, or the one that scheduled runs go on after. */
function runsOf(request: RunRequest, { endBackfill, follow }: StartOptions): RunRequest[] {
  if (endBackfill) return [{ backfill: null }];
  const { days = [], accounts, logGroups } = request;
  const [from, to] = [days[0], days.at(-1)];
  const isForSome = accounts !== undefined || logGroups !== undefined;
  if (follow || isForSome || days.length <= mostDaysOfRun || from === undefined || to === undefined)
    return piecesOf(request);
  return [{ backfill: { from, to } }];
}

function restText(pieces: readonly RunRequest[], options: StartOptions, next: NextCommand): string {
  const days = pieces.slice(1).flatMap((piece) => piece.days ?? []);
  const rest = next(wordsAbout("run", options, [days[0], days.at(-1)]));
  return `This is the first of ${pieces.length} runs. When it has ended, go on with:\n  ${rest}`;
}

function isDone({ execution, unknownLogGroups = [] }: Look): boolean {
  return execution.status === "SUCCEEDED" && unknownLogGroups.length === 0;
}
