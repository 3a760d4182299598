import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { synthesize } from "../../apps/demo/synthesis";
import { parseConfiguration } from "../../constructs/configuration";
import { progress, type Subject, tableOf } from "../subject";
import type { LoopName, Outcome } from "./outcome";
import { runOwnLoop } from "./own-loop";
import { pollingLoops, runPollingLoop } from "./polling-loop";
import { logArchiveAccount, member, organizationId, region, rootId, tasksNames } from "./workload";

const configuration = parseConfiguration({
  ...{ organizationId, logArchiveAccount, homeRegion: region, regions: [region], externalId: "example-external-id" },
  targets: { organizationalUnits: [rootId], includeAccounts: [member] },
  // Runs that take days are not cut short.
  ...{ schedule: { expression: "rate(7 days)", timeZone: "UTC" }, lookbackDays: 7 },
});

/**
 * How well an account's loop uses the only export slot, and for how much, beside the loops that are usually built: in virtual
 * time, the same work for each.
 */
export const exportLoop: Subject = {
  name: "export-loop",
  measure: async () => {
    const folder = mkdtempSync(join(tmpdir(), "org-log-archive-bench-"));
    try {
      const assembly = synthesize(configuration, join(folder, "cdk.out"));
      const outcomes: Outcome[] = [];
      for (const tasks of tasksNames) {
        progress(`export loop, tasks of ${tasks}`);
        outcomes.push(...(await runOwnLoop(assembly, tasks)));
        for (const loop of pollingLoops) outcomes.push(...(await runPollingLoop(loop, tasks)));
      }
      return { results: { exportLoop: outcomes }, tables: [table(outcomes)] };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

/** Slot use and dollars per 1,000 exports; and the export at which a loop ends before it is through. */
function table(outcomes: readonly Outcome[]): string {
  const loops: readonly [LoopName, Outcome["day"], string][] = [
    ["org-log-archive", "cold", "this loop, first day"],
    ["org-log-archive", "second", "this loop, second day"],
    ["recipe", "cold", "the usual recipe (1 s)"],
    ["fixed-10s", "cold", "every 10 s"],
    ["fixed-60s", "cold", "every 60 s"],
  ];
  const rows = loops.map(([loop, day, label]) => [
    label,
    ...tasksNames.map((tasks) => {
      const found = outcomes.find((each) => each.loop === loop && each.day === day && each.tasks === tasks);
      if (!found) return "";
      const dies = found.diesAtExport === undefined ? "" : ` (dies at ${found.diesAtExport})`;
      return `${(100 * found.slotUse).toFixed(1)} % $${found.usdPer1000.toFixed(3)}${dies}`;
    }),
  ]);
  return tableOf(["Slot use, $ per 1,000 exports", ...tasksNames], rows);
}
