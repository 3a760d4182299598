import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildApp } from "../../../apps/deploy/build-app";
import { readContext } from "../../../apps/deploy/cdk-json";
import { Emulator, type Policies, type Stack, VirtualClock } from "../../../apps/emulator";
import { type ConfigurationInput, parseConfiguration } from "../../../constructs/configuration";
import { configuration } from "./configuration";
import { logArchiveAccount, runAt, world } from "./world";

/** The policies that a configuration deploys, and the stacks that hold them. The functions' code is not bundled. */
export async function deployPolicies(
  changes: Partial<ConfigurationInput> = {},
): Promise<{ policies: Policies; stacks: readonly Stack[] }> {
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
    const emulator = await Emulator.open({ assembly: outdir, world, clock, logArchiveAccount });
    await emulator.close();
    return { policies: emulator.cloud, stacks: emulator.deployment.stacks };
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}
