import { z } from "zod";
import type { Environment } from "../cloudformation/environment";
import { NotDeployable } from "../cloudformation/errors";
import { resourcesOf, type Stack } from "../cloudformation/stack";
import { LambdaFailure } from "../lambda/errors";
import { LambdaFunction, type LambdaOptions } from "../lambda/function";
import type { Iam } from "../services/iam/iam";
import { requireTrust } from "../services/iam/roles";
import { StateFailure } from "../states/failure";
import type { InvokeTask } from "../states/task";

/** Lambda sets these itself and refuses them. https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html */
const reserved =
  /^(AWS_(REGION|DEFAULT_REGION|ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN|EXECUTION_ENV|LAMBDA_\w+)|_HANDLER|LAMBDA_\w+)$/;

const FunctionProperties = z.object({
  Code: z.object({ S3Key: z.string() }),
  Handler: z.string(),
  Runtime: z.string().startsWith("nodejs"),
  Role: z.string(),
  Timeout: z.number().default(3),
  MemorySize: z.number().default(128),
  Environment: z.object({ Variables: z.record(z.string(), z.string()).default({}) }).optional(),
});

export interface FunctionPorts extends Omit<LambdaOptions, "credentials"> {
  readonly iam: Iam;
}

/** A stack's functions. `assets` are folders by S3 key. */
export function createFunctions(
  stack: Stack,
  assets: ReadonlyMap<string, string>,
  { iam, ...options }: FunctionPorts,
): LambdaFunction[] {
  return [...resourcesOf(stack, "AWS::Lambda::Function", FunctionProperties)].map(
    ({ ref, attributes, logicalId, read }) => {
      const directory = assets.get(read.Code.S3Key);
      if (!directory)
        throw new NotDeployable(`${stack.stackName}: the assembly has no asset for function ${logicalId}`);
      const environment = read.Environment?.Variables ?? {};
      const forbidden = Object.keys(environment).find((name) => reserved.test(name));
      if (forbidden)
        throw new NotDeployable(`${stack.stackName}: function ${logicalId} sets ${forbidden}, which is reserved`);
      requireTrust(iam, read.Role, "lambda.amazonaws.com", `Function ${ref}`);
      const configuration = {
        functionName: ref,
        functionArn: attributes.Arn ?? "",
        region: stack.environment.region,
        handler: read.Handler,
        directory,
        timeoutSeconds: read.Timeout,
        memorySize: read.MemorySize,
        environment,
      };
      const credentials = () => iam.issueCredentials(read.Role, ref);
      return new LambdaFunction(configuration, { ...options, credentials });
    },
  );
}

/** Finds a function by its ARN, with or without a version, or by its name if no other Region has one of that name. */
export function findFunction(functions: readonly LambdaFunction[], nameOrArn: string): LambdaFunction | undefined {
  const unqualified = nameOrArn.replace(/:\$LATEST$/, "");
  const [found, another] = functions.filter(
    ({ configuration: { functionArn, functionName } }) => functionArn === unqualified || functionName === unqualified,
  );
  return another ? undefined : found;
}

/** How the state machines of an account and Region invoke functions: those of the same Region. */
export function taskInvoker(functions: readonly LambdaFunction[], { account, region }: Environment): InvokeTask {
  const here = functions.filter(({ configuration }) => configuration.functionArn.includes(`:${region}:${account}:`));
  return async ({ functionName, payload }) => {
    const found = findFunction(here, functionName);
    if (!found) throw new StateFailure("Lambda.ResourceNotFoundException", `Function not found: ${functionName}`);
    try {
      return await found.invoke(payload);
    } catch (error) {
      if (!(error instanceof LambdaFailure)) throw error;
      throw new StateFailure(error.errorType, JSON.stringify(error.payload), { cause: error });
    }
  };
}
