import { existsSync } from "node:fs";
import { dirname } from "node:path";
import type { Configuration } from "../../../../constructs/configuration";
import { archiveBucketName } from "../../../../handlers/archive/layout";
import type { RetrySource } from "../../../../handlers/clients/retries";
import { coloursFor } from "../../../terminal/colours";
import { printable, printableJson } from "../../../terminal/printable";
import { UsageError } from "../../errors";
import { exitCodes } from "../../exit-codes";
import { plainWidth, write } from "../../output";
import { Progress } from "../../progress";
import { NoFolder, writeNamed } from "../../written";
import type { Observations } from "./live-check";
import { judgeAll } from "./live-checks";
import { observe, SlotHeld } from "./observe";
import { type LiveSubject, livePorts } from "./ports";
import { liveReport } from "./report";
import { endText, leftText, liveResultText } from "./text";

export interface LiveExport extends LiveSubject {
  /** Where the report goes; a file named after the moment, if absent. */
  readonly report?: string | undefined;
}

/** `check --live-export`: exports, tells what that settles, and writes the report. @returns the exit code */
export async function runLiveExport(
  { report, ...subject }: LiveExport,
  configuration: Configuration,
  source: RetrySource,
  isJson: boolean,
): Promise<number> {
  const moment = new Date(source.clock.now()).toISOString().slice(0, 19).replaceAll(":", "");
  const path = report ?? `org-log-archive-live-export-${moment}Z.md`;
  if (existsSync(path)) throw new UsageError(`${path} is there already. Give another file with --report.`);
  if (!existsSync(dirname(path))) throw new NoFolder(path);
  const bucket = archiveBucketName(configuration.logArchiveAccount, subject.region);
  const left: string[] = [];
  const seen = await observed(subject, configuration, source, isJson, left, () =>
    process.stderr.write(
      `${leftText(bucket, left)} An export task that still runs ends by itself. No report is written.\n`,
    ),
  );
  if (seen instanceof SlotHeld) {
    process.stderr.write(printable(`${seen.message} Nothing was created. Try again when it has ended.`).concat("\n"));
    return exitCodes.incomplete;
  }
  const results = judgeAll(seen);
  const { ending } = seen;
  writeNamed(path, liveReport({ ...subject, configuration }, seen, results), "wx");
  if (isJson) {
    const checks = results.map(({ says, ...row }) => ({ ...row, region: subject.region, details: [says] }));
    await write(process.stdout, `${printableJson({ checks, ending: ending ?? null, bucket, left, report: path })}\n`);
  } else {
    const width = process.stdout.columns ?? plainWidth;
    const colours = coloursFor(process.stdout);
    for (const result of results) await write(process.stdout, liveResultText(result, width, colours));
    const told = { left: leftText(bucket, left), report: path, ...(ending ? { ending } : {}) };
    await write(process.stdout, endText(results, told, width, colours));
  }
  const isWell = ending === undefined && results.every(({ status }) => status !== "failed");
  return isWell ? exitCodes.complete : exitCodes.incomplete;
}

/** @param left takes the prefix of each export; `remind` is called if the process ends before they have all been made */
async function observed(
  subject: LiveSubject,
  configuration: Configuration,
  source: RetrySource,
  isJson: boolean,
  left: string[],
  remind: () => void,
): Promise<Observations | SlotHeld> {
  const progress = new Progress(process.stderr, isJson);
  const onExit = () => {
    if (left.length > 0) remind();
  };
  process.once("exit", onExit);
  const ports = livePorts(subject, configuration, source, {
    onTask: async ({ taskId, prefix, window }) => {
      left.push(prefix);
      const [from, to] = [window.from, window.to].map((moment) => new Date(moment).toISOString());
      if (!isJson) await write(process.stdout, `Export task ${taskId}: ${from} to ${to}\n`);
    },
    onLook: ({ taskId, status, ageMs }) => progress.show(`${taskId} ${status} ${Math.round(ageMs / 1000)} s`),
  });
  try {
    const seen = await observe(ports);
    process.off("exit", onExit);
    return seen;
  } catch (error) {
    if (error instanceof SlotHeld) return error;
    throw error;
  } finally {
    progress.end();
  }
}
