import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Configuration } from "../../constructs/configuration";
import type { LogGroup, World } from "../emulator";
import { coloursFor } from "../terminal/colours";
import { checkArchive } from "./check";
import { expectationText } from "./expected-time";
import { checkFaults, withFaults } from "./faults";
import { type LogFilesResult, readLogFiles } from "./log-files";
import type { Subject } from "./next-commands";
import type { DemoOptions } from "./options";
import type { DemoOrganizationOptions } from "./organization";
import { ensureSame, keptFolder, keptSmall, originOf, readOrigin, writeOrigin } from "./origin";
import { LiveProgress, PlainProgress, type ProgressView } from "./progress";
import type { DemoResult } from "./result";
import { ensureFitsIntoRun } from "./run-time";
import { askSampleQuery } from "./sample-query";
import { demoNow, type Scenario, scenario } from "./scenario";
import { type SimulatedRun, simulate } from "./simulation";
import { smaller } from "./small";
import { synthesize } from "./synthesis";
import { verifyRuns } from "./verification";

const seed = 1;

/** What `npm start` takes as it finds it. */
export interface Surroundings {
  /** `.emulator` */
  readonly directory: string;
  /** `cdk.out` */
  readonly assemblyDirectory: string;
  readonly configuration: Configuration;
  readonly organization: (options: DemoOrganizationOptions) => World;
}

/**
 * Makes the organisation, runs the synthesised app over it, and looks at the archive. Whatever is wrong with the options is
 * said before anything is written or deleted.
 */
export async function start(options: DemoOptions, surroundings: Surroundings): Promise<DemoResult> {
  const { directory } = surroundings;
  const say = options.json ? () => {} : (text: string) => process.stdout.write(text);
  const { planned, logFiles, configuration, small, begin } = await prepare(options, surroundings);
  const { lastDay, backfill } = planned;
  const regions = configuration.regions.map(({ name }) => name);
  const faulty = options.faults ? withFaults(planned.world, regions) : undefined;
  say(`${expectationText(planned, configuration)}\n`);
  if (!small && !logFiles) say("`npm start -- --small` is a first look of about 20 seconds.\n");
  say("Synthesising the app ...\n");
  const assemblyDirectory = synthesize(configuration, surroundings.assemblyDirectory);
  begin();
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
    progress: progressView(options, say),
  });
  const check = checkArchive(directory, daysCovered(runs), { timeZone: configuration.dayTimeZone });
  const verification = await verifyRuns(directory, runs);
  return {
    directory,
    runs,
    check,
    subject: subjectOf(planned),
    ...(verification ? { verification } : {}),
    ...(check.problems.length === 0
      ? { answer: await askSampleQuery(join(directory, "s3"), lastDay, backfill?.account) }
      : {}),
    ...(faulty ? { faults: checkFaults(directory, faulty.faults, lastDay) } : {}),
    ...(logFiles ? { logFiles: logFiles.summary } : {}),
  };
}

/** The log group that has written most on the newest day; of log files, one of theirs. */
function subjectOf({ world, lastDay, backfill }: Scenario): Subject {
  const newest = (group: LogGroup) =>
    group.streams.reduce((sum, { events }) => {
      return sum + events.filter(({ timestamp }) => timestamp >= Date.parse(lastDay)).length;
    }, 0);
  const groups = world.logGroups.filter(({ account }) => !backfill || account === backfill.account);
  const [busiest] = [...groups].sort((a, b) => newest(b) - newest(a));
  return { account: busiest?.account ?? "", logGroup: busiest?.name ?? "", day: lastDay };
}

interface Prepared {
  readonly planned: Scenario;
  readonly logFiles: LogFilesResult | undefined;
  /** As it is run. */
  readonly configuration: Configuration;
  readonly small: boolean;
  /** Makes the folder ready for the runs: empty, or as it was kept. */
  readonly begin: () => void;
}

async function prepare(options: DemoOptions, given: Surroundings): Promise<Prepared> {
  const { directory } = given;
  const goesOn = options.keep && existsSync(directory);
  const kept = goesOn ? readOrigin(directory) : undefined;
  const small = keptSmall(directory, kept, options.small);
  const { configuration, organization } = small ? smaller(given) : given;
  const folder = goesOn ? keptFolder(directory, kept, options.logs) : options.logs;
  const result = folder === undefined ? undefined : await readLogFiles(folder, { simulatedNow: demoNow });
  const logFiles = folder !== undefined && result ? { folder, result } : undefined;
  const origin = originOf(configuration, small, seed, logFiles && { folder: logFiles.folder, ...logFiles.result });
  if (kept) ensureSame(directory, kept, origin);
  const planned = scenario(configuration, seed, logFiles, organization);
  if (!goesOn) ensureFitsIntoRun(planned, configuration);
  return {
    planned,
    logFiles: result,
    configuration,
    small,
    begin: () => {
      if (!goesOn) rmSync(directory, { recursive: true, force: true });
      writeOrigin(directory, origin);
    },
  };
}

function progressView(options: DemoOptions, say: (text: string) => void): ProgressView {
  if (process.stdout.isTTY && !options.json)
    return new LiveProgress(coloursFor(process.stdout), () => performance.now());
  return new PlainProgress(say);
}

/** The days that the runs had to archive, by account and Region. */
function daysCovered(runs: readonly SimulatedRun[]): Map<string, Set<string>> {
  const covered = new Map<string, Set<string>>();
  for (const { region, report } of runs) {
    for (const { id, skipped } of report?.accounts ?? []) {
      if (skipped) continue;
      const accountRegion = `${id} ${region}`;
      covered.set(accountRegion, new Set([...(covered.get(accountRegion) ?? []), ...(report?.days ?? [])]));
    }
  }
  return covered;
}
