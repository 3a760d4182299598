import { join } from "node:path";
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from "node:worker_threads";
import { bundleFolder } from "../bundle";
import type { ObjectToRead } from "./found-events";
import { bytesOf, type FoundMessage, type ReaderStart, signs, taken } from "./reader-messages";

/** For how long a worker may give no sign of life, in milliseconds: one that died gives none. */
const lastSign = 300_000;

/** A thread that reads objects, and that can be waited for where nothing may be awaited. */
export class ReadingWorker {
  /** Batches that it was given and whose answers were not taken. */
  pending = 0;
  private readonly worker: Worker;
  private readonly port: MessagePort;
  private readonly counters = new Int32Array(new SharedArrayBuffer(8));

  constructor() {
    const { port1, port2 } = new MessageChannel();
    this.port = port1;
    const workerData: ReaderStart = { port: port2, counters: this.counters };
    this.worker = new Worker(join(bundleFolder(), "worker.js"), { workerData, transferList: [port2] });
    this.worker.unref();
  }

  ask(objects: readonly ObjectToRead[]): void {
    this.pending += 1;
    this.port.postMessage(
      objects.map(({ key, path, size, literals }): ObjectToRead => ({ key, path, size, literals })),
    );
  }

  /** What comes next of what was asked. */
  receive(): readonly FoundMessage[] {
    for (;;) {
      const seen = Atomics.load(this.counters, signs);
      const received: { readonly message: readonly FoundMessage[] } | undefined = receiveMessageOnPort(this.port);
      if (received) {
        Atomics.add(this.counters, taken, bytesOf(received.message));
        Atomics.notify(this.counters, taken);
        return received.message;
      }
      if (Atomics.wait(this.counters, signs, seen, lastSign) === "timed-out")
        throw new Error("A thread that reads objects gives no answer. Ask again; if it stays so, ask for fewer days.");
    }
  }

  close(): void {
    this.port.close();
    void this.worker.terminate();
  }
}
