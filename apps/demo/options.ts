import { existsSync, statSync } from "node:fs";
import { Command, InvalidArgumentError } from "commander";

/** What `npm start` was asked to do. */
export interface DemoOptions {
  /** A folder of real log files, archived as one more account. */
  readonly logs?: string;
  /** A few accounts of the organisation, in one Region, over two days: for a first look. */
  readonly small: boolean;
  /** The same organisation with faults. */
  readonly faults: boolean;
  /** Runs again over what `.emulator/` holds, instead of starting from a clean one. */
  readonly keep: boolean;
  /** One JSON document instead of progress and tables. */
  readonly json: boolean;
}

/** Parses the arguments; a wrong one ends the process with a sentence about it and exit code 1. */
export function parseOptions(argv: readonly string[]): DemoOptions {
  const command = new Command("npm start --")
    .description(
      "Runs the synthesised app against an organisation on this machine and leaves its archive in .emulator/.",
    )
    .option("--logs <folder>", "archive the log files in this folder as one more account", folder)
    .option("--small", "a few accounts in one Region, over two days: about 20 seconds", false)
    .option("--faults", "plant faults in the organisation: each is named, and the command ends with exit code 1", false)
    .option("--keep", "run again over what .emulator/ holds instead of starting clean", false)
    .option("--json", "print one JSON document instead of progress and tables", false)
    .allowExcessArguments(false)
    .showHelpAfterError("(npm start -- --help lists the options)");
  command.parse(argv, { from: "user" });
  const options = command.opts<DemoOptions>();
  if (options.faults && options.keep)
    command.error("error: --faults starts clean: give it without --keep, and `npm start -- --keep` after it heals");
  return options;
}

function folder(path: string): string {
  if (!existsSync(path)) throw new InvalidArgumentError(`There is no ${path}. Name a folder that holds log files.`);
  if (!statSync(path).isDirectory())
    throw new InvalidArgumentError(`${path} is not a folder. Name the folder that the log files lie in.`);
  return path;
}
