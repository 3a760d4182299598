import { createHash } from "node:crypto";
import type { EventBlock } from "./event-text";

/**
 * Adjacent windows share a millisecond, and an event of it may be in both of their exports: it is if CloudWatch Logs filters
 * by event time, and is not if it filters by ingestion. It counts once: with the later window if that holds it, with the earlier
 * otherwise. Of events of one log stream with the same message as many count as the window has that holds the most of them.
 */

/** More events of one log group in one millisecond than a function's memory holds the hashes of. */
export class CrowdedMoment extends Error {
  override readonly name = "CrowdedMoment";
}

/** Some 80 bytes each. Where times are dates, a moment may have as many events as a day. */
const mostEvents = 4_000_000;

/** Events of one moment, to be taken one by one: those of one log stream that have the same message are alike. */
export class EventsOfMoment {
  private readonly left = new Map<string, number>();

  constructor(private readonly most = mostEvents) {}

  /** @throws {CrowdedMoment} */
  add(logStream: string, message: Uint8Array): void {
    this.put(likeness(logStream, message), 1);
  }

  /** Whether one is left that is alike; it is taken. */
  take(logStream: string, message: Uint8Array): boolean {
    const alike = likeness(logStream, message);
    const count = this.left.get(alike) ?? 0;
    if (count > 0) this.left.set(alike, count - 1);
    return count > 0;
  }

  /** Of those that are alike as many as either has, whichever has more. */
  raiseTo(other: EventsOfMoment): void {
    for (const [alike, count] of other.left) this.put(alike, Math.max(0, count - (this.left.get(alike) ?? 0)));
  }

  private put(alike: string, count: number): void {
    const known = this.left.get(alike);
    if (known === undefined && this.left.size >= this.most)
      throw new CrowdedMoment(`More than ${this.most} events share the millisecond at which a window ends`);
    this.left.set(alike, (known ?? 0) + count);
  }
}

/** 132 bits of a hash. */
function likeness(logStream: string, message: Uint8Array): string {
  const hash = createHash("sha256").update(`${logStream.length}:${logStream}`).update(message);
  return hash.digest("base64").slice(0, 22);
}

/** The window that begins where one ends. */
export function followingWindow<W extends { readonly from: number }>(
  windows: readonly W[],
  { to }: { readonly to: number },
): W | undefined {
  return windows.find(({ from }) => from === to);
}

/** The moments that an export task's window shares with those beside it. */
export interface SharedMoments {
  /** Epoch milliseconds: the window's last. */
  readonly to: number;
  /** Epoch milliseconds: the window's first, and the events of it that count with the window before. */
  readonly from?: number;
  readonly before?: EventsOfMoment;
}

/** What counts with a window, whatever the windows beside it hold: all but what it shares. */
export function ownEvents(block: EventBlock, logStream: string, { to, from, before }: SharedMoments): EventBlock {
  const { timestamps } = block;
  const mayBeBefore = before && from !== undefined && timestamps.includes(from);
  if (!mayBeBefore && !timestamps.includes(to)) return block;
  return pick(block, (timestamp, message) => {
    if (timestamp === to) return false;
    return timestamp !== from || !before?.take(logStream, message);
  });
}

/** The events of a window's last millisecond that the window after it does not hold. */
export function endEvents(block: EventBlock, logStream: string, to: number, after: EventsOfMoment): EventBlock {
  return pick(block, (timestamp, message) => timestamp === to && !after.take(logStream, message));
}

/** Visits the messages that a block has of a moment. */
export function eachMessageAt(block: EventBlock, moment: number, visit: (message: Uint8Array) => void): void {
  for (const [index, timestamp] of block.timestamps.entries()) if (timestamp === moment) visit(messageAt(block, index));
}

/** An event's message, as UTF-8. */
export function messageAt({ bytes, starts, ends }: EventBlock, index: number): Uint8Array {
  return bytes.subarray(starts[index], ends[index]);
}

/** A block of the events that are kept. */
function pick(block: EventBlock, keeps: (timestamp: number, message: Uint8Array) => boolean): EventBlock {
  const timestamps: number[] = [];
  const starts: number[] = [];
  const ends: number[] = [];
  const messages: Uint8Array[] = [];
  let end = 0;
  for (const [index, timestamp] of block.timestamps.entries()) {
    const message = messageAt(block, index);
    if (!keeps(timestamp, message)) continue;
    messages.push(message);
    timestamps.push(timestamp);
    starts.push(end);
    end += message.length;
    ends.push(end);
  }
  return {
    bytes: Buffer.concat(messages, end),
    timestamps: Float64Array.from(timestamps),
    starts: Uint32Array.from(starts),
    ends: Uint32Array.from(ends),
  };
}
