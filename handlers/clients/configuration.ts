/** Temporary credentials of a session. */
export interface SessionCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

/** What every SDK client is made from. Endpoints come from the environment (`AWS_ENDPOINT_URL`), as the SDK reads it. */
export interface ClientConfiguration {
  /** Absent: the environment's, or the shared configuration file's. */
  readonly region?: string;
  readonly maxAttempts: 1;
  /** These concern time-outs and retries, which are ours: the SDK need not look for them in the environment and its files. */
  readonly defaultsMode: "standard";
  readonly retryMode: "standard";
  /** The SDK puts a call's steps together once for each operation, which is a third of its CPU time. */
  readonly cacheMiddleware: true;
  /** Absent: the environment's, that is the Lambda's own role. */
  readonly credentials?: SessionCredentials;
  readonly requestHandler: {
    readonly connectionTimeout: number;
    readonly requestTimeout: number;
    /** Without it the SDK only warns of a request that takes too long, and goes on waiting. */
    readonly throwOnRequestTimeout: true;
  };
}

/** A configuration without the SDK's own retries: `withRetries` carries them, on the injected clock. */
export function clientConfiguration(region: string | undefined, credentials?: SessionCredentials): ClientConfiguration {
  return {
    ...(region === undefined ? {} : { region }),
    maxAttempts: 1,
    defaultsMode: "standard",
    retryMode: "standard",
    cacheMiddleware: true,
    requestHandler: { connectionTimeout: 5_000, requestTimeout: 30_000, throwOnRequestTimeout: true },
    ...(credentials ? { credentials } : {}),
  };
}
