import { parentPort } from "node:worker_threads";
import { hashFiles } from "./file-hashes";

/** One of the threads that read files and hash them: files on a disk keep several cores busy. Takes paths, gives back hashes. */
parentPort?.on("message", (paths: readonly string[]) => parentPort?.postMessage(hashFiles(paths)));
