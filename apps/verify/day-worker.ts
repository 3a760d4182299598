import { parentPort, workerData } from "node:worker_threads";
import { FolderStore } from "../../handlers/archive/folder-store";
import { Binding } from "./binding";
import type { ThreadDay, ThreadStart } from "./day-threads";
import { hashFiles } from "./file-hashes";
import type { Hasher } from "./hashing";
import { type DayVerified, verifyDay } from "./verify-day";

/** A thread that verifies account days of a folder: what it is asked in messages, it answers in their order. */

const { root, bucket, options, runs }: ThreadStart = workerData;
const store = new FolderStore(root, bucket);

/** The other threads keep the other cores busy. */
const hasher: Hasher = { hash: async (_bucket, keys) => hashFiles(keys.map((key) => store.pathOf(key))) };

parentPort?.on("message", async (days: readonly ThreadDay[]) => {
  const verified: DayVerified[] = [];
  for (const { day, bound } of days)
    verified.push(await verifyDay(store, day, options, new Binding(bound, runs), hasher));
  parentPort?.postMessage(verified);
});
