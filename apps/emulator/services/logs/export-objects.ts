import { gzipSync } from "node:zlib";
import type { LogEvent, LogGroup } from "../../world/world";

/**
 * AWS documents `from` and `to` in two ways: by the events' timestamps, both ends included (API reference), or by
 * their ingestion, `to` excluded (user guide).
 * https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateExportTask.html
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/S3ExportTasksConsole.html
 */
export type WindowReading = "event-time" | "ingestion-time";

export interface ExportSelection {
  readonly group: LogGroup;
  readonly from: number;
  readonly to: number;
  readonly logStreamNamePrefix: string | undefined;
  readonly reading: WindowReading;
  /** When the task runs: events past the group's retention, and its delay, are gone by then. */
  readonly at: number;
  readonly retentionDelayMs?: number;
}

export interface ExportedStream {
  readonly name: string;
  readonly events: readonly LogEvent[];
}

export interface ExportObject {
  /** Below the task's own prefix: `<stream>/000000.gz`. */
  readonly key: string;
  readonly body: Buffer;
}

const day = 86_400_000;

/** The streams that have events to export, in the group's order. */
export function selectEvents(selection: ExportSelection): ExportedStream[] {
  const { group, from, to, logStreamNamePrefix = "", reading, at, retentionDelayMs = 0 } = selection;
  const { retentionInDays = Number.POSITIVE_INFINITY } = group;
  const oldest = at - retentionInDays * day - retentionDelayMs;
  const inWindow =
    reading === "event-time"
      ? ({ timestamp }: LogEvent) => timestamp >= from && timestamp <= to
      : ({ ingestionTime }: LogEvent) => ingestionTime >= from && ingestionTime < to;
  return group.streams
    .filter(({ name }) => name.startsWith(logStreamNamePrefix))
    .map(({ name, events }) => ({
      name,
      events: events.filter((event) => event.timestamp >= oldest && event.ingestionTime <= at && inWindow(event)),
    }))
    .filter(({ events }) => events.length > 0);
}

export function eventBytes(streams: readonly ExportedStream[]): number {
  return streams.reduce(
    (sum, { events }) => events.reduce((bytes, { message }) => bytes + Buffer.byteLength(message), sum),
    0,
  );
}

/** The folder of a stream in its task's prefix. */
export function streamFolder(stream: string): string {
  return stream.replaceAll("/", "-");
}

/**
 * The objects of an export: each stream in gzip chunks of about `chunkBytes` before compression. Streams whose folders
 * are the same share the numbering, so that neither overwrites the other.
 */
export function exportObjects(streams: readonly ExportedStream[], chunkBytes: number): ExportObject[] {
  const numbers = new Map<string, number>();
  return streams.flatMap(({ name, events }) =>
    chunks(events, chunkBytes).map((chunk) => {
      const folder = streamFolder(name);
      const number = numbers.get(folder) ?? 0;
      numbers.set(folder, number + 1);
      return {
        key: `${folder}/${String(number).padStart(6, "0")}.gz`,
        body: gzipSync(unsorted(chunk).map(line).join("")),
      };
    }),
  );
}

function chunks(events: readonly LogEvent[], chunkBytes: number): LogEvent[][] {
  const result: LogEvent[][] = [];
  let current: LogEvent[] = [];
  let bytes = 0;
  for (const event of events) {
    const size = Buffer.byteLength(event.message);
    if (current.length > 0 && bytes + size > chunkBytes) {
      result.push(current);
      current = [];
      bytes = 0;
    }
    current.push(event);
    bytes += size;
  }
  return current.length > 0 ? [...result, current] : result;
}

/** AWS does not promise order within a chunk: its second half is woven in ahead of its first. */
function unsorted(events: readonly LogEvent[]): LogEvent[] {
  const half = Math.ceil(events.length / 2);
  const [first, second] = [events.slice(0, half), events.slice(half)];
  return first.flatMap((event, index) => {
    const later = second[index];
    return later === undefined ? [event] : [later, event];
  });
}

function line({ timestamp, message }: LogEvent): string {
  return `${new Date(timestamp).toISOString()} ${message}\n`;
}
