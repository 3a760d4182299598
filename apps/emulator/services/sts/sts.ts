import type { AssumeRoleResponse, GetCallerIdentityResponse } from "@aws-sdk/client-sts";
import { z } from "zod";
import { awsQuery } from "../../protocols/aws-query";
import { callerContext } from "../../service/condition-keys";
import { ServiceError, stsErrors } from "../../service/errors";
import { operation, type Service } from "../../service/service";
import type { World } from "../../world/world";
import { type Iam, type Role, sessionOf } from "../iam/iam";
import { trusts } from "../iam/trust-policy";

const hour = 3600;

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
const AssumeRole = z.object({
  RoleArn: z.string().min(20),
  RoleSessionName: z
    .string()
    .min(2)
    .max(64)
    .regex(/^[\w+=,.@-]*$/),
  DurationSeconds: z.coerce.number().int().min(900).max(43_200).default(hour),
  ExternalId: z
    .string()
    .min(2)
    .max(1224)
    .regex(/^[\w+=,.@:/-]*$/)
    .optional(),
  Policy: z.string().min(1).max(2048).optional(),
});

export function sts(world: World, iam: Iam): Service {
  const usable = new Set(
    world.accounts.filter(({ state }) => state === "ACTIVE" || state === "PENDING_CLOSURE").map(({ id }) => id),
  );

  function assumable(arn: string): Role | undefined {
    const role = iam.role(arn);
    return role !== undefined && usable.has(role.account) ? role : undefined;
  }

  return {
    protocol: awsQuery,
    errors: stsErrors,
    operations: {
      AssumeRole: operation({
        input: AssumeRole,
        access: (input) => ({
          action: "sts:AssumeRole",
          resource: input.RoleArn,
          context: {
            "sts:RoleSessionName": input.RoleSessionName,
            ...(input.ExternalId !== undefined && { "sts:ExternalId": input.ExternalId }),
          },
        }),
        run: ({ input, caller, now }): AssumeRoleResponse => {
          if (input.Policy !== undefined) requireJson(input.Policy);
          const role = assumable(input.RoleArn);
          const context = {
            ...callerContext(world, caller),
            "sts:RoleSessionName": input.RoleSessionName,
            ...(input.ExternalId !== undefined && { "sts:ExternalId": input.ExternalId }),
          };
          // A role that does not exist is answered like one that does not trust: its existence is not disclosed.
          if (role === undefined || !trusts(role.trustPolicy, caller, context)) {
            const message = `User: ${caller.arn} is not authorized to perform: sts:AssumeRole on resource: ${input.RoleArn}`;
            throw stsErrors.denied(message);
          }
          if (caller.kind === "session" && input.DurationSeconds > hour) {
            throw stsErrors.invalid(
              "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining",
            );
          }
          const session = sessionOf(role, input.RoleSessionName, input.Policy);
          const expiresAt = now + input.DurationSeconds * 1000;
          const credentials = iam.issue(session, expiresAt);
          return {
            Credentials: {
              AccessKeyId: credentials.accessKeyId,
              SecretAccessKey: credentials.secretAccessKey,
              SessionToken: credentials.sessionToken,
              Expiration: new Date(expiresAt),
            },
            AssumedRoleUser: { AssumedRoleId: `AROA:${input.RoleSessionName}`, Arn: session.arn },
          };
        },
      }),
      GetCallerIdentity: operation({
        input: z.object({}),
        run: ({ caller }): GetCallerIdentityResponse => ({
          Account: caller.account,
          Arn: caller.arn,
          UserId: caller.account,
        }),
      }),
    },
  };
}

function requireJson(policy: string): void {
  try {
    JSON.parse(policy);
  } catch (cause) {
    throw new ServiceError("MalformedPolicyDocument", "Syntax errors in policy.", 400, {}, { cause });
  }
}
