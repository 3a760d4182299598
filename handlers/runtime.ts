import type { Context } from "aws-lambda";
import { type Clock, systemClock } from "./clock";

/** What a handler takes from the outside besides its event. Everything that is not pure goes through here. */
export interface Runtime {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  /** Writes a line to the function's log as it is. */
  readonly print: (line: string) => void;
}

/** The part of Lambda's context that the handlers use. */
export type Invocation = Pick<Context, "awsRequestId" | "getRemainingTimeInMillis">;

export type Handler = (event: unknown, invocation: Invocation) => Promise<unknown>;

/** The runtime in which Lambda starts a handler. */
export const lambdaRuntime: Runtime = {
  environment: process.env,
  clock: systemClock,
  random: Math.random,
  // Lambda's console would put a time stamp before the line, and CloudWatch reads metrics only from a line that is all JSON.
  print: (line) => process.stdout.write(`${line}\n`),
};
