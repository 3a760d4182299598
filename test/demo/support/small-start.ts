import { join } from "node:path";
import { runCommand } from "../../../apps/demo/command";
import { demoOrganization } from "../../../apps/demo/organization";
import { parseConfiguration } from "../../../constructs/configuration";
import { example } from "../../deploy/synthesise";

/** `npm start` with a small organisation, in the folder that the first argument names. */

const [folder = "", ...argv] = process.argv.slice(2);

void runCommand(argv, () => ({
  directory: join(folder, ".emulator"),
  assemblyDirectory: join(folder, "cdk.out"),
  configuration: parseConfiguration({ ...example, regions: [example.homeRegion], lookbackDays: 1 }),
  organization: (options) => {
    const world = demoOrganization(options);
    const [name] = world.logGroups.slice(-1).map((group) => group.name);
    return { ...world, logGroups: world.logGroups.filter((group) => group.name === name) };
  },
}));
