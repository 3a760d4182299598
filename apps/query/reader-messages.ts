import type { MessagePort } from "node:worker_threads";
import type { EventBlock } from "../../handlers/archive/event-text";

/** What passes between a question and the workers that read for it. */

/** What a worker starts with; then it is given batches of objects to read. */
export interface ReaderStart {
  readonly port: MessagePort;
  /** Two counters that both sides wait for: `signs` and `taken`. */
  readonly counters: Int32Array;
}

/** Signs of life that the worker has given: messages among them. */
export const signs = 0;
/** Bytes of the worker's messages that the question has taken: it counts round. */
export const taken = 1;

/** What was found of the next object of a batch, or a part of it. */
export interface FoundMessage {
  readonly block?: EventBlock;
  /** Why the object cannot be read. */
  readonly failure?: string;
  /** There is no more of this object. */
  readonly isLast: boolean;
}

export function bytesOf(found: readonly FoundMessage[]): number {
  return found.reduce((sum, { block }) => sum + (block?.bytes.length ?? 0), 0);
}
