import type { Configuration } from "../../../../constructs/configuration";
import { destinationPrefix } from "../../../../handlers/archive/layout";
import type { DescribedLogGroup } from "../../../../handlers/clients/logs";
import type { Right } from "../../../../handlers/clients/member-sessions";
import type { Window } from "../../../../handlers/contract/values";
import { UsageError } from "../../errors";
import { Ended, Exporter, type ExporterPorts, heldBy } from "./exporter";
import { type KnownEvent, knownEvents } from "./known-events";
import type { CompletedExport, Observations, VersionCounts } from "./live-check";
import { readingOf } from "./reading";

export interface ObservePorts extends ExporterPorts {
  readonly region: string;
  readonly configuration: Pick<Configuration, "bucketPolicy" | "encryption">;
}

/** The account exports something already: nothing was created. */
export class SlotHeld extends Error {
  override readonly name = "SlotHeld";
}

/** So many pages of 50 streams are asked for, from either end, for an event that tells something. */
const streamPages = 10;

/** The newest tasks, 50 a page. */
const taskPages = 3;

/**
 * Exports milliseconds of a log group, one after the other, and looks at what comes of it. It ends early where CloudWatch Logs
 * refuses.
 * @throws {UsageError} when there is no such log group
 * @throws {SlotHeld}
 */
export async function observe(ports: ObservePorts): Promise<Observations> {
  const { account, region, logGroup, clock, configuration } = ports;
  const logs = await ports.openLogs();
  const group = await logs.logGroup(logGroup);
  if (!group)
    throw new UsageError(
      `Account ${account} has no log group ${logGroup} in ${region}. Correct --live-export, --account or --region.`,
    );
  const [holder] = await logs.activeExportTasks();
  if (holder) throw new SlotHeld(heldBy(holder));
  const at = clock.now();
  const streams = [
    ...(await logs.streamTimes(logGroup, "newest", streamPages)),
    ...(await logs.streamTimes(logGroup, "oldest", streamPages)),
  ];
  const known = knownEvents(streams, group, at);
  const exporter = new Exporter(ports, rightsOf(group));
  const exports: CompletedExport[] = [];
  const ended = await exportAll(exporter, group, known, at, exports).catch((error: unknown) => error);
  if (ended !== undefined && !(ended instanceof Ended)) throw ended;
  const versions = await countVersions(ports, exports);
  return {
    ...{ configuration, group, known, at, exports, rights: exporter.rights },
    ...(ended ? { ending: ended.ending } : {}),
    ...(versions ? { versions } : {}),
    listedTasks: (await (await ports.openLogs()).newestExportTasks(taskPages)).map(({ createdAt }) => createdAt),
  };
}

/** Those of the member role that AWS's documentation leaves open whether an export needs them. */
function rightsOf({ kmsKeyArn }: DescribedLogGroup): Right[] {
  return [
    { action: "s3:PutObject", resource: "*" },
    { action: "s3:PutObjectAcl", resource: "*" },
    ...(kmsKeyArn === undefined ? [] : [{ action: "kms:Decrypt", resource: kmsKeyArn }]),
  ];
}

/** @param exports takes each as it completes */
async function exportAll(
  exporter: Exporter,
  { createdAt }: DescribedLogGroup,
  { kept, expired }: Observations["known"],
  now: number,
  exports: CompletedExport[],
): Promise<void> {
  const add = async (...of: Parameters<Exporter["export"]>) => exports.push(await exporter.export(...of));
  if (kept) {
    await add("begins-at-event", beginningAt(kept.at), kept.at);
    await add("ends-at-event", endingAt(kept.at), kept.at);
    if (kept.ingestedAt !== undefined && exports.every(({ hasEvent }) => !hasEvent)) {
      await add("begins-at-ingestion", beginningAt(kept.ingestedAt), kept.at);
      await add("ends-at-ingestion", endingAt(kept.ingestedAt), kept.at);
    }
  } else await add("no-known-event", beginningAt(Math.max(createdAt, now - 86_400_000)));
  const moment = expired && momentOf(expired, readingOf(kept, exports));
  if (expired && moment !== undefined) await add("expired-event", beginningAt(moment), expired.at);
}

/** At which a window finds an event. */
function momentOf({ at, ingestedAt }: KnownEvent, reading: ReturnType<typeof readingOf>): number | undefined {
  if (reading === "event-time") return at;
  return reading === "ingestion-time" ? ingestedAt : undefined;
}

function beginningAt(moment: number): Window {
  return { from: moment, to: moment + 1 };
}

function endingAt(moment: number): Window {
  return { from: moment - 1, to: moment };
}

async function countVersions(
  { archive, account, day }: ObservePorts,
  exports: readonly CompletedExport[],
): Promise<VersionCounts | undefined> {
  if (!archive.versions) return undefined;
  const counts = new Map<string, number>();
  const writeTest = `${destinationPrefix(account, day)}/aws-logs-write-test`;
  for (const prefix of [writeTest, ...exports.map((one) => one.prefix)])
    for await (const { key, versionId } of archive.versions(prefix)) {
      if (versionId === "null") return undefined;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
  const ofWriteTest = counts.get(writeTest) ?? 0;
  counts.delete(writeTest);
  return { ofWriteTest, ofObjects: Math.max(0, ...counts.values()) };
}
