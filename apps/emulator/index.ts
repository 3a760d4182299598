/**
 * An organisation in AWS on this machine, and the runtime for what `cdk synth` wrote. This file is the door: nothing outside
 * the folder imports another one of it, but for the tests of its parts.
 */
export type { Policies } from "./authorization/policies";
export { policyAuthorizer } from "./authorization/policy-authorizer";
export type { Cloud } from "./cloud/cloud";
export { type AssembledStack, readAssembly } from "./cloudformation/assembly";
export { instantiate, resourcesOf, type Stack, type StackResource } from "./cloudformation/stack";
export { targetAccounts } from "./cloudformation/stack-sets";
export type { Deployment } from "./deployment/deploy";
export { nextFiring } from "./deployment/firings";
export type { DeployedSchedule } from "./deployment/schedules";
export { Emulator, type EmulatorOptions } from "./emulator";
export type { Fate } from "./lambda/function";
export { accountOf, bucketArn, roleArn, rootArn, sessionArn } from "./service/arn";
export type * from "./service/calls";
export { callerContext, sourceContext } from "./service/condition-keys";
export type { Credentials } from "./services/iam/iam";
export { SigningKey } from "./services/kms/signing-key";
export type { WindowReading } from "./services/logs/export-objects";
export type { ExportTaskRecord } from "./services/logs/export-task-record";
export { BucketFiles } from "./services/s3/bucket-files";
export type { PublishedMessage } from "./services/sns/topics";
export type { Execution, ExecutionEvent } from "./states/execution";
export { StateFailure } from "./states/failure";
export { interpret } from "./states/state-machine";
export type { InvokeTask, TaskRequest } from "./states/task";
export { Directory } from "./storage/directory";
export { VirtualClock } from "./world/clock";
export type { Latencies } from "./world/latencies";
export { seededFraction, seededUuid } from "./world/seeded";
export type * from "./world/world";
