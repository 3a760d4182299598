import { z } from "zod";
import { Emulator, type Policies, resourcesOf, type Stack, VirtualClock } from "../../../apps/emulator";
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

const ManagedPolicy = z.object({ ManagedPolicyName: z.string(), PolicyDocument: z.unknown() });

/** The document of a managed policy, as the policies of a role. */
export function managedPolicy(stacks: readonly Stack[], name: string): unknown[] {
  return stacks
    .flatMap((stack) => [...resourcesOf(stack, "AWS::IAM::ManagedPolicy", ManagedPolicy)])
    .filter(({ read }) => read.ManagedPolicyName === name)
    .map(({ read }) => read.PolicyDocument);
}
