import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { parseCoverage } from "../../handlers/archive/coverage";
import { folderStores } from "../../handlers/archive/folder-store";
import { coverageRoot, parseRunKey, runsRoot } from "../../handlers/archive/layout";
import { Report } from "../../handlers/archive/records";
import { parseLines, parseRecord } from "../../handlers/archive/serialization";
import { readingFrom } from "./damaged-archive";

/** What earlier runs left in the emulator's folder, which a run that goes on with it comes after. */

const buckets = (directory: string) => folderStores(join(directory, "s3"));

/** How many runs a bucket of the folder has seen at most. */
export function runsIn(directory: string): number {
  const runs = buckets(directory).map((bucket) => bucket.folderNames(runsRoot).length);
  return Math.max(0, ...runs);
}

/** The time of the newest export task, coverage line and report (epoch milliseconds); 0 if there is none. */
export function lastRecord(directory: string): number {
  let last = 0;
  for (const at of times(directory)) last = Math.max(last, at);
  return last;
}

const TaskTimes = z.object({ created: z.number(), finished: z.number().nullish() });

function* times(directory: string): Generator<number> {
  const path = join(directory, "export-tasks.jsonl");
  const tasks = existsSync(path) ? parseLines(TaskTimes, path, readFileSync(path, "utf8")) : [];
  for (const { created, finished } of tasks) yield finished ?? created;
  for (const bucket of buckets(directory)) {
    for (const { key, path } of bucket.files(coverageRoot))
      for (const { at } of readingFrom(bucket.bucket, () => parseCoverage(key, readFileSync(path, "utf8"))))
        yield Date.parse(at);
    for (const { key, path } of bucket.files(runsRoot))
      if (parseRunKey(key)?.kind === "report")
        yield Date.parse(
          readingFrom(bucket.bucket, () => parseRecord(Report, key, readFileSync(path, "utf8"))).finishedAt,
        );
  }
}
