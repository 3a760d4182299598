import { join } from "node:path";
import { readConfiguration } from "../deploy/cdk-json";
import { runCommand } from "./command";
import { demoOrganization } from "./organization";

/** `npm start`: the synthesised app against an organisation on this machine, from the schedule to an audit query. */

const root = join(__dirname, "..", "..");

void runCommand(process.argv.slice(2), () => ({
  directory: join(root, ".emulator"),
  assemblyDirectory: join(root, "cdk.out"),
  configuration: readConfiguration(),
  organization: demoOrganization,
}));
