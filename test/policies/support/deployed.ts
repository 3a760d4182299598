import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildApp } from "../../../apps/deploy/build-app";
import { readContext } from "../../../apps/deploy/cdk-json";
import { DeployedPolicies } from "../../../apps/emulator/authorization";
import { deploy, type Stack, VirtualClock } from "../../../apps/emulator/runtime";
import { Cloud } from "../../../apps/emulator/services";
import { type ConfigurationInput, parseConfiguration } from "../../../constructs/configuration";
import { configuration } from "./configuration";
import { logArchiveAccount, runAt, world } from "./world";

/** The policies that a configuration deploys, and the stacks that hold them. The functions' code is not bundled. */
export async function deployPolicies(
  changes: Partial<ConfigurationInput> = {},
): Promise<{ policies: DeployedPolicies; stacks: readonly Stack[] }> {
  const outdir = mkdtempSync(join(tmpdir(), "org-log-archive-policies-"));
  try {
    process.env.CDK_VALIDATION = "false";
    const context = { ...readContext(), "aws:cdk:bundling-stacks": [], "aws:cdk:disable-stack-trace": true };
    buildApp(parseConfiguration({ ...configuration, ...changes }), {
      outdir,
      context,
      analyticsReporting: false,
    }).synth();
    const clock = new VirtualClock({ start: runAt });
    const cloud = new Cloud({ world, clock, seed: 1, logArchiveAccount });
    const options = { assemblyDirectory: outdir, cloud, clock, seed: 1, endpoint: "http://127.0.0.1:1" };
    const { stacks } = await deploy(options);
    const policies = new DeployedPolicies();
    policies.deployed(cloud, stacks);
    return { policies, stacks };
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}
