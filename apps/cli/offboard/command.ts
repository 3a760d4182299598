import type { Command } from "commander";
import type { Configuration } from "../../../constructs/configuration";
import { operatorPolicyName } from "../../../constructs/names";
import { archiveBucketName } from "../../../handlers/archive/layout";
import { S3Store } from "../../../handlers/archive/s3-store";
import { Organizations } from "../../../handlers/clients/organizations";
import type { Clock } from "../../../handlers/clock";
import { tool } from "../../../handlers/contract/tool";
import { listAccount } from "../../../handlers/list-accounts/selection";
import { count } from "../../terminal/amounts";
import { coloursFor } from "../../terminal/colours";
import { nextCommand } from "../../terminal/next-command";
import { printableJsonLine } from "../../terminal/printable";
import { shellWord } from "../../terminal/shell-word";
import { refuseMistyped } from "../account-option";
import { UsageError } from "../errors";
import { exitCodes } from "../exit-codes";
import { requireLogArchiveAccount } from "../operator/caller";
import { openMembers } from "../operator/member-logs";
import { configurationOf, type DeploymentOptions, regionsOf, withDeploymentOptions } from "../operator/options";
import { organizationAccountIds } from "../operator/organization-accounts";
import { plainWidth, write } from "../output";
import { piecesOf } from "../run/pieces";
import { followAll, portsOf, type RegionWork } from "../run/regions";
import { judge, type OffboardPorts, type RegionVerdict, readHeld } from "./offboard-region";
import { conclusion, verdictText } from "./text";

interface OffboardOptions extends DeploymentOptions {
  readonly look: boolean;
  readonly json: boolean;
}

export function offboardCommand(command: Command, clock: Clock): void {
  withDeploymentOptions(command)
    .argument("<account>", "the account that is to be closed, by its id or name")
    .option("--look", "start no run: only tell what would be lost if it were closed now", false)
    .option("--json", "print it as JSON, a line for each look and the verdict in the last", false)
    .addHelpText(
      "after",
      `
Archives all that an account still holds, every log group and day since its
creation, run after run, and then says whether the account may be closed: when
each log group's day is archived and sealed, or settled for good. Each gap is
named otherwise. It closes nothing. Ctrl-C ends the looking, not the run; the
same command goes on.

It needs credentials in the log archive account with the policies
${operatorPolicyName} and OrgLogArchiveAuditor.

Examples:
  ${tool} offboard 111122223333
  ${tool} offboard 111122223333 --look --json

Exit codes: 0 may be closed; 1 something would be lost; 3 wrong use, or no
access.`,
    )
    .action(async (given: string, options: OffboardOptions) => {
      const configuration = configurationOf(options);
      const regions = regionsOf(configuration, options).map(({ name }) => name);
      const source = { clock, random: Math.random };
      refuseMistyped([given]);
      await requireLogArchiveAccount(configuration, source);
      const [account = given] = await organizationAccountIds([given], configuration.homeRegion, source);
      await requireArchived(account, configuration, clock);
      const ports = regions.map((region) => offboardPorts(account, configuration, region, clock));
      if (!options.look) await archiveAll(account, configuration, ports, options.json);
      const verdicts: RegionVerdict[] = [];
      for (const each of ports) {
        const verdict = await judge(account, configuration.dayTimeZone, each);
        verdicts.push(verdict);
        const width = process.stdout.columns ?? plainWidth;
        if (!options.json) await write(process.stdout, verdictText(verdict, width, coloursFor(process.stdout)));
      }
      const missing = configuration.regions.map(({ name }) => name).filter((name) => !regions.includes(name));
      const mayBeClosed = missing.length === 0 && verdicts.every(({ gaps }) => gaps.length === 0);
      const said = conclusion(account, verdicts, missing, ({ region, logGroup, day }) =>
        nextCommand({ bucket: [archiveBucketName(configuration.logArchiveAccount, region)] })(
          `why ${account} ${shellWord(logGroup ?? "any")} ${day}`,
        ),
      );
      await write(
        process.stdout,
        options.json ? printableJsonLine({ account, mayBeClosed, said, regions: verdicts }) : `${said}\n`,
      );
      process.exitCode = mayBeClosed ? exitCodes.complete : exitCodes.incomplete;
    });
}

/** @throws {UsageError} when runs would leave the account out, or it holds the archive */
async function requireArchived(
  account: string,
  { homeRegion, logArchiveAccount, targets }: Configuration,
  clock: Clock,
): Promise<void> {
  if (account === logArchiveAccount)
    throw new UsageError(
      `Account ${account} holds the archive: it must not be closed, or all of the archive goes with it.`,
    );
  const organizations = new Organizations(homeRegion, { clock, random: Math.random });
  for await (const found of organizations.accounts()) {
    if (found.id !== account) continue;
    const { skipped } = listAccount(found, targets);
    if (skipped) throw new UsageError(`Runs leave account ${account} out (${skipped}): nothing of it can be archived.`);
    return;
  }
}

function offboardPorts(account: string, configuration: Configuration, region: string, clock: Clock): OffboardPorts {
  const source = { clock, random: Math.random };
  const bucket = archiveBucketName(configuration.logArchiveAccount, region);
  return {
    ...{ region, clock },
    archive: new S3Store({ bucket, region, source, environment: process.env }),
    // Assumed anew each time: runs outlast sessions.
    openLogs: async () => (await openMembers(configuration, region, "offboard", source))(account),
  };
}

/** Runs over every day of which the account may hold something, in each Region. */
async function archiveAll(
  account: string,
  configuration: Configuration,
  regions: readonly OffboardPorts[],
  json: boolean,
): Promise<void> {
  const work: RegionWork[] = [];
  for (const each of regions) {
    const { days, groups } = await readHeld(each, configuration.dayTimeZone);
    const pieces = days.length > 0 ? piecesOf({ days: days.map(({ day }) => day), accounts: [account] }) : [];
    const told = { region: each.region, logGroups: groups.length, days: days.length, runs: pieces.length };
    await write(
      process.stdout,
      json
        ? printableJsonLine(told)
        : `${each.region}: ${count(groups.length, "log group")}, ${count(days.length, "day")}, ${count(pieces.length, "run")} one after the other\n`,
    );
    if (pieces.length > 0) work.push({ pieces, ports: portsOf(configuration, each.region, each.clock) });
  }
  await followAll(work, json);
}
