import type { Cloud } from "../cloud/cloud";
import { type AssembledStack, readAssembly } from "../cloudformation/assembly";
import { instantiate, type Stack } from "../cloudformation/stack";
import { stackInstances } from "../cloudformation/stack-sets";
import type { LambdaFunction, OnInvoke } from "../lambda/function";
import type { Transport } from "../service/transport";
import type { Execution, ExecutionEvent } from "../states/execution";
import type { ExecutionRequest, StateMachine } from "../states/state-machine";
import type { VirtualClock } from "../world/clock";
import type { Latencies } from "../world/latencies";
import { createFunctions, findFunction } from "./functions";
import { createSchedules, type DeployedSchedule, scheduledExecution } from "./schedules";
import { createStateMachines } from "./state-machines";

export interface DeployOptions {
  /** `cdk.out`; nothing is deployed, if absent. */
  readonly assembly: string | undefined;
  readonly cloud: Cloud;
  readonly transport: Transport;
  readonly latencies: Latencies;
  readonly clock: VirtualClock;
  readonly seed: number;
  readonly onEvent: ((event: ExecutionEvent) => void) | undefined;
  readonly onInvoke: OnInvoke | undefined;
}

/** There is no function or state machine of that name. */
export class NotDeployed extends Error {
  override readonly name = "NotDeployed";
}

/** What `cdk deploy` of an assembly has brought to the organisation's accounts. */
export interface Deployment {
  /** Those of the assembly, then the instances of its StackSets. */
  readonly stacks: readonly Stack[];
  readonly functions: readonly LambdaFunction[];
  readonly stateMachines: readonly StateMachine[];
  readonly schedules: readonly DeployedSchedule[];
  /** By stack name. */
  readonly outputs: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Of all state machines, children included. */
  readonly executions: readonly Execution[];
  /** Resolves when it has ended, whatever its status. @throws {NotDeployed} @throws {ExecutionRefused} */
  startExecution(request: ExecutionRequest & { readonly stateMachineArn: string }): Promise<Execution>;
  /** By ARN, or by a name that only one Region has. @throws {NotDeployed} @throws {LambdaFailure} */
  invoke(functionName: string, event: unknown): Promise<unknown>;
  /** Starts what the schedule starts at that moment, in epoch milliseconds. */
  fire(schedule: DeployedSchedule, at: number): Promise<Execution>;
}

/**
 * Deploys what `cdk synth` wrote.
 * @throws {NotDeployable} naming what CloudFormation would refuse, or what the emulator does not know
 */
export function deploy({
  assembly,
  cloud,
  clock,
  seed,
  onEvent,
  transport,
  latencies,
  onInvoke,
}: DeployOptions): Deployment {
  const assembled = assembly === undefined ? [] : readAssembly(assembly);
  const own = instantiateAll(assembled);
  const stacks = [...own, ...own.flatMap((stack) => stackInstances(stack, cloud.world))];
  for (const stack of stacks) cloud.deploy(stack);
  const { iam } = cloud;
  const functions = own.flatMap((stack, index) =>
    createFunctions(stack, assembled[index]?.assets ?? new Map(), {
      iam,
      clock,
      seed,
      transport,
      latencies,
      onInvoke,
    }),
  );
  const stateMachines = own.flatMap((stack) =>
    createStateMachines(stack, { functions, cloud, clock, seed, latencies, onEvent }),
  );
  const schedules = own.flatMap((stack) => createSchedules(stack, { stateMachines, iam, now: clock.now() }));

  const startExecution: Deployment["startExecution"] = async ({ stateMachineArn, ...request }) => {
    const machine = stateMachines.find((one) => one.stateMachineArn === stateMachineArn);
    if (!machine) throw new NotDeployed(`There is no state machine ${stateMachineArn}`);
    return machine.start(request);
  };
  return {
    stacks,
    functions,
    stateMachines,
    schedules,
    outputs: Object.fromEntries(own.map(({ stackName, outputs }) => [stackName, outputs])),
    get executions() {
      return stateMachines.flatMap(({ executions }) => executions);
    },
    startExecution,
    invoke: async (functionName, event) => {
      const found = findFunction(functions, functionName);
      if (!found) throw new NotDeployed(`There is no function ${functionName}, or one in several Regions: use its ARN`);
      return found.invoke(event);
    },
    fire: (schedule, at) =>
      startExecution({ stateMachineArn: schedule.stateMachineArn, ...scheduledExecution(schedule, at, seed) }),
  };
}

/** Each stack sees what those before it export in its account and Region. */
function instantiateAll(assembled: readonly AssembledStack[]): Stack[] {
  const stacks: Stack[] = [];
  for (const { stackName, environment, template } of assembled) {
    const imports = (name: string) =>
      stacks.find(
        (stack) =>
          stack.environment.account === environment.account &&
          stack.environment.region === environment.region &&
          name in stack.exports,
      )?.exports[name];
    stacks.push(instantiate({ stackName, environment, template, parameters: {}, imports }));
  }
  return stacks;
}
