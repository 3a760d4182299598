import { type EventBlock, noTime } from "../event-text";
import { messageAt } from "../shared-moments";
import { sortedKeys } from "../store";
import type { Compression } from "./compression";
import { type EventColumns, EventParquet, type FileColumns } from "./parquet";

/** Where events come from. */
export interface EventSource {
  readonly logGroup: string;
  /** As the key has it: with `-` for every `/`. */
  readonly logStream: string;
  readonly taskId: string;
}

/** A Parquet file of events, sorted by log group, log stream, time, and place in their objects. */
export interface EventFile {
  readonly body: Uint8Array;
  readonly events: number;
  /** The export tasks whose events it holds. */
  readonly taskIds: readonly string[];
}

interface Part {
  readonly taskId: string;
  readonly block: EventBlock;
}

/** A row group that is less full than this goes on into the next log group; otherwise a log group begins one of its own. */
const nearlyEmpty = 1 / 8;

/** An event's time, and where its message begins and ends. */
const indexBytes = 16;

/** Events in memory, object after object in the order of their keys, to become one file. */
export class HeldEvents {
  /** By log group and log stream. */
  private readonly parts = new Map<string, Map<string, Part[]>>();
  /** What they take in memory: their text and where in it they are. */
  bytes = 0;

  add({ logGroup, logStream, taskId }: EventSource, block: EventBlock): void {
    if (block.timestamps.length === 0) return;
    this.of(logGroup, logStream).push({ taskId, block });
    this.bytes += block.bytes.length + block.timestamps.length * indexBytes;
  }

  addAll(others: HeldEvents): void {
    for (const [logGroup, streams] of others.parts)
      for (const [logStream, parts] of streams) for (const part of parts) this.of(logGroup, logStream).push(part);
    this.bytes += others.bytes;
  }

  /**
   * The same events give the same bytes.
   * @param rowGroupBytes Bytes of messages after which a row group is complete.
   */
  toFile(day: FileColumns, compression: Compression, rowGroupBytes = 8 * 1024 ** 2): EventFile {
    const parquet = new EventParquet(day, compression);
    const rows = new RowGroup(parquet, rowGroupBytes);
    const taskIds = new Set<string>();
    for (const logGroup of sortedKeys(this.parts.keys())) {
      rows.beginLogGroup();
      const streams = this.parts.get(logGroup) ?? new Map<string, Part[]>();
      for (const logStream of sortedKeys(streams.keys())) {
        const parts = streams.get(logStream) ?? [];
        for (const { taskId } of parts) taskIds.add(taskId);
        inOrderOfTime(parts, ({ taskId, block }, index) => rows.add({ logGroup, logStream, taskId }, block, index));
      }
    }
    rows.end();
    return { body: parquet.finish(), events: rows.events, taskIds: [...taskIds] };
  }

  private of(logGroup: string, logStream: string): Part[] {
    const streams = this.parts.get(logGroup) ?? new Map<string, Part[]>();
    this.parts.set(logGroup, streams);
    const parts = streams.get(logStream) ?? [];
    streams.set(logStream, parts);
    return parts;
  }
}

/** Collects the rows of a row group, and hands it over when it is complete. */
class RowGroup {
  events = 0;
  private rows: EventColumns = noRows();
  private bytes = 0;

  constructor(
    private readonly parquet: EventParquet,
    private readonly enough: number,
  ) {}

  beginLogGroup(): void {
    if (this.bytes >= this.enough * nearlyEmpty) this.end();
  }

  add({ logGroup, logStream, taskId }: EventSource, block: EventBlock, index: number): void {
    const { rows } = this;
    const timestamp = block.timestamps[index] ?? noTime;
    const message = messageAt(block, index);
    rows.ts.push(timestamp === noTime ? null : BigInt(timestamp));
    rows.logGroup.push(logGroup);
    rows.logStream.push(logStream);
    rows.taskId.push(taskId);
    rows.message.push(message);
    this.bytes += message.length + indexBytes;
    if (this.bytes >= this.enough) this.end();
  }

  end(): void {
    if (this.rows.ts.length === 0) return;
    this.events += this.rows.ts.length;
    this.parquet.addRowGroup(this.rows);
    this.rows = noRows();
    this.bytes = 0;
  }
}

function noRows(): EventColumns {
  return { ts: [], logGroup: [], logStream: [], taskId: [], message: [] };
}

/** Visits the events of a stream in the order of their times; of one time, in the order in which they came. */
function inOrderOfTime(parts: readonly Part[], visit: (part: Part, index: number) => void): void {
  if (isSorted(parts)) {
    for (const part of parts) for (let index = 0; index < part.block.timestamps.length; index += 1) visit(part, index);
    return;
  }
  const total = parts.reduce((sum, { block }) => sum + block.timestamps.length, 0);
  const times = new Float64Array(total);
  const partOf = new Uint32Array(total);
  const firsts: number[] = [];
  let first = 0;
  for (const [number, { block }] of parts.entries()) {
    times.set(block.timestamps, first);
    partOf.fill(number, first, first + block.timestamps.length);
    firsts.push(first);
    first += block.timestamps.length;
  }
  const places = Uint32Array.from({ length: total }, (_, place) => place);
  places.sort((a, b) => compareTimes(times[a], times[b]) || a - b);
  for (const place of places) {
    const number = partOf[place] ?? 0;
    const part = parts[number];
    if (part) visit(part, place - (firsts[number] ?? 0));
  }
}

function isSorted(parts: readonly Part[]): boolean {
  let latest = noTime;
  for (const { block } of parts)
    for (const timestamp of block.timestamps) {
      if (timestamp < latest) return false;
      latest = timestamp;
    }
  return true;
}

/** `noTime` is before all others, and no difference to itself. */
function compareTimes(a = noTime, b = noTime): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
