import { z } from "zod";
import type { AccessRequest, Stack } from "../../../apps/emulator";
import { resourcesOf } from "../../../apps/emulator";
import { session, type Who } from "./asking";
import type { RecordedRun } from "./recorded-run";

/** What services did in a run with the roles that they were given, and that the emulator does not ask IAM about. */
export type ServiceCall = Pick<AccessRequest, "action" | "resource"> & { readonly who: Who };

const LambdaFunction = z.object({ Role: z.string(), LoggingConfig: z.object({ LogGroup: z.string() }) });
const Machine = z.object({ RoleArn: z.string() });
const Schedule = z.object({ Target: z.object({ Arn: z.string(), RoleArn: z.string() }) });

/** The ARNs of the roles of the stacks' state machines. */
export function stateMachineRoles(stacks: readonly Stack[]): string[] {
  return stacks.flatMap((stack) =>
    [...resourcesOf(stack, "AWS::StepFunctions::StateMachine", Machine)].map(({ read }) => read.RoleArn),
  );
}

/** Every schedule fired, every Region's Map ran, and each invoked function wrote its log. */
export function serviceCalls({ deployment, invoked }: RecordedRun): ServiceCall[] {
  return deployment.stacks.flatMap((stack) => {
    const { account, region } = stack.environment;
    const schedules = [...resourcesOf(stack, "AWS::Scheduler::Schedule", Schedule)].map(({ read: { Target } }) => ({
      who: session(Target.RoleArn),
      action: "states:StartExecution",
      resource: Target.Arn,
    }));
    const functions = [...resourcesOf(stack, "AWS::Lambda::Function", LambdaFunction)].filter(({ attributes }) =>
      invoked.has(attributes.Arn ?? ""),
    );
    const logging = functions.flatMap(({ read: { Role, LoggingConfig } }) =>
      ["logs:CreateLogStream", "logs:PutLogEvents"].map((action) => ({
        who: session(Role),
        action,
        resource: `arn:aws:logs:${region}:${account}:log-group:${LoggingConfig.LogGroup}:log-stream:2026/11/21`,
      })),
    );
    const machines = [...resourcesOf(stack, "AWS::StepFunctions::StateMachine", Machine)].flatMap(({ ref, read }) => {
      const who = session(read.RoleArn);
      const invocations = functions.map(({ attributes }) => ({
        who,
        action: "lambda:InvokeFunction",
        resource: attributes.Arn ?? "",
      }));
      return [...invocations, { who, action: "states:StartExecution", resource: ref }];
    });
    return [...schedules, ...logging, ...machines];
  });
}
