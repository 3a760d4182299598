import { Emulator, type Policies, type Stack, VirtualClock } from "../../../apps/emulator";
import type { ConfigurationInput } from "../../../constructs/configuration";
import { assembly } from "../../support/assembly";
import { configuration } from "./configuration";
import { logArchiveAccount, runAt, world } from "./world";

/** The policies that a configuration deploys, and the stacks that hold them. The functions' code is not bundled. */
export async function deployPolicies(
  changes: Partial<ConfigurationInput> = {},
): Promise<{ policies: Policies; stacks: readonly Stack[] }> {
  const clock = new VirtualClock({ start: runAt });
  const emulator = await Emulator.open({
    assembly: assembly({ ...configuration, ...changes }, { code: false }),
    world,
    clock,
    logArchiveAccount,
  });
  await emulator.close();
  return { policies: emulator.cloud, stacks: emulator.deployment.stacks };
}
