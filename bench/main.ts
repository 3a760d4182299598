import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Table from "cli-table3";
import { z } from "zod";
import { size, writeArchive } from "./archive";
import { measurementNames } from "./measure";

/**
 * `npm run bench`: what the auditor's commands read, hold and get through, on an archive of 100 accounts by 30 days by 20 log
 * groups. Times depend on the machine, so throughput is also told as a share of what merely listing the archive gets through.
 */

const Measurement = z.object({
  name: z.string(),
  objects: z.number(),
  bytes: z.number().optional(),
  rows: z.number().optional(),
  seconds: z.number(),
  peakMegabytes: z.number(),
});

const folder = mkdtempSync(join(tmpdir(), "org-log-archive-bench-"));
try {
  process.stderr.write(`Writing ${size.accounts} accounts by ${size.days} days by ${size.logGroups} log groups ...\n`);
  writeArchive(folder);
  const measured = measurementNames.map((name) => {
    process.stderr.write(`${name} ...\n`);
    const measure = join(__dirname, "measure.ts");
    return Measurement.parse(
      JSON.parse(execFileSync(process.execPath, ["--import", "tsx", measure, name, folder], { encoding: "utf8" })),
    );
  });
  const listing = measured.find(({ name }) => name === "list");
  const speed = listing ? listing.objects / listing.seconds : 1;
  const results = measured.map(({ seconds, ...rest }) => ({
    ...rest,
    objectsPerSecond: Math.round(rest.objects / seconds),
    shareOfListing: Number((rest.objects / seconds / speed).toFixed(2)),
  }));
  writeFileSync(join(__dirname, "results.json"), `${JSON.stringify({ archive: size, results }, null, 2)}\n`);
  const table = new Table({
    head: ["", "Objects", "Bytes read", "Rows", "Objects/s", "Of listing", "Peak MB"],
    colAligns: ["left", "right", "right", "right", "right", "right", "right"],
    style: { head: [], border: [] },
  });
  for (const { name, objects, bytes, rows, objectsPerSecond, shareOfListing, peakMegabytes } of results)
    table.push([name, objects, bytes ?? "", rows ?? "", objectsPerSecond, shareOfListing, peakMegabytes]);
  process.stdout.write(`${table.toString()}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
