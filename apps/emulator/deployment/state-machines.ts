import { z } from "zod";
import { NotDeployable } from "../cloudformation/errors";
import { resourcesOf, type Stack } from "../cloudformation/stack";
import type { LambdaFunction } from "../lambda/function";
import type { Iam } from "../services/iam/iam";
import { requireTrust } from "../services/iam/roles";
import type { ExecutionEvent } from "../states/execution";
import { InvalidDefinition } from "../states/load";
import { StateMachine } from "../states/state-machine";
import type { VirtualClock } from "../world/clock";
import type { Latencies } from "../world/latencies";
import { seededFraction, seededUuid } from "../world/seeded";
import { taskInvoker } from "./functions";

const Properties = z.object({
  DefinitionString: z.string(),
  DefinitionSubstitutions: z.record(z.string(), z.string()).default({}),
  RoleArn: z.string(),
  StateMachineType: z.literal("STANDARD").default("STANDARD"),
});

export interface StateMachinePorts {
  readonly functions: readonly LambdaFunction[];
  readonly iam: Iam;
  readonly clock: VirtualClock;
  readonly seed: number;
  readonly latencies: Latencies;
  readonly onEvent?: ((event: ExecutionEvent) => void) | undefined;
}

/** A stack's state machines. @throws {NotDeployable} also for a definition that cannot be run */
export function createStateMachines(stack: Stack, ports: StateMachinePorts): StateMachine[] {
  const { functions, iam, clock, seed, latencies, onEvent } = ports;
  return [...resourcesOf(stack, "AWS::StepFunctions::StateMachine", Properties)].map(({ ref, read }) => {
    requireTrust(iam, read.RoleArn, "states.amazonaws.com", `State machine ${ref}`);
    const substitutions = Object.entries(read.DefinitionSubstitutions);
    let drawn = 0;
    try {
      return new StateMachine({
        stateMachineArn: ref,
        definition: substitutions.reduce(
          (text, [key, value]) => text.replaceAll(`\${${key}}`, value),
          read.DefinitionString,
        ),
        clock,
        random: () => seededFraction(seed, ref, "random", drawn++),
        uuid: () => seededUuid(seed, ref, "uuid", drawn++),
        invokeTask: taskInvoker(functions, stack.environment),
        transitionMilliseconds: latencies.transition,
        onEvent,
      });
    } catch (error) {
      if (!(error instanceof InvalidDefinition)) throw error;
      throw new NotDeployable(`State machine ${ref}: ${error.message}`, { cause: error });
    }
  });
}
