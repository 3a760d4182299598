import { execFileSync } from "node:child_process";
import { z } from "zod";
import { folderStores } from "../handlers/archive/folder-store";
import type { DayWindow } from "../handlers/contract/values";
import { sealAccount } from "../handlers/seal-account/seal-account";
import * as month from "./archive";
import * as questions from "./questions-archive";

/** Archives of different shapes, written, and sealed in a process of its own. */

interface Shape {
  readonly accounts: readonly string[];
  readonly days: readonly DayWindow[];
  readonly write: (folder: string, megabytes: number) => void;
}

export const shapes: Readonly<Record<string, Shape>> = {
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
  const run = {
    runId: "bench-seal",
    startedAt: at,
    deadline: at,
    days: [...days],
    logGroups: null,
    backlog: [],
    backfill: [],
  };
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

/** Seals an archive in a process of its own, so that its time and memory are its own. */
export function seal(shape: string, folder: string): z.infer<typeof Sealed> {
  const args = ["--import", "tsx", __filename, shape, folder];
  return Sealed.parse(JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8" })));
}

async function main([name = "", folder = ""]: readonly string[]): Promise<void> {
  const shape = shapes[name];
  if (!shape) throw new Error(`There is no shape ${name}`);
  process.stdout.write(`${JSON.stringify(await sealAll(shape, folder))}\n`);
}

if (require.main === module) void main(process.argv.slice(2));
