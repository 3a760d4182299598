import { z } from "zod";
import type { Stack } from "../../cloudformation/stack";
import { awsQuery } from "../../protocols/aws-query";
import { ServiceError, stsErrors } from "../../service/errors";
import { operation, type Service } from "../../service/service";

const StackInput = z.object({ StackName: z.string() });

/** What CloudFormation tells of stacks that are deployed, and of the instances of StackSets. Operations answer with XML's elements. */
export function cloudFormation(): Service {
  const stacks = new Map<string, Stack>();
  const place = (account: string, region: string, name: string) => `${account} ${region} ${name}`;
  const find = (account: string, region: string, name: string): Stack => {
    const found = stacks.get(place(account, region, name));
    if (!found) throw new ServiceError("ValidationError", `Stack with id ${name} does not exist`);
    return found;
  };
  const stackArn = (account: string, region: string, name: string) =>
    `arn:aws:cloudformation:${region}:${account}:stack/${name}/1`;
  return {
    protocol: awsQuery,
    errors: stsErrors,
    operations: {
      DescribeStacks: operation({
        input: StackInput,
        access: ({ StackName }, { caller, region }) => ({
          action: "cloudformation:DescribeStacks",
          resource: stackArn(caller.account, region, StackName),
        }),
        run: ({ input: { StackName }, caller, region }) => {
          const { outputs } = find(caller.account, region, StackName);
          const Outputs = Object.entries(outputs).map(([OutputKey, OutputValue]) => ({ OutputKey, OutputValue }));
          const stack = { StackName, StackStatus: "CREATE_COMPLETE", CreationTime: new Date(0) };
          return { Stacks: { member: [{ ...stack, Outputs: { member: Outputs } }] } };
        },
      }),
      GetTemplate: operation({
        input: StackInput,
        access: ({ StackName }, { caller, region }) => ({
          action: "cloudformation:GetTemplate",
          resource: stackArn(caller.account, region, StackName),
        }),
        run: ({ input: { StackName }, caller, region }) => ({
          TemplateBody: JSON.stringify(find(caller.account, region, StackName).template),
        }),
      }),
      ListStackInstances: operation({
        input: z.object({ StackSetName: z.string() }),
        access: ({ StackSetName }, { caller, region }) => ({
          action: "cloudformation:ListStackInstances",
          resource: `arn:aws:cloudformation:${region}:${caller.account}:stackset/${StackSetName}:*`,
        }),
        run: ({ input: { StackSetName } }) => {
          const instances = [...stacks.values()].filter(({ stackName }) => stackName === `StackSet-${StackSetName}`);
          if (instances.length === 0)
            throw new ServiceError("StackSetNotFoundException", `StackSet ${StackSetName} not found`, 404);
          const member = instances.map(({ environment }) => ({
            Account: environment.account,
            Region: environment.region,
            Status: "CURRENT",
            StackInstanceStatus: { DetailedStatus: "SUCCEEDED" },
          }));
          return { Summaries: { member } };
        },
      }),
    },
    deploy: (stack) => {
      const { account, region } = stack.environment;
      stacks.set(place(account, region, stack.stackName), stack);
    },
  };
}
