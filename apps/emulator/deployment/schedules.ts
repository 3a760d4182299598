import { z } from "zod";
import { NotDeployable } from "../cloudformation/errors";
import { resourcesOf, type Stack } from "../cloudformation/stack";
import type { Iam } from "../services/iam/iam";
import { requireTrust } from "../services/iam/roles";
import type { ExecutionRequest, StateMachine } from "../states/state-machine";
import { seededUuid } from "../world/seeded";

/** A schedule of EventBridge Scheduler that starts executions. */
export interface DeployedSchedule {
  readonly name: string;
  readonly scheduleArn: string;
  readonly region: string;
  /** `cron(...)`, `rate(...)` or `at(...)` */
  readonly expression: string;
  readonly timeZone: string;
  readonly enabled: boolean;
  readonly stateMachineArn: string;
  /** Text, with context attributes such as `<aws.scheduler.scheduled-time>` in it. */
  readonly input: string;
  /** Epoch milliseconds: rates count from here. */
  readonly createdAt: number;
}

const Properties = z.object({
  ScheduleExpression: z.string(),
  ScheduleExpressionTimezone: z.string().default("UTC"),
  State: z.enum(["ENABLED", "DISABLED"]).default("ENABLED"),
  FlexibleTimeWindow: z.object({ Mode: z.enum(["OFF", "FLEXIBLE"]) }),
  Target: z.object({
    Arn: z.string().regex(/^arn:aws[a-z-]*:states:[a-z0-9-]+:\d{12}:stateMachine:/, "must be that of a state machine"),
    RoleArn: z.string(),
    Input: z.string().default("{}"),
  }),
});

export interface SchedulePorts {
  readonly stateMachines: readonly StateMachine[];
  readonly iam: Iam;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** A stack's schedules. @throws {NotDeployable} if their role or state machine does not exist */
export function createSchedules(stack: Stack, { stateMachines, iam, now }: SchedulePorts): DeployedSchedule[] {
  return [...resourcesOf(stack, "AWS::Scheduler::Schedule", Properties)].map(({ ref: name, attributes, read }) => {
    const { Arn, RoleArn, Input } = read.Target;
    requireTrust(iam, RoleArn, "scheduler.amazonaws.com", `Schedule ${name}`);
    if (!stateMachines.some(({ stateMachineArn }) => stateMachineArn === Arn))
      throw new NotDeployable(`Schedule ${name} starts a state machine that does not exist: ${Arn}`);
    return {
      name,
      scheduleArn: attributes.Arn ?? "",
      region: stack.environment.region,
      expression: read.ScheduleExpression,
      timeZone: read.ScheduleExpressionTimezone,
      enabled: read.State === "ENABLED",
      stateMachineArn: Arn,
      input: Input,
      createdAt: now,
    };
  });
}

/**
 * The execution that a schedule starts for a moment in epoch milliseconds: always the same for the same moment.
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html
 */
export function scheduledExecution(
  { scheduleArn, input }: DeployedSchedule,
  at: number,
  seed: number,
): ExecutionRequest {
  const name = seededUuid(seed, scheduleArn, at);
  const attributes: Readonly<Record<string, string>> = {
    "attempt-number": "1",
    "execution-id": name,
    "schedule-arn": scheduleArn,
    "scheduled-time": `${new Date(at).toISOString().slice(0, 19)}Z`,
  };
  const text = input.replaceAll(
    /<aws\.scheduler\.([a-z-]+)>/g,
    (written, attribute: string) => attributes[attribute] ?? written,
  );
  return { name, input: JSON.parse(text) };
}
