import type { GetScheduleOutput } from "@aws-sdk/client-scheduler";
import { z } from "zod";
import { resourcesOf } from "../../cloudformation/stack";
import { restJson } from "../../protocols/rest-json";
import { logsErrors, ServiceError } from "../../service/errors";
import { operation, type Service } from "../../service/service";

const Schedule = z.object({
  ScheduleExpression: z.string(),
  ScheduleExpressionTimezone: z.string().default("UTC"),
  State: z.enum(["ENABLED", "DISABLED"]).default("ENABLED"),
});

/** What EventBridge Scheduler tells of schedules; the deployment fires them. */
export function scheduler(): Service {
  const schedules = new Map<string, z.infer<typeof Schedule>>();
  const arn = (account: string, region: string, name: string) =>
    `arn:aws:scheduler:${region}:${account}:schedule/default/${name}`;
  return {
    protocol: restJson([{ operation: "GetSchedule", method: "GET", path: /^\/schedules\/(?<Name>[^/]+)$/ }]),
    errors: logsErrors,
    operations: {
      GetSchedule: operation({
        input: z.object({ Name: z.string() }),
        access: ({ Name }, { caller, region }) => ({
          action: "scheduler:GetSchedule",
          resource: arn(caller.account, region, Name),
        }),
        run: ({ input: { Name }, caller, region }): GetScheduleOutput => {
          const found = schedules.get(arn(caller.account, region, Name));
          if (!found) throw new ServiceError("ResourceNotFoundException", `Schedule ${Name} does not exist.`, 404);
          return { Name, ...found };
        },
      }),
    },
    deploy: (stack) => {
      const { account, region } = stack.environment;
      for (const { ref, read } of resourcesOf(stack, "AWS::Scheduler::Schedule", Schedule))
        schedules.set(arn(account, region, ref), read);
    },
  };
}
