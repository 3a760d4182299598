import { z } from "zod";
import { NotDeployable } from "../../cloudformation/errors";
import { resourcesOf, type Stack } from "../../cloudformation/stack";
import type { Iam } from "./iam";

const InlinePolicy = z.object({ PolicyName: z.string(), PolicyDocument: z.unknown() });
const Role = z.object({
  AssumeRolePolicyDocument: z.unknown(),
  Policies: z.array(InlinePolicy).default([]),
  ManagedPolicyArns: z.array(z.string()).default([]),
});
const Policy = InlinePolicy.extend({ Roles: z.array(z.string()).default([]) });
const ManagedPolicy = z.object({ PolicyDocument: z.unknown(), Roles: z.array(z.string()).default([]) });

/** Creates a stack's roles, or replaces those that it has, with all policies that it attaches to them. Policies that AWS manages give nothing here. */
export function createRoles(stack: Stack, iam: Iam): void {
  const { account, region } = stack.environment;
  const owner = `${stack.stackName} in ${region}`;
  const inline = [...resourcesOf(stack, "AWS::IAM::Policy", Policy)];
  const managed = [...resourcesOf(stack, "AWS::IAM::ManagedPolicy", ManagedPolicy)];
  for (const { ref: name, attributes, read } of resourcesOf(stack, "AWS::IAM::Role", Role)) {
    const existing = iam.role(attributes.Arn ?? "");
    if (existing && existing.owner !== owner)
      throw new NotDeployable(
        `${stack.stackName}: role ${name} already exists in account ${account}; roles have no Region`,
      );
    const attached = [
      ...read.Policies,
      ...inline.filter((policy) => policy.read.Roles.includes(name)).map((policy) => policy.read),
      ...managed
        .filter(({ ref, read: policy }) => policy.Roles.includes(name) || read.ManagedPolicyArns.includes(ref))
        .map((policy) => policy.read),
    ];
    iam.createRole({
      account,
      name,
      owner,
      trustPolicy: read.AssumeRolePolicyDocument,
      policies: attached.map(({ PolicyDocument }) => PolicyDocument),
    });
  }
}

/** @throws {NotDeployable} unless the role exists and lets the service (`lambda.amazonaws.com`) assume it */
export function requireTrust(iam: Iam, roleArn: string, service: string, user: string): void {
  const role = iam.role(roleArn);
  if (role === undefined) throw new NotDeployable(`${user} has a role that does not exist: ${roleArn}`);
  const trusted = role.trustPolicy.Statement.some(
    ({ Effect, Principal }) => Effect === "Allow" && Principal !== "*" && Principal.Service?.includes(service),
  );
  if (!trusted) throw new NotDeployable(`${user} has a role that does not trust ${service}: ${roleArn}`);
}
