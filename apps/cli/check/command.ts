import type { Command } from "commander";
import type { Configuration, RegionConfiguration } from "../../../constructs/configuration";
import { operatorPolicyName, stackNames, stackSetName } from "../../../constructs/names";
import { archiveBucketName } from "../../../handlers/archive/layout";
import type { ListedAccount } from "../../../handlers/archive/records";
import { AuditedBucket } from "../../../handlers/clients/audited-bucket";
import { CloudFormation, type StackInstance } from "../../../handlers/clients/deployed-stack";
import { OrganizationSetup } from "../../../handlers/clients/organization-setup";
import { Organizations } from "../../../handlers/clients/organizations";
import { RegionSetup } from "../../../handlers/clients/region-setup";
import type { RetrySource } from "../../../handlers/clients/retries";
import type { Clock } from "../../../handlers/clock";
import { tool } from "../../../handlers/contract/tool";
import { listAccount } from "../../../handlers/list-accounts/selection";
import { coloursFor } from "../../terminal/colours";
import { printableJson } from "../../terminal/printable";
import { UsageError } from "../errors";
import { exitCodes } from "../exit-codes";
import { requireLogArchiveAccount } from "../operator/caller";
import { openMembers } from "../operator/member-logs";
import { configurationOf, type DeploymentOptions, regionsOf, withDeploymentOptions } from "../operator/options";
import { organizationAccountIds } from "../operator/organization-accounts";
import { single } from "../options";
import { plainWidth, write } from "../output";
import { Progress } from "../progress";
import type { OrganizationPorts, RegionPorts, Result } from "./check";
import { type LiveExport, runLiveExport } from "./live-export/live-export";
import { runChecks } from "./run-checks";
import { resultText, summaryText } from "./text";

interface CheckOptions extends DeploymentOptions {
  readonly json: boolean;
  readonly liveExport?: string;
  readonly account?: string;
  readonly report?: string;
}

export function checkCommand(command: Command, clock: Clock): void {
  withDeploymentOptions(command)
    .option("--json", "print the results as JSON, with every detail", false)
    .optionsGroup("What AWS does not document:")
    .option("--live-export <log-group>", "settle by tiny exports of it what AWS leaves open", single)
    .option("--account <id or name>", "the account that has the log group", single)
    .option("--report <file>", "where to write the report (default: named by time)", single)
    .addHelpText(
      "after",
      `
Asks AWS, and changes nothing, whether organisation, member roles, stacks,
buckets, keys, schedules, Lambda and Athena are as they were deployed. Run it
after each deployment, and first when an alarm goes off.

With --live-export it asks what one account can settle of what AWS does not
document, and nothing else. It creates a handful of export tasks, a millisecond
each, as runs do, and writes a report. What they export stays in the bucket,
which costs less than a cent. It cancels and deletes nothing, and creates
nothing while another export task runs in the account and Region.

It needs credentials in the log archive account with the policies
${operatorPolicyName} and OrgLogArchiveAuditor.

Example:
  ${tool} check --live-export /ecs/web \\
    --account 111122223333 --region eu-central-1

Exit codes: 0 all is well; 1 something is not, or could not be asked; 3 wrong
use, or no access.`,
    )
    .action(async (options: CheckOptions) => {
      const configuration = configurationOf(options);
      const regions = regionsOf(configuration, options);
      const source = { clock, random: Math.random };
      const live = liveExportOf(options, regions);
      await requireLogArchiveAccount(configuration, source);
      if (live) {
        const [account = live.account] = await organizationAccountIds([live.account], configuration.homeRegion, source);
        process.exitCode = await runLiveExport({ ...live, account }, configuration, source, options.json);
        return;
      }
      const organization = organizationPorts(configuration, source);
      const progress = new Progress(process.stderr, options.json);
      const ports = regions.map((region) => regionPorts(organization, region, source, progress));
      const results: Result[] = [];
      for await (const result of runChecks(organization, ports, {
        command: "check",
        given: options,
        environment: process.env,
      })) {
        results.push(result);
        progress.end();
        const width = process.stdout.columns ?? plainWidth;
        if (!options.json) await write(process.stdout, resultText(result, width, coloursFor(process.stdout)));
      }
      await write(
        process.stdout,
        options.json ? `${printableJson({ checks: results })}\n` : summaryText(results, coloursFor(process.stdout)),
      );
      const isWell = results.every(({ status }) => status === "passed");
      process.exitCode = isWell ? exitCodes.complete : exitCodes.incomplete;
    });
}

/** Without what a policy takes for a pattern. https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_LogGroup.html */
const logGroupName = /^[\w./#-]{1,512}$/;

/** @throws {UsageError} where it does not say of which account and Region */
function liveExportOf(
  { liveExport: logGroup, account, report }: CheckOptions,
  regions: readonly RegionConfiguration[],
): LiveExport | undefined {
  if (logGroup === undefined) {
    if (account === undefined && report === undefined) return undefined;
    throw new UsageError("--account and --report go with --live-export alone. Give it a log group, or leave them out.");
  }
  if (!logGroupName.test(logGroup))
    throw new UsageError(`${logGroup} is no log group's name: 1 to 512 letters, digits and . - _ / #.`);
  if (account === undefined) throw new UsageError("--live-export needs --account: the account that has the log group.");
  const [region, ...others] = regions;
  if (region === undefined || others.length > 0)
    throw new UsageError(
      `--live-export is of one Region: give --region, one of ${regions.map(({ name }) => name).join(", ")}.`,
    );
  return { region: region.name, account, logGroup, report };
}

function organizationPorts(configuration: Configuration, source: RetrySource): OrganizationPorts {
  const { homeRegion, stackSetRegion, stackSet, targets } = configuration;
  return {
    configuration,
    setup: new OrganizationSetup(homeRegion, source),
    home: new RegionSetup(homeRegion, source),
    accounts: once(async () => {
      const accounts: ListedAccount[] = [];
      for await (const account of new Organizations(homeRegion, source).accounts())
        accounts.push(listAccount(account, targets));
      return accounts;
    }),
    instances: once(async () => {
      const found = new Map<string, StackInstance>();
      const stacks = new CloudFormation(stackSetRegion, source);
      for await (const instance of stacks.stackInstances(stackSetName, stackSet.callAs))
        found.set(instance.account, instance);
      return found;
    }),
  };
}

function regionPorts(
  { configuration, accounts, instances }: OrganizationPorts,
  region: RegionConfiguration,
  source: RetrySource,
  progress: Progress,
): RegionPorts {
  const { name } = region;
  const stacks = new CloudFormation(name, source);
  const members = once(() => openMembers(configuration, name, "check", source));
  return {
    ...{ configuration, region, accounts, instances, stacks },
    setup: new RegionSetup(name, source),
    template: once(() => stacks.template(stackNames.region(name))),
    bucket: new AuditedBucket({
      ...{
        bucket: archiveBucketName(configuration.logArchiveAccount, name),
        region: name,
        source,
        environment: process.env,
      },
    }),
    look: async (account) => (await (await members())(account)).probe(),
    onProgress: (done, total) => progress.show(`${name}: ${done} of ${total} accounts entered`),
  };
}

/** Asks once, however many ask for it. */
function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined;
  return () => {
    answer ??= ask();
    return answer;
  };
}
