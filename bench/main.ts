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
 * groups. Objects a second are those read, or those listed where none is read. They depend on the machine, so they are also
 * told as a share of what merely listing the archive gets through.
 */

const Measurement = z.object({
  name: z.string(),
  listed: z.number(),
  objects: z.number(),
  bytes: z.number(),
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
  const speedOf = ({ listed, objects, seconds }: z.infer<typeof Measurement>) => (objects || listed) / seconds;
  const listing = measured.find(({ name }) => name === "list");
  const results = measured.map((measurement) => {
    const { seconds, ...rest } = measurement;
    const speed = speedOf(measurement);
    const shareOfListing = Number((speed / (listing ? speedOf(listing) : speed)).toFixed(2));
    return { ...rest, seconds: Number(seconds.toFixed(2)), objectsPerSecond: Math.round(speed), shareOfListing };
  });
  writeFileSync(join(__dirname, "results.json"), `${JSON.stringify({ archive: size, results }, null, 2)}\n`);
  const table = new Table({
    head: ["", "Listed", "Read", "Bytes read", "Rows", "Seconds", "Objects/s", "Of listing", "Peak MB"],
    colAligns: ["left", ...Array<"right">(8).fill("right")],
    style: { head: [], border: [] },
  });
  for (const {
    name,
    listed,
    objects,
    bytes,
    rows,
    seconds,
    objectsPerSecond,
    shareOfListing,
    peakMegabytes,
  } of results)
    table.push([name, listed, objects, bytes, rows ?? "", seconds, objectsPerSecond, shareOfListing, peakMegabytes]);
  process.stdout.write(`${table.toString()}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
