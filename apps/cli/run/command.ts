import type { Command } from "commander";
import { operatorPolicyName } from "../../../constructs/names";
import { archiveBucketName } from "../../../handlers/archive/layout";
import type { Clock } from "../../../handlers/clock";
import type { RunRequest } from "../../../handlers/contract/messages";
import { tool } from "../../../handlers/contract/tool";
import { endOfRun } from "../../../handlers/list-accounts/list-accounts";
import { coloursFor } from "../../terminal/colours";
import { type NextCommand, nextCommand } from "../../terminal/next-command";
import { printableJson } from "../../terminal/printable";
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
import { backfillText, type Started, startedText } from "./text";

interface StartOptions extends RunOptions {
  readonly follow: boolean;
  readonly json: boolean;
}

export function runCommand(command: Command, clock: Clock): void {
  withRunOptions(command)
    .optionsGroup("What it does:")
    .option("--follow", "look at the runs until they have ended, and start those after them", false)
    .option("--json", "print it as JSON, a line for each look", false)
    .addHelpText(
      "after",
      `
Starts a run in each Region, now. What has a receipt is not exported again, so
that any run may be started again. Days are split into runs of a month: the
first is started, with --follow the others after it. Ctrl-C ends the looking,
not the run.

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
      await requireLogArchiveAccount(configuration, source);
      const pieces = piecesOf(await withAccountIds(asked, configuration.homeRegion, source));
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
      const isOld = pieces.some(({ days = [] }) => mayBeTiered(days, clock.now()));
      const [first] = regions;
      if (!json && first) {
        const { deadline } = startedIn(first.name, first.schedule);
        const plan = next(wordsAbout("plan", options, [options.from, options.to]));
        await write(process.stdout, backfillText(pieces, isOld, deadline, clock.now(), width, plan));
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

function restText(pieces: readonly RunRequest[], options: StartOptions, next: NextCommand): string {
  const days = pieces.slice(1).flatMap((piece) => piece.days ?? []);
  const rest = next(wordsAbout("run", options, [days[0], days.at(-1)]));
  return `This is the first of ${pieces.length} runs. When it has ended, go on with:\n  ${rest}`;
}

function isDone({ execution, unknownLogGroups = [] }: Look): boolean {
  return execution.status === "SUCCEEDED" && unknownLogGroups.length === 0;
}
