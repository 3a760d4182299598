import { z } from "zod";
import type { CloudPorts } from "../ports";
import { NotDeployable } from "../template/errors";
import { resourcesOf, type Stack } from "./stack";

const InlinePolicy = z.object({ PolicyName: z.string(), PolicyDocument: z.unknown() });
const Role = z.object({
  AssumeRolePolicyDocument: z.unknown(),
  Policies: z.array(InlinePolicy).default([]),
  ManagedPolicyArns: z.array(z.string()).default([]),
});
const Policy = InlinePolicy.extend({ Roles: z.array(z.string()).default([]) });
const ManagedPolicy = z.object({ PolicyDocument: z.unknown(), Roles: z.array(z.string()).default([]) });

const Trust = z.object({
  Statement: z.array(
    z.object({
      Effect: z.string(),
      Principal: z
        .object({
          Service: z.union([z.string(), z.array(z.string())]).optional(),
        })
        .optional()
        .catch(undefined),
    }),
  ),
});

/** The roles that stacks have created. */
export class Roles {
  private readonly trust = new Map<string, unknown>();

  constructor(private readonly cloud: CloudPorts) {}

  /** Creates a stack's roles with all policies that it attaches to them. Policies that AWS manages give nothing here. */
  create(stack: Stack): void {
    const { account } = stack.environment;
    const inline = [...resourcesOf(stack, "AWS::IAM::Policy", Policy)];
    const managed = [...resourcesOf(stack, "AWS::IAM::ManagedPolicy", ManagedPolicy)];
    for (const { ref: name, attributes, read } of resourcesOf(stack, "AWS::IAM::Role", Role)) {
      const arn = attributes.Arn ?? "";
      if (this.trust.has(arn))
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
      this.cloud.iam.createRole({
        account,
        name,
        trustPolicy: read.AssumeRolePolicyDocument,
        policies: attached.map(({ PolicyDocument }) => PolicyDocument),
      });
      this.trust.set(arn, read.AssumeRolePolicyDocument);
    }
  }

  /** @throws {NotDeployable} unless the role exists and lets the service (`lambda.amazonaws.com`) assume it */
  check(roleArn: string, service: string, user: string): void {
    const trust = this.trust.get(roleArn);
    if (trust === undefined) throw new NotDeployable(`${user} has a role that does not exist: ${roleArn}`);
    const { Statement } = Trust.parse(trust);
    const trusted = Statement.some(
      ({ Effect, Principal }) => Effect === "Allow" && [Principal?.Service ?? []].flat().includes(service),
    );
    if (!trusted) throw new NotDeployable(`${user} has a role that does not trust ${service}: ${roleArn}`);
  }
}
