import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { size, writeArchive } from "./archive";
import { measurementNames } from "./measure";
import { progress, type Subject, tableOf } from "./subject";

const Measurement = z.object({
  name: z.string(),
  listed: z.number(),
  objects: z.number(),
  bytes: z.number(),
  rows: z.number().optional(),
  seconds: z.number(),
  peakMegabytes: z.number(),
});

/**
 * What the auditor's commands read, hold and get through, on an archive of 100 accounts by 30 days by 20 log groups. Objects a
 * second are those read, or those listed where none is read. They depend on the machine, so they are also told as a share of
 * what merely listing the archive gets through.
 */
export const archiveCommands: Subject = {
  name: "archive-commands",
  measure: () => {
    const folder = mkdtempSync(join(tmpdir(), "org-log-archive-bench-"));
    try {
      progress(`Writing ${size.accounts} accounts by ${size.days} days by ${size.logGroups} log groups`);
      writeArchive(folder);
      const measured = measurementNames.map((name) => {
        progress(name);
        const args = ["--import", "tsx", join(__dirname, "measure.ts"), name, folder];
        return Measurement.parse(JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8" })));
      });
      const speedOf = ({ listed, objects, seconds }: z.infer<typeof Measurement>) => (objects || listed) / seconds;
      const listing = measured.find(({ name }) => name === "list");
      const results = measured.map(({ seconds, ...measurement }) => {
        const speed = speedOf({ seconds, ...measurement });
        const shareOfListing = Number((speed / (listing ? speedOf(listing) : speed)).toFixed(2));
        const rounded = { seconds: Number(seconds.toFixed(2)), objectsPerSecond: Math.round(speed) };
        return { ...measurement, ...rounded, shareOfListing };
      });
      const head = ["", "Listed", "Read", "Bytes read", "Rows", "Seconds", "Objects/s", "Of listing", "Peak MB"];
      const rows = results.map((row) => [
        ...[row.name, row.listed, row.objects, row.bytes, row.rows ?? ""],
        ...[row.seconds, row.objectsPerSecond, row.shareOfListing, row.peakMegabytes],
      ]);
      return { results: { archive: size, results }, tables: [tableOf(head, rows)] };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
