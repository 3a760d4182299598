import type { DuckDBDataChunk } from "@duckdb/node-api";
import duckdb from "@duckdb/node-bindings";
import { noTime } from "../../handlers/archive/event-text";
import type { EventRun } from "./scan-events";
import { chunkRows, chunkText, type Filler } from "./table-function";

/**
 * Writes events into DuckDB's own memory, many at a time: their text as one piece, in which every message is a place. A value at a
 * time takes twice the processor's time of everything else that is done with an event.
 */

/** The columns that are the same for all events of a run, by the view's names; their values as UTF-8. */
export const runColumns = ["region", "account", "log_group", "log_stream", "task_id", "day"] as const;

/** What is scanned of events, in order. The place in the archive keeps the order of events of one millisecond. */
export const scannedColumns = [
  "ts",
  "region",
  "account",
  "log_group",
  "log_stream",
  "task_id",
  "day",
  "message",
  "place",
] as const;

/** Events that are written into a chunk from one run, from which row on. */
interface Part {
  readonly run: EventRun;
  readonly from: number;
  readonly to: number;
  readonly row: number;
}

/** How long rows that are found wait for more, in milliseconds. */
const patience = 100;

/** @param now milliseconds, from any beginning. */
export function eventFiller(runs: Iterator<EventRun>, now: () => number): Filler {
  let run: EventRun | undefined;
  let at = 0;
  let place = 0;
  return {
    fill: (chunk, columns) => {
      const parts: Part[] = [];
      let rows = 0;
      let text = 0;
      let due = Number.POSITIVE_INFINITY;
      while (rows < chunkRows && text < chunkText && (rows === 0 || now() < due)) {
        if (!run || at >= run.to) {
          const next = runs.next();
          if (next.done) break;
          run = next.value;
          at = run.from;
          continue;
        }
        if (rows === 0) due = now() + patience;
        const from = at;
        at = endOfPart(run, from, chunkRows - rows, chunkText - text);
        parts.push({ run, from, to: at, row: rows });
        rows += at - from;
        text += textBetween(run, from, at);
      }
      duckdb.data_chunk_set_size(chunk.chunk, rows);
      if (rows === 0) return;
      for (const [index, column] of columns.entries())
        write(scannedColumns[column] ?? "place", chunk, index, parts, rows, place);
      place += rows;
    },
  };
}

/** As many events of a run as fit, at least one. */
function endOfPart(run: EventRun, from: number, rows: number, text: number): number {
  const last = Math.min(run.to, from + rows);
  let to = from + 1;
  while (to < last && textBetween(run, from, to + 1) <= text) to += 1;
  return to;
}

function textBetween({ block: { starts, ends } }: EventRun, from: number, to: number): number {
  return (ends[to - 1] ?? 0) - (starts[from] ?? 0);
}

function write(
  column: (typeof scannedColumns)[number],
  { chunk }: DuckDBDataChunk,
  index: number,
  parts: readonly Part[],
  rows: number,
  place: number,
): void {
  const vector = duckdb.data_chunk_get_vector(chunk, index);
  if (column === "ts") writeTimes(vector, parts, rows);
  else if (column === "place") {
    const places = BigInt64Array.from({ length: rows }, (_, row) => BigInt(place + row + 1));
    duckdb.copy_data_to_vector(vector, 0, places.buffer, 0, places.byteLength);
  } else {
    const texts = new Texts(vector, rows);
    for (const { run, from, to, row } of parts)
      if (column === "message") texts.putMessages(run.block, from, to, row);
      else texts.putSame(run.of[column], row, to - from);
    texts.flush();
  }
}

/** Beyond it, in the year 2255, a double does not count microseconds exactly. */
const exactMs = 9e12;

function writeTimes(vector: duckdb.Vector, parts: readonly Part[], rows: number): void {
  const micros = new DataView(new ArrayBuffer(rows * 8));
  const valid = new Uint8Array(Math.ceil(rows / 64) * 8).fill(0xff);
  let isNullIn = false;
  for (const { run, from, to, row } of parts)
    for (let event = from; event < to; event += 1) {
      const at = row + event - from;
      const ms = run.block.timestamps[event] ?? noTime;
      if (ms === noTime) {
        isNullIn = true;
        valid[at >> 3] = (valid[at >> 3] ?? 0) & ~(1 << (at & 7));
      } else if (Math.abs(ms) < exactMs) {
        const high = Math.floor((ms * 1000) / 2 ** 32);
        micros.setUint32(at * 8, ms * 1000 - high * 2 ** 32, true);
        micros.setInt32(at * 8 + 4, high, true);
      } else micros.setBigInt64(at * 8, BigInt(ms) * 1000n, true);
    }
  duckdb.copy_data_to_vector(vector, 0, micros.buffer as ArrayBuffer, 0, micros.byteLength);
  if (!isNullIn) return;
  duckdb.vector_ensure_validity_writable(vector);
  duckdb.copy_data_to_vector_validity(vector, 0, valid.buffer, 0, valid.byteLength);
}

/** Bytes of a text's entry in a vector of texts: https://duckdb.org/docs/stable/clients/c/vector#strings */
const entryBytes = 16;
/** A text of no more bytes lies in its entry; of a longer one the first four bytes, and its address. */
const inlineBytes = 12;

/** A column of texts. What was put into the vector stays in its memory, so that entries may point into it. */
class Texts {
  private readonly entries: Buffer;

  constructor(
    private readonly vector: duckdb.Vector,
    rows: number,
  ) {
    this.entries = Buffer.alloc(rows * entryBytes);
  }

  /** The same UTF-8 in some rows. */
  putSame(text: Buffer, row: number, rows: number): void {
    duckdb.vector_assign_string_element_len(this.vector, 0, text);
    const entry = duckdb.vector_get_data(this.vector, entryBytes);
    for (let index = row; index < row + rows; index += 1) this.entries.set(entry, index * entryBytes);
  }

  putMessages({ bytes, starts, ends }: EventRun["block"], from: number, to: number, row: number): void {
    const { entries } = this;
    const begin = starts[from] ?? 0;
    // Longer than what lies in an entry, so that it has an address.
    const end = ends[to - 1] ?? 0;
    const text = bytes.subarray(begin, end);
    const address = text.length > inlineBytes ? this.addressOf(text) : 0n;
    for (let event = from; event < to; event += 1) {
      const start = starts[event] ?? 0;
      const length = (ends[event] ?? 0) - start;
      const entry = (row + event - from) * entryBytes;
      entries.writeUInt32LE(length, entry);
      bytes.copy(entries, entry + 4, start, start + (length > inlineBytes ? 4 : length));
      if (length > inlineBytes) entries.writeBigUInt64LE(address + BigInt(start - begin), entry + 8);
    }
  }

  flush(): void {
    duckdb.copy_data_to_vector(
      this.vector,
      0,
      this.entries.buffer as ArrayBuffer,
      this.entries.byteOffset,
      this.entries.length,
    );
  }

  private addressOf(text: Buffer): bigint {
    duckdb.vector_assign_string_element_len(this.vector, 0, text);
    const entry = duckdb.vector_get_data(this.vector, entryBytes);
    return new DataView(entry.buffer, entry.byteOffset).getBigUint64(8, true);
  }
}
