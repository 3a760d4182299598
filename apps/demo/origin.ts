import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import type { Configuration } from "../../constructs/configuration";
import { parseRecord, UnreadableRecord } from "../../handlers/archive/serialization";
import type { FileLogGroup } from "./log-files";
import { organizationalUnit } from "./organizational-unit";

/**
 * What an organisation is made from. An archive of one says nothing about another: going on with an archive has to
 * make the same one again.
 */
const Origin = z.object({
  /** Made with `--small`. */
  small: z.boolean().default(false),
  /** Null without `--logs`. The hash is that of all that was read in the folder. */
  logs: z.object({ folder: z.string(), sha256: z.string() }).nullable(),
  seed: z.number(),
  organizationId: z.string(),
  logArchiveAccount: z.string(),
  homeRegion: z.string(),
  regions: z.array(z.string()),
  organizationalUnit: z.string(),
  lookbackDays: z.number(),
  dayTimeZone: z.string(),
});
export type Origin = z.infer<typeof Origin>;

/** `--keep` was asked of an archive whose organisation cannot be made again. */
export class CannotGoOn extends Error {
  override readonly name = "CannotGoOn";
  constructor(what: string, options?: ErrorOptions) {
    super(`${what}, or leave out --keep to start clean.`, options);
  }
}

/** Log files as they were read. */
export interface LogFilesOrigin {
  readonly folder: string;
  readonly logGroups: readonly FileLogGroup[];
}

export function originOf(
  configuration: Configuration,
  small: boolean,
  seed: number,
  logFiles: LogFilesOrigin | undefined,
): Origin {
  const { organizationId, logArchiveAccount, homeRegion, regions, lookbackDays, dayTimeZone } = configuration;
  return {
    small,
    logs: logFiles ? { folder: resolve(logFiles.folder), sha256: hashOf(logFiles.logGroups) } : null,
    seed,
    organizationId,
    logArchiveAccount,
    homeRegion,
    regions: regions.map(({ name }) => name),
    organizationalUnit: organizationalUnit(configuration),
    lookbackDays,
    dayTimeZone,
  };
}

const file = "scenario.json";

export function writeOrigin(directory: string, origin: Origin): void {
  mkdirSync(directory, { recursive: true });
  const temporary = join(directory, `${file}.writing`);
  writeFileSync(temporary, `${JSON.stringify(origin, null, 2)}\n`);
  renameSync(temporary, join(directory, file));
}

/**
 * What the archive in `directory` was made from; undefined if nothing says so.
 * @throws CannotGoOn
 */
export function readOrigin(directory: string): Origin | undefined {
  const path = join(directory, file);
  if (!existsSync(path)) return undefined;
  try {
    return parseRecord(Origin, path, readFileSync(path, "utf8"));
  } catch (error) {
    if (error instanceof UnreadableRecord) throw new CannotGoOn(`${error.message}: mend it`, { cause: error });
    throw error;
  }
}

/**
 * Whether an archive goes on as a small one.
 * @param asked whether `--small` was given
 * @throws CannotGoOn if it was made without.
 */
export function keptSmall(directory: string, kept: Origin | undefined, asked: boolean): boolean {
  if (asked && kept && !kept.small)
    throw new CannotGoOn(`${directory} was made without --small: leave out --small to go on with it`);
  return kept ? kept.small : asked;
}

/**
 * The folder of log files that an archive goes on with; an archive that does not say what it was made from had none.
 * @param asked the folder of `--logs`
 * @throws CannotGoOn if it is another one, or is gone.
 */
export function keptFolder(directory: string, kept: Origin | undefined, asked: string | undefined): string | undefined {
  const folder = kept?.logs?.folder;
  if (asked !== undefined && resolve(asked) !== folder)
    throw new CannotGoOn(
      folder === undefined
        ? `${directory} was made without --logs: leave out --logs to go on with it`
        : `${directory} was made from the log files in ${folder}: leave out --logs to go on with them`,
    );
  if (folder !== undefined && !existsSync(folder))
    throw new CannotGoOn(
      `${directory} was made from the log files in ${folder}, which is not there any more: put it back`,
    );
  return folder;
}

/** @throws CannotGoOn naming what is not as it was when the archive was made. */
export function ensureSame(directory: string, kept: Origin, now: Origin): void {
  const { logs: keptLogs, ...before } = kept;
  const { logs, ...after } = now;
  if (!isDeepStrictEqual(keptLogs, logs))
    throw new CannotGoOn(
      `The log files in ${keptLogs?.folder} are not those any more that ${directory} was made from: put them back`,
    );
  const values = new Map<string, unknown>(Object.entries(after));
  for (const [key, value] of Object.entries(before))
    if (!isDeepStrictEqual(value, values.get(key)))
      throw new CannotGoOn(
        `${directory} was made with ${key} ${JSON.stringify(value)}, and it is ${JSON.stringify(values.get(key))} now: change it back`,
      );
}

function hashOf(logGroups: readonly FileLogGroup[]): string {
  const hash = createHash("sha256");
  for (const { name, streams } of logGroups)
    for (const stream of streams) {
      hash.update(JSON.stringify([name, stream.name, stream.events.length]));
      for (const { timestamp, message } of stream.events) hash.update(`\n${timestamp} ${JSON.stringify(message)}`);
    }
  return hash.digest("hex");
}
