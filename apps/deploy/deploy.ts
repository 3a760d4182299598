import { spawnSync } from "node:child_process";
import { type Configuration, InvalidConfiguration } from "../../constructs/configuration";
import { exampleFields } from "../../constructs/configuration/examples";
import { stackNames } from "../../constructs/names";
import { nextCommand } from "../terminal/next-command";
import { readConfiguration } from "./cdk-json";
import { explaining } from "./explaining";

/** `npm run deploy -- [stacks] [cdk options]`: deploys to AWS, unless the configuration is still the example. */

/** @throws {InvalidConfiguration} naming the fields that still have their example values. */
export function refuseExample(configuration: Configuration): void {
  const fields = exampleFields(configuration);
  if (fields.length === 0) return;
  throw new InvalidConfiguration(
    fields.map(({ path, given }) => ({
      path,
      given,
      allowed: "your organisation's own; the shipped example is for synth and the emulator",
      change: "Set it in cdk.json.",
    })),
  );
}

/** What is passed to `cdk`: every stack of the log archive account, unless stacks are named. */
export function deployArguments(configuration: Configuration, given: readonly string[]): string[] {
  const named = given.some((argument) => argument === "--all" || argument.startsWith("OrgLogArchive"));
  if (named) return ["deploy", ...given];
  const { logArchiveAccount, targets } = configuration;
  const regions = configuration.regions.map(({ name }) => stackNames.region(name));
  const own = targets.managementAccount === logArchiveAccount ? [stackNames.managementAccount] : [];
  return ["deploy", stackNames.members, ...own, ...regions, ...given];
}

/** How a deployment ends. @param status of `cdk`; null: it was stopped. */
export function endingOf(status: number | null): { readonly exitCode: number; readonly text: string } {
  if (status !== 0) return { exitCode: status ?? 1, text: "" };
  return { exitCode: 0, text: `\nWhether all that archiving rests on is in place: ${nextCommand()("check")}\n` };
}

function main(): void {
  const configuration = readConfiguration();
  refuseExample(configuration);
  const deploy = deployArguments(configuration, process.argv.slice(2));
  const { status } = spawnSync(process.execPath, [require.resolve("aws-cdk/bin/cdk"), ...deploy], { stdio: "inherit" });
  const { exitCode, text } = endingOf(status);
  process.exitCode = exitCode;
  process.stdout.write(text);
}

if (require.main === module) explaining(main);
