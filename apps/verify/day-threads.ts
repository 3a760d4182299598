import { once } from "node:events";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import type { FolderStore } from "../../handlers/archive/folder-store";
import { bundleFolder } from "../bundle";
import type { KnownRuns } from "./binding";
import type { DayOptions, DayToVerify, DayVerified } from "./verify-day";
import type { DaysToVerify } from "./verify-days";

/** Account days that one message names: few enough that all threads end at about the same time. */
const daysPerMessage = 16;

/** What a thread starts with; then it is given account days, and answers each message with what they came to. */
export interface ThreadStart {
  readonly root: string;
  readonly bucket: string;
  readonly options: DayOptions;
  readonly runs: KnownRuns;
}

export interface ThreadDay {
  readonly day: DayToVerify;
  /** By key, the SHA-256 of what is bound of it. */
  readonly bound: ReadonlyMap<string, string>;
}

/** Verifies account days of a folder, each in one of several threads. */
export async function verifyInThreads(
  { bucket: { root, bucket }, days, options: given, bound, onVerified }: DaysToVerify<FolderStore>,
  threads: number,
): Promise<DayVerified[]> {
  // The rest of what is given, such as what is told on the way, is no data.
  const { deep, expiredBefore, logGroup } = given;
  const options: DayOptions = {
    deep,
    ...(expiredBefore === undefined ? {} : { expiredBefore }),
    ...(logGroup === undefined ? {} : { logGroup }),
  };
  const workerData: ThreadStart = { root, bucket, options, runs: bound.runs };
  const results: DayVerified[] = [];
  let next = 0;
  const work = async () => {
    const worker = new Worker(join(bundleFolder(), "day-worker.js"), { workerData });
    try {
      while (next < days.length) {
        const at = next;
        next += daysPerMessage;
        const batch = days.slice(at, next);
        worker.postMessage(batch.map((day): ThreadDay => ({ day, bound: bound.ofDay(day) })));
        const [answer]: DayVerified[][] = await once(worker, "message");
        for (const [index, day] of batch.entries()) {
          const verified = answer?.[index];
          if (!verified) throw new Error("A thread that verifies account days did not answer for each of them");
          results[at + index] = verified;
          onVerified(day, verified);
        }
      }
    } catch (error) {
      // The others would go on, and keep a person waiting for what has failed.
      next = days.length;
      throw error;
    } finally {
      await worker.terminate();
    }
  };
  await Promise.all(Array.from({ length: Math.min(threads, Math.ceil(days.length / daysPerMessage)) }, work));
  return results;
}
