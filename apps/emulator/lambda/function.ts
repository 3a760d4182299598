import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Transport } from "../service/transport";
import type { Credentials } from "../services/iam/iam";
import { ActorTimedOut, type VirtualClock } from "../world/clock";
import type { Latencies } from "../world/latencies";
import { seededFraction, seededUuid } from "../world/seeded";
import { InstanceLost, LambdaFailure } from "./errors";
import { compileHandler, type HandlerCode, Instance } from "./instance";

/** As the template says. https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-function.html */
export interface FunctionConfiguration {
  readonly functionName: string;
  readonly functionArn: string;
  readonly region: string;
  /** `<file>.<export>` */
  readonly handler: string;
  /** The unpacked asset. */
  readonly directory: string;
  readonly timeoutSeconds: number;
  readonly memorySize: number;
  readonly environment: Readonly<Record<string, string>>;
}

/** What is to become of an invocation: its process can die before it, after it, or after so many requests in it. */
export type Fate = "die-before" | "die-after" | { readonly dieAfterRequests: number };
export type OnInvoke = (functionName: string, event: unknown) => Fate | undefined;

export interface LambdaOptions {
  readonly clock: VirtualClock;
  readonly seed: number;
  readonly transport: Transport;
  /** Those of the function's role. */
  readonly credentials: () => Credentials;
  readonly latencies?: Pick<Latencies, "warmStart" | "coldStart">;
  readonly onInvoke?: OnInvoke | undefined;
}

export interface LogLine {
  readonly at: number;
  readonly requestId: string;
  readonly level: string;
  readonly line: string;
}

/** Request and response of a synchronous invocation. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const maxPayloadBytes = 6_291_556;

/** A deployed function: its idle instances are used again, the latest first, and new ones are started as needed. */
export class LambdaFunction {
  /** What the function's console wrote. */
  readonly log: LogLine[] = [];
  /** What is billed: the clock's time spent in invocations, cold starts included. */
  milliseconds = 0;
  private readonly idle: Instance[] = [];
  private code: HandlerCode | undefined;
  private invocations = 0;
  private instances = 0;

  constructor(
    readonly configuration: FunctionConfiguration,
    private readonly options: LambdaOptions,
  ) {}

  /**
   * A synchronous invocation with a JSON event, to a JSON result.
   * @throws {LambdaFailure} with the error that Lambda reports
   */
  async invoke(event: unknown): Promise<unknown> {
    const { functionName, functionArn, timeoutSeconds } = this.configuration;
    const { clock, seed, onInvoke, latencies = {} } = this.options;
    const payload = JSON.stringify(event) ?? "null";
    if (Buffer.byteLength(payload) > maxPayloadBytes)
      throw new LambdaFailure("Lambda.RequestTooLargeException", `Request must be at most ${maxPayloadBytes} bytes`);
    this.invocations += 1;
    const requestId = seededUuid(seed, functionArn, this.invocations);
    const fate = onInvoke?.(functionName, event);
    if (fate === "die-before") throw killed(requestId);

    const idle = this.idle.pop();
    if (idle === undefined) this.milliseconds += latencies.coldStart ?? 0;
    await clock.pause(idle === undefined ? latencies.coldStart : latencies.warmStart);
    const started = clock.now();
    try {
      const result = await clock.run(() => this.handle(idle ?? this.start(), payload, requestId, fate), {
        timeoutMilliseconds: timeoutSeconds * 1000,
      });
      if (Buffer.byteLength(result) > maxPayloadBytes)
        throw new LambdaFailure(
          "Function.ResponseSizeTooLarge",
          `Response payload size exceeded maximum allowed payload size (${maxPayloadBytes} bytes).`,
        );
      return JSON.parse(result);
    } catch (error) {
      if (!(error instanceof ActorTimedOut)) throw error;
      const message = `RequestId: ${requestId} Error: Task timed out after ${timeoutSeconds.toFixed(2)} seconds`;
      throw new LambdaFailure("Sandbox.Timedout", message, [], { cause: error });
    } finally {
      this.milliseconds += clock.now() - started;
    }
  }

  private async handle(
    instance: Instance,
    event: string,
    requestId: string,
    fate: Exclude<Fate, "die-before"> | undefined,
  ) {
    const environment = this.environment();
    const context = this.context(requestId);
    this.requestIds.set(instance, requestId);
    const dying = typeof fate === "object" ? fate : {};
    try {
      const result = await instance.handle({ event, context, environment, ...dying });
      if (fate === "die-after") throw killed(requestId);
      this.idle.push(instance);
      return result;
    } catch (error) {
      if (error instanceof LambdaFailure && !(error instanceof InstanceLost)) this.idle.push(instance);
      throw error;
    }
  }

  private readonly requestIds = new WeakMap<Instance, string>();

  private start(): Instance {
    const { clock, seed, transport } = this.options;
    this.code ??= this.readCode();
    this.instances += 1;
    const number = this.instances;
    let drawn = 0;
    const instance: Instance = new Instance({
      code: this.code,
      now: () => clock.now(),
      random: () => seededFraction(seed, this.configuration.functionArn, number, drawn++),
      sleep: (milliseconds) => clock.sleep(milliseconds),
      request: () => clock.request(),
      exchange: transport.exchange,
      log: (level, line) => {
        this.log.push({ at: clock.now(), requestId: this.requestIds.get(instance) ?? "", level, line });
      },
    });
    return instance;
  }

  private readCode(): HandlerCode {
    const { handler, directory } = this.configuration;
    const [, file, name] = /^([^.]+)\.([^.]+)$/.exec(handler) ?? [];
    if (!file || !name) throw new InstanceLost("Runtime.MalformedHandlerName", "Bad handler");
    const path = [".js", ".cjs"]
      .map((extension) => join(directory, file + extension))
      .find((found) => existsSync(found));
    if (!path) throw new InstanceLost("Runtime.ImportModuleError", `Error: Cannot find module '${file}'`);
    return compileHandler(readFileSync(path, "utf8"), path, name);
  }

  /** https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html */
  private environment(): Record<string, string> {
    const { functionName, region, handler, memorySize, environment } = this.configuration;
    const { accessKeyId, secretAccessKey, sessionToken } = this.options.credentials();
    return {
      ...environment,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_DEFAULT_REGION: region,
      AWS_ENDPOINT_URL: this.options.transport.endpoint,
      AWS_EXECUTION_ENV: "AWS_Lambda_nodejs20.x",
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memorySize),
      AWS_LAMBDA_FUNCTION_NAME: functionName,
      AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
      AWS_REGION: region,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_SESSION_TOKEN: sessionToken,
      LAMBDA_TASK_ROOT: "/var/task",
      TZ: ":UTC",
      _HANDLER: handler,
    };
  }

  /** https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html */
  private context(awsRequestId: string): object {
    const { functionName, functionArn, memorySize, timeoutSeconds } = this.configuration;
    const { clock } = this.options;
    const deadline = clock.now() + timeoutSeconds * 1000;
    return {
      awsRequestId,
      callbackWaitsForEmptyEventLoop: true,
      functionName,
      functionVersion: "$LATEST",
      getRemainingTimeInMillis: () => deadline - clock.now(),
      invokedFunctionArn: functionArn,
      logGroupName: `/aws/lambda/${functionName}`,
      logStreamName: `[$LATEST]${awsRequestId}`,
      memoryLimitInMB: String(memorySize),
    };
  }
}

function killed(requestId: string): InstanceLost {
  return new InstanceLost(
    "Runtime.ExitError",
    `RequestId: ${requestId} Error: Runtime exited with error: signal: killed`,
  );
}
