import { workerData } from "node:worker_threads";
import type { EventBlock } from "../../handlers/archive/event-text";
import { findEvents, findInLarge, type ObjectToRead } from "./found-events";
import { bytesOf, type FoundMessage, type ReaderStart, signs, taken } from "./reader-messages";
import { UnreadableObject } from "./reading";

/** A thread that reads objects: what it is asked in batches, it answers in their order. */

const { port, counters }: ReaderStart = workerData;

/** Bytes that may wait to be taken. */
const waiting = 16 * 1024 ** 2;
let given = 0;

function giveSign(): void {
  Atomics.add(counters, signs, 1);
  Atomics.notify(counters, signs);
}

function give(found: readonly FoundMessage[]): void {
  for (;;) {
    const seen = Atomics.load(counters, taken);
    if (((given - seen) | 0) < waiting) break;
    Atomics.wait(counters, taken, seen);
  }
  given = (given + bytesOf(found)) | 0;
  const buffers = found.flatMap(({ block }) =>
    block && block.bytes.length > 0
      ? [block.bytes.buffer, block.timestamps.buffer, block.starts.buffer, block.ends.buffer]
      : [],
  );
  port.postMessage(found, buffers as ArrayBuffer[]);
  giveSign();
}

/** With memory of its own, which can be handed over. */
function handedOver(block: EventBlock): EventBlock {
  const { bytes } = block;
  const isOwn = bytes.byteOffset === 0 && bytes.length === bytes.buffer.byteLength;
  return isOwn ? block : { ...block, bytes: Buffer.from(Uint8Array.from(bytes).buffer) };
}

async function answer(objects: readonly ObjectToRead[]): Promise<void> {
  let held: FoundMessage[] = [];
  for (const object of objects)
    try {
      const block = findEvents(object);
      if (block) held.push({ block: handedOver(block), isLast: true });
      else {
        give(held);
        held = [];
        for await (const part of findInLarge(object, giveSign)) give([{ block: handedOver(part), isLast: false }]);
        held.push({ isLast: true });
      }
    } catch (error) {
      if (!(error instanceof UnreadableObject)) throw error;
      held.push({ failure: error.message, isLast: true });
    }
  give(held);
}

let before = Promise.resolve();
port.on("message", (objects: readonly ObjectToRead[]) => {
  before = before.then(() => answer(objects));
});
