import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { folderStores } from "../handlers/archive/folder-store";
import type { DayWindow } from "../handlers/contract/values";
import { sealAccount } from "../handlers/seal-account/seal-account";
import * as month from "./archive";
import * as questions from "./questions-archive";
import { progress, type Subject, tableOf } from "./subject";
import { shell, take } from "./timed-command";

/**
 * How fast an archive is sealed and verified, beside what everybody has: `cat` of the receipts for `verify`, `sha256sum` of the
 * exported objects for sealing and `verify --deep`. In one run, over the same files.
 */

interface Shape {
  readonly accounts: readonly string[];
  readonly days: readonly DayWindow[];
  readonly write: (folder: string, megabytes: number) => void;
}

const shapes: Readonly<Record<string, Shape>> = {
  "small objects": { accounts: month.accountIds, days: month.days, write: (folder) => month.writeArchive(folder) },
  "objects of a megabyte": {
    accounts: questions.accountIds,
    days: questions.days,
    write: (folder, megabytes) =>
      questions.writeQuestionsArchive(folder, Math.round((megabytes * 1e6) / 2000), () => {}),
  },
};

const Sealed = z.object({
  objects: z.number(),
  bytes: z.number(),
  cpuSeconds: z.number(),
  wallSeconds: z.number(),
  peakMegabytes: z.number(),
});

/** Seals every account as its function does, one after the other. */
async function sealAll({ accounts, days }: Shape, folder: string): Promise<z.infer<typeof Sealed>> {
  const [archive] = folderStores(folder);
  if (!archive) throw new Error(`There is no archive in ${folder}`);
  const at = new Date((days.at(-1)?.to ?? 0) + 43_200_000).toISOString();
  const run = { runId: "bench-seal", startedAt: at, deadline: at, days: [...days], logGroups: null, backlog: [] };
  const ports = {
    ...{ region: "eu-central-1", archive, requestId: "request", remainingMs: () => 900_000 },
    clock: { now: () => Date.parse(at), sleep: async () => {} },
  };
  const before = process.cpuUsage();
  const began = performance.now();
  let [objects, bytes] = [0, 0];
  for (const account of accounts) {
    const sealed = await sealAccount({ run, account, cursor: null }, ports);
    if (sealed.status !== "finished" || sealed.notSealed > 0) throw new Error(`${account} was not sealed`);
    objects += sealed.objects;
    bytes += sealed.cursor.bytes;
  }
  const { user, system } = process.cpuUsage(before);
  return {
    ...{ objects, bytes, cpuSeconds: (user + system) / 1e6, wallSeconds: (performance.now() - began) / 1000 },
    peakMegabytes: Math.round(process.resourceUsage().maxRSS / 1024),
  };
}

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
  const args = ["--import", "tsx", __filename, shape, folder];
  const { objects, bytes, ...sealing } = Sealed.parse(
    JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8" })),
  );
  const tool = (more: readonly string[]) =>
    shell(["node", join(__dirname, "..", "apps", "cli", "org-log-archive.js"), "verify", "--archive", folder, ...more]);
  const commands = {
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

async function main([name = "", folder = ""]: readonly string[]): Promise<void> {
  const shape = shapes[name];
  if (!shape) throw new Error(`There is no shape ${name}`);
  process.stdout.write(`${JSON.stringify(await sealAll(shape, folder))}\n`);
}

if (require.main === module) void main(process.argv.slice(2));
