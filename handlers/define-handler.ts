import type { z } from "zod";
import { S3Store } from "./archive/s3-store";
import type { ArchiveStore } from "./archive/store";
import { isThrottled, type RetrySource } from "./clients/retries";
import type { Clock } from "./clock";
import { type ArchiveEnvironment, parseEnvironment, parseEvent } from "./contract/environment";
import { embeddedMetrics, type MetricName } from "./contract/metrics";
import type { Handler, Invocation, Runtime } from "./runtime";

/** What every handler works with, besides its event. */
export interface Tools<Environment extends ArchiveEnvironment> {
  readonly environment: Environment;
  readonly region: string;
  readonly archive: ArchiveStore;
  /** Another bucket, of any account and Region, to which digests are copied. */
  readonly openBucket: (bucket: string) => ArchiveStore;
  readonly clock: Clock;
  /** What the clients' retries wait with. */
  readonly source: RetrySource;
  readonly invocation: Invocation;
  /** Writes a line to the function's log as it is. */
  readonly print: Runtime["print"];
  /** Gives CloudWatch values of metrics, and Logs Insights what is said with them. */
  readonly emit: (
    values: Readonly<Partial<Record<MetricName, number>>>,
    said: Readonly<Record<string, string>>,
  ) => void;
}

export interface HandlerDefinition<Event, Environment extends ArchiveEnvironment, Output> {
  readonly event: z.ZodType<Event>;
  readonly environment: z.ZodType<Environment>;
  readonly run: (event: Event, tools: Tools<Environment>) => Promise<Output>;
}

/**
 * Declares a handler: what it takes, what its environment holds, and the function that it calls. Both are parsed here.
 * @throws {InvalidInput} from the handler, when the event or the environment is not what it takes.
 */
export function defineHandler<Event, Environment extends ArchiveEnvironment, Output>(
  definition: HandlerDefinition<Event, Environment, Output>,
): (runtime: Runtime) => Handler {
  return (runtime) => async (event, invocation) => {
    const environment = parseEnvironment(definition.environment, runtime.environment);
    const input = parseEvent(definition.event, event);
    const { clock, random, print } = runtime;
    const region = environment.AWS_REGION;
    const retried = { RetriedCalls: 0, ThrottledCalls: 0 };
    const onRetry = (error: Error) => {
      retried.RetriedCalls += 1;
      if (isThrottled(error)) retried.ThrottledCalls += 1;
    };
    const source = { clock, random, onRetry };
    const emit: Tools<Environment>["emit"] = (values, said) =>
      print(JSON.stringify(embeddedMetrics(region, clock.now(), values, said)));
    const bucket = environment.ARCHIVE_BUCKET;
    const storage = { region, source, environment: runtime.environment };
    const archive = new S3Store({ bucket, ...storage });
    const openBucket = (name: string) => new S3Store({ bucket: name, ...storage, isElsewhere: true });
    try {
      return await definition.run(input, {
        environment,
        region,
        archive,
        openBucket,
        clock,
        source,
        invocation,
        print,
        emit,
      });
    } finally {
      if (retried.RetriedCalls > 0) emit(retried, {});
    }
  };
}
