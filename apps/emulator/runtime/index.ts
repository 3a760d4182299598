/** Runs what `cdk synth` produced: templates, functions and state machines, in an organisation and a time of their own. */
export { ActorTimedOut, ClockStalled, VirtualClock, type VirtualClockOptions } from "../clock";
export { type Deployment, type DeployOptions, deploy, NotDeployed } from "./deployment/deploy";
export { nextOccurrence } from "./deployment/occurrences";
export type { Schedule } from "./deployment/schedules";
export type { Stack, StackResource } from "./deployment/stack";
export { LambdaFailure } from "./lambda/errors";
export { type Fate, type FunctionConfiguration, LambdaFunction, type LogLine, type OnInvoke } from "./lambda/function";
export type { CloudPorts, Credentials } from "./ports";
export type { Execution, ExecutionEvent, ExecutionStatus } from "./states/execution";
export { StateFailure } from "./states/failure";
export { InvalidDefinition } from "./states/load";
export { ExecutionRefused, type ExecutionRequest, interpret, StateMachine } from "./states/state-machine";
export type { InvokeTask, TaskRequest } from "./states/task";
export { NotDeployable } from "./template/errors";
