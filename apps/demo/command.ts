import { InvalidConfiguration } from "../../constructs/configuration";
import { coloursFor } from "../terminal/colours";
import { printableLines } from "../terminal/printable";
import { DamagedArchive } from "./damaged-archive";
import { LogDirectoryNotFound, LogDirectoryUnreadable, NoLogFiles, NotALogDirectory, TooManyLogs } from "./log-files";
import { parseOptions } from "./options";
import { CannotGoOn } from "./origin";
import { exitCode, resultJson, resultText } from "./result";
import { RunTooLong } from "./run-time";
import { type Surroundings, start } from "./start";

/** What is wrong with the input, rather than with the program: the message is all that a person needs. */
const inputErrors = [
  CannotGoOn,
  DamagedArchive,
  InvalidConfiguration,
  LogDirectoryNotFound,
  LogDirectoryUnreadable,
  NoLogFiles,
  NotALogDirectory,
  RunTooLong,
  TooManyLogs,
] as const;

/**
 * The command as this process: its arguments, what it prints, and its exit code.
 * @param surroundings called once the arguments are known to be right
 */
export async function runCommand(argv: readonly string[], surroundings: () => Surroundings): Promise<void> {
  // `npm start | head` has read enough.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(0);
    throw error;
  });
  process.on("SIGINT", () => {
    process.stderr.write(
      "\nInterrupted. What was archived is in .emulator/; `npm start -- --keep` goes on from there.\n",
    );
    process.exit(130);
  });
  const options = parseOptions(argv);
  try {
    const result = await start(options, surroundings());
    process.stdout.write(
      options.json
        ? resultJson(result)
        : resultText(result, process.stdout.columns ?? Number.POSITIVE_INFINITY, coloursFor(process.stdout)),
    );
    process.exitCode = exitCode(result);
  } catch (error) {
    process.stderr.write(`${printableLines(textOf(error))}\n`);
    process.exitCode = error instanceof DamagedArchive ? 2 : 1;
  }
}

function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return inputErrors.some((kind) => error instanceof kind) ? error.message : (error.stack ?? error.message);
}
