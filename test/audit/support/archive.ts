import type { LogGroup, WindowReading } from "../../../apps/emulator";
import { EventFiles } from "../../../handlers/archive/event-files/event-files";
import { readEventFile } from "../../../handlers/archive/event-files/read-event-file";
import { eventBlock } from "../../../handlers/archive/event-text";
import { receiptKey } from "../../../handlers/archive/layout";
import { parseSeal, type Seal } from "../../../handlers/archive/seals";
import { MemoryBucket } from "../../handlers/archive/support/memory-bucket";
import { emulate } from "../../handlers/support/emulated";
import { account, day, region } from "../../handlers/support/examples";
import { bucket, logArchive, logGroup, member, start, world } from "../../handlers/support/organisation";
import { runOnce } from "../../handlers/support/run";

/** An object of some Region's archive bucket. */
export interface ArchivedObject {
  readonly bucket: string;
  readonly key: string;
  readonly body: Buffer;
}

/** What a member account put in, as the world has it. */
export interface SourceEvent {
  readonly account: string;
  readonly logGroup: string;
  readonly logStream: string;
  readonly timestamp: number;
  readonly ingestionTime: number;
  readonly message: string;
}

export const days = ["2026-11-17", "2026-11-18", "2026-11-19"] as const;
export const midnight = Date.parse("2026-11-19T00:00:00.000Z");
export const otherAccount = "400000000000";
export const noRole = "500000000000";
export const otherRegion = "us-east-1";
export const orphan = "0f3e0c3a-dead-4000-8000-000000000000";

const minute = 60_000;
const at = (dayIndex: number, minutes: number) => Date.parse(`${days[dayIndex]}T00:00:00.000Z`) + minutes * minute;

type Event = readonly [timestamp: number, message: string, lateBy?: number];

function stream(name: string, events: readonly Event[]) {
  return {
    name,
    events: events.map(([timestamp, message, lateBy = 0]) => ({
      timestamp,
      ingestionTime: timestamp + lateBy,
      message,
    })),
  };
}

/** A message of each format that has a view. */
const formatted = [
  JSON.stringify({ eventVersion: "1.11", eventName: "ConsoleLogin", sourceIPAddress: "10.1.2.3" }),
  JSON.stringify({ kind: "Event", auditID: "a-1", verb: "delete", objectRef: { resource: "pods", name: "web" } }),
  "2 300000000000 eni-1235b8ca123456789 10.1.2.3 10.1.2.4 20641 22 6 20 4249 1418530010 1418530070 ACCEPT OK",
  "REPORT RequestId: 3604209a\tDuration: 15.74 ms\tBilled Duration: 16 ms\tMemory Size: 128 MB\tMax Memory Used: 56 MB\t",
];

export const logGroups: readonly LogGroup[] = [
  logGroup("/app/web", {
    streams: [
      stream("2026/11/17/[$LATEST]0a1b", [
        [at(0, 5), "hello"],
        [at(0, 6), "Exception in thread\n  at a.b(c.java:1)\n\n  at d.e(f.java:2)\n"],
        [at(1, 1), "late by a day", day],
      ]),
      stream("plain", [
        [midnight - 1, "the last of the day"],
        [midnight, "exactly at midnight"],
        [midnight + 1, "the first of the day"],
        [midnight + 60 * minute, "the first of the next hour"],
        [at(2, 90), "carriage\rreturn\r\nand 'quoted' \"text\" \\ \t ünïcode \u2028 ERROR"],
        [at(2, 91), ""],
        [at(2, 92), "more\n2026-99-99T99:99:99.999Z is no time"],
        [midnight, "stamped ahead of its ingestion", -minute],
      ]),
    ],
  }),
  logGroup("/aws/lambda/a.b-c_d#e", {
    streams: [
      stream("with space and 100%", [[at(0, 1), "error: one"]]),
      stream("{}=&+;.json", [
        [at(2, 1), "error: two"],
        ...formatted.map((message, second): Event => [at(2, 3) + second * 1000, message]),
      ]),
      stream("_hidden", [[at(2, 2), "error: Athena does not see this"]]),
    ],
  }),
  logGroup("quiet", { streams: [] }),
  logGroup("/app/web", { account: otherAccount, streams: [stream("main", [[at(1, 30), "an Error elsewhere"]])] }),
];

export const sourceEvents: readonly SourceEvent[] = logGroups.flatMap(({ account, name, streams }) =>
  streams.flatMap((stream) =>
    stream.events.map((event) => ({ account, logGroup: name, logStream: stream.name, ...event })),
  ),
);

