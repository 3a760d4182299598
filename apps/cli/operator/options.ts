import { type Command, InvalidArgumentError } from "commander";
import { ZodError } from "zod";
import { type Configuration, InvalidConfiguration, type RegionConfiguration } from "../../../constructs/configuration";
import { daysBetween } from "../../../handlers/archive/expectations";
import { requestedDays } from "../../../handlers/calendar/days";
import { RunRequest } from "../../../handlers/contract/messages";
import { Day } from "../../../handlers/contract/values";
import { cdkJson, readConfiguration } from "../../deploy/cdk-json";
import { shellWord } from "../../terminal/shell-word";
import { refuseMistyped } from "../account-option";
import { UsageError } from "../errors";
import { repeated, single } from "../options";

/** No log group has anything older. */
const firstDay = "2014-07-01";

/** What an operator's commands share: which deployment is meant, and which days and accounts of it. */
export interface DeploymentOptions {
  readonly configuration?: string;
  readonly region: readonly string[];
}

export interface RunOptions extends DeploymentOptions {
  readonly from?: string;
  readonly to?: string;
  readonly account: readonly string[];
  readonly logGroup: readonly string[];
}

function checked(schema: { safeParse(value: string): { success: boolean } }, value: string, allowed: string): string {
  if (!schema.safeParse(value).success) throw new InvalidArgumentError(`It must be ${allowed}.`);
  return value;
}

export function withDeploymentOptions(command: Command): Command {
  return command
    .optionsGroup("Which deployment:")
    .option("--configuration <file>", "cdk.json with which it was deployed (default: this project's)", single)
    .option("--region <name>", "only this Region (repeatable)", repeated, []);
}

export function withRunOptions(command: Command): Command {
  const day = (value: string) => checked(Day, value, "a day that exists, such as 2026-11-20");
  return withDeploymentOptions(command)
    .optionsGroup("Which days and accounts:")
    .option("--from <day>", "first day, YYYY-MM-DD, instead of yesterday and the look-back", day)
    .option("--to <day>", "last day, YYYY-MM-DD; both or none", day)
    .option("--account <id or name>", "only this account (repeatable)", repeated, [])
    .option("--log-group <name>", "only this log group, by its whole name (repeatable)", repeated, []);
}

/** @throws {UsageError} when the file is no configuration. */
export function configurationOf({ configuration: path = cdkJson }: DeploymentOptions): Configuration {
  try {
    return readConfiguration(path);
  } catch (error) {
    if (error instanceof InvalidConfiguration) throw new UsageError(error.message, { cause: error });
    if (error instanceof SyntaxError || error instanceof ZodError)
      throw new UsageError(`${path} is no cdk.json: it must hold JSON with context.orgLogArchive.`, { cause: error });
    throw error;
  }
}

/** @throws {UsageError} when the configuration has none of the Regions. */
export function regionsOf(configuration: Configuration, { region: wanted }: DeploymentOptions): RegionConfiguration[] {
  const unknown = wanted.filter((name) => !configuration.regions.some((region) => region.name === name));
  if (unknown.length > 0)
    throw new UsageError(
      `The configuration has no Region ${unknown.join(", ")}. There are: ${configuration.regions.map(({ name }) => name).join(", ")}.`,
    );
  return configuration.regions.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
}

/** The words of a command about the same Regions, accounts and log groups, and these days. */
export function wordsAbout(
  command: "plan" | "run",
  { region, account, logGroup }: RunOptions,
  [from, to]: readonly [from: string | undefined, to: string | undefined],
): string {
  const options = [
    ...region.map((name) => ["--region", name]),
    ...(from !== undefined && to !== undefined ? [["--from", from, "--to", to]] : []),
    ...account.map((name) => ["--account", name]),
    ...logGroup.map((name) => ["--log-group", name]),
  ];
  return [command, ...options.flat().map(shellWord)].join(" ");
}

/**
 * The input of the run that is meant, but for its moment: of more days than one run covers, if so many are given, and with
 * accounts that may stand by their names. What no run would take is refused here, before AWS is asked anything.
 * @param now epoch milliseconds
 * @throws {UsageError} saying what to correct
 * @throws {InvalidInput} when a day cannot be archived yet
 */
export function requestOf({ from, to, account, logGroup }: RunOptions, dayTimeZone: string, now: number): RunRequest {
  if ((from === undefined) !== (to === undefined))
    throw new UsageError("--from and --to go together: give both, or none for yesterday and the look-back.");
  if (from !== undefined && to !== undefined && from > to)
    throw new UsageError(`--from ${from} is later than --to ${to}. Swap them.`);
  if (from !== undefined && from < firstDay)
    throw new UsageError(`--from ${from} is before CloudWatch Logs began, in July 2014. Correct it.`);
  const logGroups = RunRequest.shape.logGroups.safeParse(logGroup.length > 0 ? logGroup : undefined);
  if (!logGroups.success) throw new UsageError(`No run takes this: --log-group ${issuesText(logGroups.error)}.`);
  refuseMistyped(account);
  if (to !== undefined) requestedDays([to], now, dayTimeZone);
  return {
    ...(from !== undefined && to !== undefined ? { days: daysBetween(from, to) } : {}),
    ...(account.length > 0 ? { accounts: [...new Set(account)] } : {}),
    ...(logGroup.length > 0 ? { logGroups: [...new Set(logGroup)] } : {}),
  };
}

function issuesText({ issues }: ZodError): string {
  return issues.map(({ message }) => message).join("; ");
}
