import { availableParallelism } from "node:os";
import type { EventBlock } from "../../handlers/archive/event-text";
import { findEvents, type ObjectToRead } from "./found-events";
import { type BytesRead, UnreadableObject } from "./reading";
import { ReadingWorker } from "./reading-worker";

/** The wanted events of an object; an object has none or more of these. */
export interface Found<T> {
  readonly object: T;
  readonly block: EventBlock;
}

/** Stored bytes that are read here, before it pays to start workers. */
const readHere = 2 * 1024 ** 2;

/** What a worker is given at a time: stored bytes, objects. */
const batchBytes = 512 * 1024;
const batchObjects = 200;

/** Batches that a worker has been given and not answered. */
const batchesAhead = 3;

/**
 * Reads objects and finds events in them, in the order in which they are given, and waits where it has to: DuckDB asks for rows
 * and takes no promise for them. Few objects are read here, many and large ones by as many workers as there are processors.
 */
export class ObjectReaders {
  private readonly workers: ReadingWorker[] = [];
  private here = 0;

  /** @param onRead told again and again that the counts have grown */
  constructor(
    private readonly counts: BytesRead,
    private readonly onRead: () => void = () => {},
  ) {}

  *read<T extends ObjectToRead>(objects: Iterable<T>): Generator<Found<T>> {
    const left = objects[Symbol.iterator]();
    const begun: Generator<Found<T>>[] = [];
    for (;;) {
      while (begun.length < Math.max(1, this.workers.length * batchesAhead)) {
        const batch = this.nextBatch(left);
        if (batch.length === 0) break;
        begun.push(this.begin(batch));
      }
      const first = begun.shift();
      if (!first) return;
      yield* first;
    }
  }

  close(): void {
    for (const worker of this.workers.splice(0)) worker.close();
  }

  private nextBatch<T extends ObjectToRead>(objects: Iterator<T>): T[] {
    const batch: T[] = [];
    let bytes = 0;
    const most = this.workers.length > 0 ? batchObjects : 1;
    while (batch.length < most && bytes < batchBytes) {
      const next = objects.next();
      if (next.done) break;
      batch.push(next.value);
      bytes += next.value.size;
    }
    this.counts.objects += batch.length;
    this.counts.bytes += bytes;
    this.onRead();
    return batch;
  }

  private begin<T extends ObjectToRead>(batch: readonly T[]): Generator<Found<T>> {
    const bytes = batch.reduce((sum, { size }) => sum + size, 0);
    const [object] = batch;
    if (object && this.workers.length === 0 && this.here + bytes <= readHere) {
      this.here += bytes;
      return this.readOne(object);
    }
    while (this.workers.length < availableParallelism()) this.workers.push(new ReadingWorker());
    return this.answers(batch);
  }

  private *readOne<T extends ObjectToRead>(object: T): Generator<Found<T>> {
    try {
      const block = findEvents(object);
      if (block) yield { object, block };
      else {
        this.workers.push(new ReadingWorker());
        yield* this.answers([object]);
      }
    } catch (error) {
      this.note(error);
    }
  }

  private answers<T extends ObjectToRead>(batch: readonly T[]): Generator<Found<T>> {
    const [first, ...others] = this.workers;
    if (!first) throw new TypeError("There is no worker to ask");
    const worker = others.reduce((least, one) => (one.pending < least.pending ? one : least), first);
    worker.ask(batch);
    return this.received(batch, worker);
  }

  private *received<T extends ObjectToRead>(batch: readonly T[], worker: ReadingWorker): Generator<Found<T>> {
    let index = 0;
    while (index < batch.length) {
      for (const { block, failure, isLast } of worker.receive()) {
        const object = batch[index];
        if (failure !== undefined) this.note(new UnreadableObject(failure));
        if (object && block)
          yield {
            object,
            block: { ...block, bytes: Buffer.from(block.bytes.buffer, block.bytes.byteOffset, block.bytes.length) },
          };
        if (isLast) index += 1;
      }
    }
    worker.pending -= 1;
  }

  private note(error: unknown): void {
    if (!(error instanceof UnreadableObject)) throw error;
    this.counts.unreadable.push(error.message);
  }
}