/**
 * An archive of three days, as the handlers write it: two accounts with logs and one without a role; and as others leave
 * it: an orphan of a lost race, later receipts that stand, another Region.
 * @param isSealed With seals and event files of what the handlers wrote.
 */
export async function makeArchive(windowReading: WindowReading, isSealed = false): Promise<ArchivedObject[]> {
  const accounts = [member(account), member(otherAccount), member(noRole)];
  const emulated = await emulate({
    world: world(logGroups, accounts),
    logs: { windowReading, exportChunkBytes: 60 },
  });
  emulated.rules.push((call) =>
    call.operation === "AssumeRole" && String(call.input.RoleArn).includes(noRole)
      ? { kind: "error", name: "AccessDenied", message: "there is no such role" }
      : undefined,
  );
  await runOnce(emulated, { runId: "run-1", lookbackDays: days.length });
  // Unless asked for, without seals: `verify` would find what is added here.
  const keys = emulated
    .keys()
    .filter((key) => !/^digests\/|\/head\.json$/.test(key) && (isSealed || !/^(seals|events)\//.test(key)));
  const objects = keys.map((key) => ({ bucket, key, body: bodyOf(key) }));
  return [...objects, ...orphans(objects), ...laterReceipts(objects), ...(await inAnotherRegion(objects))];

  function bodyOf(key: string): Buffer {
    return emulated.cloud.s3.object(bucket, key)?.body ?? Buffer.alloc(0);
  }
}

/** The objects of a task that completed, and lost: another run's receipt stands. */
function orphans(objects: readonly ArchivedObject[]): ArchivedObject[] {
  const [of] = objects.filter(({ key }) => key.startsWith(`${account}/`) && key.endsWith(".gz"));
  const [, , task] = of?.key.split("/") ?? [];
  return objects
    .filter(({ key }) => key.split("/")[2] === task)
    .map((object) => ({ ...object, key: object.key.replace(task ?? "", orphan) }));
}

/** Two later receipts of an item, of which the one with the higher number stands. */
function laterReceipts(objects: readonly ArchivedObject[]): ArchivedObject[] {
  const first = receiptKey(days[1], otherAccount, "/app/web", 1);
  const object = objects.find(({ key }) => key === first);
  if (!object) throw new Error(`There is no ${first}`);
  const receipt = JSON.parse(object.body.toString("utf8"));
  return [2, 10].map((n) => ({
    ...object,
    key: receiptKey(days[1], otherAccount, "/app/web", n),
    body: Buffer.from(JSON.stringify({ ...receipt, runId: `run-${n}`, at: "2026-11-21T00:00:00.000Z" })),
  }));
}

/** The other account's part of the archive, as if another Region had the same. */
async function inAnotherRegion(objects: readonly ArchivedObject[]): Promise<ArchivedObject[]> {
  const of = `org-log-archive-${logArchive}-${otherRegion}`;
  const copied: ArchivedObject[] = [];
  const texts = objects.filter(({ key }) => key.includes(otherAccount) && !/^(runs|events)\//.test(key));
  for (const { key, body } of texts) {
    const text = key.endsWith(".gz") ? "" : body.toString("utf8");
    const changed = text.replaceAll(`"region":"${region}"`, `"region":"${otherRegion}"`);
    if (!key.startsWith("seals/")) {
      copied.push({ bucket: of, key, body: text === "" ? body : Buffer.from(changed) });
      continue;
    }
    const seal = JSON.parse(changed);
    const files = await inOtherFiles(objects, parseSeal(key, body).seal);
    const eventFiles = files.map(({ file }) => file);
    copied.push({ bucket: of, key, body: Buffer.from(JSON.stringify({ ...seal, eventFiles })) });
    copied.push(...files.map(({ file, body }) => ({ bucket: of, key: file.key, body })));
  }
  return copied;
}

/** The event files that a seal names, made anew for another Region. */
async function inOtherFiles(objects: readonly ArchivedObject[], { day, eventFiles }: Seal) {
  const archive = new MemoryBucket(bucket, new Map());
  const files = new EventFiles({ region: otherRegion, account: otherAccount, day }, archive);
  for (const { key } of eventFiles)
    for (const row of await readEventFile(objects.find((one) => one.key === key)?.body ?? Buffer.alloc(0)))
      await files.add(
        { logGroup: row.log_group, logStream: row.log_stream, taskId: row.task_id },
        eventBlock(Buffer.from(`${row.ts?.toISOString()} ${row.message}\n`)),
      );
  files.endItem();
  return (await files.finish()).map((file) => ({ file, body: archive.objects.get(file.key) ?? Buffer.alloc(0) }));
}

export { account, bucket, logArchive, region, start };
