import { z } from "zod";
import type { Cloud } from "../cloud/cloud";
import { NotDeployable } from "../cloudformation/errors";
import { resourcesOf, type Stack } from "../cloudformation/stack";
import type { LambdaFunction } from "../lambda/function";
import { ServiceError } from "../service/errors";
import { requireTrust } from "../services/iam/roles";
import type { StartableStateMachine } from "../services/states/state-machines";
import type { ExecutionEvent } from "../states/execution";
import { StateFailure } from "../states/failure";
import { InvalidDefinition } from "../states/load";
import type { ReadObject } from "../states/runner";
import { ExecutionRefused, StateMachine } from "../states/state-machine";
import type { Publish } from "../states/task";
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
  readonly cloud: Cloud;
  readonly clock: VirtualClock;
  readonly seed: number;
  readonly latencies: Latencies;
  readonly onEvent?: ((event: ExecutionEvent) => void) | undefined;
}

/** A stack's state machines, which the cloud's callers can start. @throws {NotDeployable} also for a definition that cannot be run */
export function createStateMachines(stack: Stack, ports: StateMachinePorts): StateMachine[] {
  const machines = stateMachinesOf(stack, ports);
  for (const machine of machines) ports.cloud.stateMachines.add(startable(machine));
  return machines;
}

function startable(machine: StateMachine): StartableStateMachine {
  return {
    stateMachineArn: machine.stateMachineArn,
    executions: machine.executions,
    begin: (request) => {
      try {
        return machine.begin(request);
      } catch (error) {
        if (!(error instanceof ExecutionRefused)) throw error;
        throw new ServiceError(error.code, error.message, 400, {}, { cause: error });
      }
    },
  };
}

function stateMachinesOf(stack: Stack, ports: StateMachinePorts): StateMachine[] {
  const { functions, cloud, clock, seed, latencies, onEvent } = ports;
  return [...resourcesOf(stack, "AWS::StepFunctions::StateMachine", Properties)].map(({ ref, read }) => {
    requireTrust(cloud.iam, read.RoleArn, "states.amazonaws.com", `State machine ${ref}`);
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
        readObject: objectReader(cloud, read.RoleArn, stack.environment.region),
        publish: publisher(cloud, read.RoleArn, stack.environment.region),
        transitionMilliseconds: latencies.transition,
        onEvent,
      });
    } catch (error) {
      if (!(error instanceof InvalidDefinition)) throw error;
      throw new NotDeployable(`State machine ${ref}: ${error.message}`, { cause: error });
    }
  });
}

/** How a state machine publishes: like reading, and an error has the name that a Retry or a Catch of it knows. */
function publisher(cloud: Cloud, roleArn: string, region: string): Publish {
  return async ({ topicArn, message, subject }) => {
    const identity = cloud.iam.issueCredentials(roleArn, "states");
    const input = { TopicArn: topicArn, Message: message, ...(subject !== undefined && { Subject: subject }) };
    try {
      return await cloud.invoke({ service: "sns", operation: "Publish", region, identity, input });
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      throw new StateFailure(`SNS.${error.code}Exception`, error.message, { cause: error });
    }
  };
}

/** How a state machine reads S3: as a session of its role, in its own Region. */
function objectReader(cloud: Cloud, roleArn: string, region: string): ReadObject {
  const Output = z.object({ Body: z.instanceof(Buffer) });
  return async (Bucket, Key) => {
    const identity = cloud.iam.issueCredentials(roleArn, "states");
    const input = { Bucket, Key };
    const output = await cloud.invoke({ service: "s3", operation: "GetObject", region, identity, input });
    return Output.parse(output).Body.toString();
  };
}
