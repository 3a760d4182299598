import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { synthesize } from "../apps/demo/synthesis";
import { parseConfiguration } from "../constructs/configuration";
import { configuration, days, logArchive, logGroups, openOrganisation } from "./operators-organisation";
import { progress, type Subject, tableOf } from "./subject";
import { takeTool } from "./timed-command";

/**
 * The operator's commands in a large organisation, as they are started, each in a process of its own: the emulator's share is in no
 * figure but the seconds of the wall.
 */

const account = "300000000000";
const commands: readonly (readonly string[])[] = [["check"], ["plan"], ["offboard", account, "--look"]];

export const operators: Subject = {
  name: "operators",
  measure: async ({ accounts = 1000 }) => {
    const folder = mkdtempSync(join(tmpdir(), "org-log-archive-bench-"));
    progress(`Making an organisation of ${accounts} accounts by ${logGroups} log groups by ${days} days`);
    const assembly = synthesize(parseConfiguration(configuration), join(folder, "cdk.out"));
    const emulator = await openOrganisation(assembly, accounts, Date.now());
    try {
      const file = join(folder, "cdk.json");
      writeFileSync(file, JSON.stringify({ context: { orgLogArchive: configuration } }));
      const environment = {
        AWS_ENDPOINT_URL: await emulator.listen(),
        AWS_ACCESS_KEY_ID: logArchive,
        AWS_SECRET_ACCESS_KEY: "secret",
      };
      const measured = [];
      for (const [name = "", ...args] of commands) {
        progress(name);
        const before = emulator.cloud.calls.length;
        const taken = await takeTool([name, ...args, "--configuration", file], environment);
        measured.push({ command: name, accounts, requests: emulator.cloud.calls.length - before, ...taken });
      }
      const head = ["", "Accounts", "Requests", "CPU s", "Wall s", "Peak MB"];
      const rows = measured.map(({ command, accounts, requests, cpuSeconds, wallSeconds, peakMegabytes }) => [
        ...[command, accounts, requests, cpuSeconds, wallSeconds, peakMegabytes],
      ]);
      return { results: { operators: measured }, tables: [tableOf(head, rows)] };
    } finally {
      await emulator.close();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
