import { rmSync } from "node:fs";
import { join } from "node:path";
import { InvalidConfiguration } from "../../constructs/configuration";
import { readConfiguration } from "../deploy/cdk-json";
import { coloursFor } from "../terminal/colours";
import { printableLines } from "../terminal/printable";
import { checkArchive } from "./check";
import { checkFaults, withFaults } from "./faults";
import { LogDirectoryNotFound, LogDirectoryUnreadable, NoLogFiles, NotALogDirectory, readLogFiles } from "./log-files";
import { type DemoOptions, parseOptions } from "./options";
import { exitCode, type Outcome, toJson, toText } from "./outcome";
import { LiveProgress, PlainProgress, type ProgressView } from "./progress";
import { askSampleQuery } from "./sample-query";
import { scenario } from "./scenario";
import { type SimulatedRun, simulate } from "./simulation";
import { synthesize } from "./synthesis";

/** `npm start`: the synthesised app against an organisation on this machine, from the schedule to an audit query. */

const root = join(__dirname, "..", "..");
const directory = join(root, ".emulator");
const seed = 1;

/** What is wrong with the input, rather than with the program: the message is all that a person needs. */
const inputErrors = [
  InvalidConfiguration,
  LogDirectoryNotFound,
  LogDirectoryUnreadable,
  NoLogFiles,
  NotALogDirectory,
] as const;

async function main(options: DemoOptions): Promise<void> {
  const configuration = readConfiguration();
  const say = options.json ? () => {} : (text: string) => process.stdout.write(text);
  const logFiles = options.logs && { folder: options.logs, result: await readLogFiles(options.logs) };
  const planned = scenario(configuration, seed, logFiles || undefined);
  const { lastDay, backfill } = planned;
  const regions = configuration.regions.map(({ name }) => name);
  const faulty = options.faults ? withFaults(planned.world, regions) : undefined;
  say("Synthesising the app ...\n");
  const assemblyDirectory = synthesize(configuration, join(root, "cdk.out"));
  if (!options.keep) rmSync(directory, { recursive: true, force: true });
  const runs = await simulate({
    assemblyDirectory,
    directory,
    world: faulty?.world ?? planned.world,
    logArchiveAccount: configuration.logArchiveAccount,
    seed,
    lastDay,
    dayTimeZone: configuration.dayTimeZone,
    ...(backfill ? { backfill } : {}),
    ...(faulty ? { trouble: faulty.trouble } : {}),
    progress: (accounts) => progressView(accounts, options, say),
  });
  const check = checkArchive(directory, daysCovered(runs), { timeZone: configuration.dayTimeZone });
  const outcome: Outcome = {
    directory,
    runs,
    check,
    ...(check.problems.length === 0 ? { answer: await askSampleQuery(join(directory, "s3"), lastDay) } : {}),
    ...(faulty ? { faults: checkFaults(directory, faulty.faults, lastDay) } : {}),
    ...(logFiles ? { logFiles: logFiles.result.summary } : {}),
  };
  process.stdout.write(options.json ? toJson(outcome) : toText(outcome, coloursFor(process.stdout)));
  process.exitCode = exitCode(outcome);
}

function progressView(accounts: number, options: DemoOptions, say: (text: string) => void): ProgressView {
  if (process.stdout.isTTY && !options.json)
    return new LiveProgress(accounts, coloursFor(process.stdout), () => performance.now());
  return new PlainProgress(accounts, say);
}

/** The days that the runs had to archive, by account and Region. */
function daysCovered(runs: readonly SimulatedRun[]): Map<string, Set<string>> {
  const covered = new Map<string, Set<string>>();
  for (const { region, report } of runs) {
    for (const { id, skipped } of report?.accounts ?? []) {
      if (skipped) continue;
      const slot = `${id} ${region}`;
      covered.set(slot, new Set([...(covered.get(slot) ?? []), ...(report?.days ?? [])]));
    }
  }
  return covered;
}

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

main(parseOptions(process.argv.slice(2))).catch((error: unknown) => {
  const isInputError = inputErrors.some((kind) => error instanceof kind);
  const text = error instanceof Error ? (isInputError ? error.message : (error.stack ?? error.message)) : String(error);
  process.stderr.write(`${printableLines(text)}\n`);
  process.exitCode = 1;
});
