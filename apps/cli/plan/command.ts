import type { Command } from "commander";
import type { Configuration, RegionConfiguration } from "../../../constructs/configuration";
import { operatorPolicyName } from "../../../constructs/names";
import { archiveBucketName } from "../../../handlers/archive/layout";
import { S3Store } from "../../../handlers/archive/s3-store";
import { Organizations } from "../../../handlers/clients/organizations";
import { systemClock } from "../../../handlers/clock";
import { tool } from "../../../handlers/contract/tool";
import { coloursFor } from "../../terminal/colours";
import { printableJson } from "../../terminal/printable";
import { exitCodes } from "../exit-codes";
import { requireLogArchiveAccount } from "../operator/caller";
import { openMembers } from "../operator/member-logs";
import { configurationOf, type RunOptions, regionsOf, requestOf, withRunOptions } from "../operator/options";
import { withAccountIds } from "../operator/organization-accounts";
import { plainWidth, write } from "../output";
import { Progress } from "../progress";
import type { Forecast } from "./forecast";
import { planRegion, type RegionPorts } from "./plan-region";
import { forecastText } from "./text";

interface PlanOptions extends RunOptions {
  readonly json: boolean;
}

export function planCommand(command: Command): void {
  withRunOptions(command)
    .optionsGroup("What it prints:")
    .option("--json", "print the plan as JSON, with every account", false)
    .addHelpText(
      "after",
      `
What a run that started now would export, how long that takes by earlier
receipts, which accounts would not be done before the next run, and what it
costs. It writes nothing.

It needs credentials in the log archive account with the policies
${operatorPolicyName} and OrgLogArchiveAuditor.

Examples:
  ${tool} plan
  ${tool} plan --from 2025-01-01 --to 2025-03-31 --json

Exit codes: 0 all of it is done before the next run; 1 it is not, or an account
cannot be read; 3 wrong use, or no access.`,
    )
    .action(async (options: PlanOptions) => {
      const configuration = configurationOf(options);
      const regions = regionsOf(configuration, options);
      const asked = requestOf(options, configuration.dayTimeZone, systemClock.now());
      const source = { clock: systemClock, random: Math.random };
      await requireLogArchiveAccount(configuration, source);
      const request = await withAccountIds(asked, configuration.homeRegion, source);
      const progress = new Progress(process.stderr, options.json);
      const forecasts: Forecast[] = [];
      for (const region of regions) {
        const settings = { ...configuration, ...region };
        progress.show(`${region.name}: listing accounts`);
        const ports = await portsOf(configuration, region);
        const forecast = await planRegion(request, settings, ports, (done, total) =>
          progress.show(`${region.name}: ${done} of ${total} accounts`),
        );
        progress.end();
        forecasts.push(forecast);
        if (!options.json)
          await write(
            process.stdout,
            forecastText(forecast, process.stdout.columns ?? plainWidth, coloursFor(process.stdout)),
          );
      }
      if (options.json) await write(process.stdout, `${printableJson({ regions: forecasts })}\n`);
      const fits = forecasts.every(
        ({ accounts, unreachable }) => unreachable.length === 0 && !accounts.some(({ isLate }) => isLate),
      );
      process.exitCode = fits ? exitCodes.complete : exitCodes.incomplete;
    });
}

async function portsOf(configuration: Configuration, { name: region }: RegionConfiguration): Promise<RegionPorts> {
  const source = { clock: systemClock, random: Math.random };
  const bucket = archiveBucketName(configuration.logArchiveAccount, region);
  return {
    region,
    clock: systemClock,
    archive: new S3Store({ bucket, region, source, environment: process.env }),
    organizations: new Organizations(region, source),
    logsOf: await openMembers(configuration, region, "plan", source),
  };
}
