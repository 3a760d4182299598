import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { seal, shapes } from "./sealing";
import { progress, type Subject, tableOf } from "./subject";
import { shell, take } from "./timed-command";

/**
 * How fast an archive is sealed and verified, beside what everybody has: `find`, which lists everything as `verify` has to, and
 * `cat` of the receipts for `verify`; `sha256sum` of the exported objects for sealing and `verify --deep`. In one run, over the same files.
 */

export const evidence: Subject = {
  name: "evidence",
  measure: async ({ megabytes = 500 }) => {
    const results = [];
    for (const [name, shape] of Object.entries(shapes)) {
      const folder = mkdtempSync(join(tmpdir(), "org-log-archive-bench-"));
      try {
        progress(`Writing ${name}`);
        shape.write(folder, megabytes);
        results.push(...(await measureShape(name, folder)));
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    }
    const rows = results.map(
      ({ objects: name, what, cpuSeconds, wallSeconds, objectsPerSecond, megabytesPerSecond }) => [
        ...[name, what, cpuSeconds.toFixed(2), wallSeconds.toFixed(2), objectsPerSecond, megabytesPerSecond],
      ],
    );
    const head = ["", "What", "CPU s", "Wall s", "Objects/s", "MB/s"];
    return { results: { evidence: results }, tables: [tableOf(head, rows)] };
  },
};

/** Objects and bytes are the exported ones, as they are stored, whatever else is read; seconds are of the wall. */
async function measureShape(shape: string, folder: string) {
  const bucket = join(folder, "org-log-archive-111122223333-eu-central-1");
  progress(`${shape}: sealing`);
  const { objects, bytes, ...sealing } = seal(shape, folder);
  const tool = (more: readonly string[]) =>
    shell(["node", join(__dirname, "..", "apps", "cli", "org-log-archive.js"), "verify", "--archive", folder, ...more]);
  const commands = {
    "find of everything": `find ${bucket} -type f > /dev/null`,
    "find and cat of the receipts": `find ${bucket}/receipts -type f -print0 | xargs -0 cat > /dev/null`,
    verify: `${tool([])} > /dev/null`,
    sha256sum: `find ${bucket} -name '*.gz' -print0 | xargs -0 sha256sum > /dev/null`,
    "verify --deep": `${tool(["--deep"])} > /dev/null`,
  };
  const measured = [{ what: "sealing", ...sealing }];
  for (const [what, command] of Object.entries(commands)) {
    progress(`${shape}: ${what}`);
    const { cpuSeconds, wallSeconds } = await take(command);
    measured.push({ what, cpuSeconds, wallSeconds, peakMegabytes: 0 });
  }
  return measured.map(({ what, cpuSeconds, wallSeconds, peakMegabytes }) => ({
    ...{ objects: `${shape}: ${objects}, ${Math.round(bytes / 1e6)} MB`, what },
    cpuSeconds: Number(cpuSeconds.toFixed(2)),
    wallSeconds: Number(wallSeconds.toFixed(2)),
    objectsPerSecond: Math.round(objects / wallSeconds),
    megabytesPerSecond: Math.round(bytes / 1e6 / wallSeconds),
    ...(peakMegabytes > 0 ? { peakMegabytes } : {}),
  }));
}
