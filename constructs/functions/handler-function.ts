import type { Duration, Size } from "aws-cdk-lib";
import { type PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { Architecture, Function as LambdaFunction, Runtime } from "aws-cdk-lib/aws-lambda";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";
import { type FunctionName, functionRoleName } from "../names";
import { handlerCode } from "./handler-code";

export interface HandlerFunctionProps {
  readonly functionName: FunctionName;
  readonly region: string;
  readonly description: string;
  readonly timeout: Duration;
  readonly memory: Size;
  readonly environment: Readonly<Record<string, string>>;
  readonly permissions: readonly PolicyStatement[];
  readonly logKey: IKey;
}

/** A handler of `handlers/<functionName>/` as a Lambda function with a role and a log group of its own. */
export class HandlerFunction extends Construct {
  readonly function: LambdaFunction;
  readonly timeout: Duration;
  readonly logGroup: LogGroup;

  constructor(scope: Construct, id: string, props: HandlerFunctionProps) {
    super(scope, id);
    this.timeout = props.timeout;
    this.logGroup = new LogGroup(this, "Log", { retention: RetentionDays.ONE_YEAR, encryptionKey: props.logKey });
    const role = new Role(this, "Role", {
      roleName: functionRoleName(props.functionName, props.region),
      description: props.description,
      assumedBy: new ServicePrincipal("lambda.amazonaws.com"),
    });
    this.logGroup.grantWrite(role);
    for (const statement of props.permissions) role.addToPolicy(statement);
    this.function = new LambdaFunction(this, "Function", {
      description: props.description,
      code: handlerCode(this, props.functionName),
      handler: "index.handler",
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: props.memory.toMebibytes(),
      timeout: props.timeout,
      role,
      logGroup: this.logGroup,
      environment: { ...props.environment },
    });
  }
}
