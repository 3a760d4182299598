/* One of the threads that read files and hash them: files on a disk keep several cores busy. Takes paths, gives back hashes. */
const { createHash } = require("node:crypto");
const { closeSync, openSync, readSync } = require("node:fs");
const { parentPort } = require("node:worker_threads");

const piece = Buffer.allocUnsafe(4 * 1024 ** 2);

/** @param {string} path */
function sha256Of(path) {
  const hash = createHash("sha256");
  const file = openSync(path, "r");
  try {
    for (let read = readSync(file, piece); read > 0; read = readSync(file, piece)) hash.update(piece.subarray(0, read));
  } finally {
    closeSync(file);
  }
  return hash.digest("hex");
}

parentPort?.on("message", (/** @type {readonly string[]} */ paths) => {
  parentPort?.postMessage(
    paths.map((path) => {
      try {
        return { sha256: sha256Of(path) };
      } catch (error) {
        return { error: error instanceof Error ? error.message : String(error) };
      }
    }),
  );
});
