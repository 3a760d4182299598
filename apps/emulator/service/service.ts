import type { z } from "zod";
import type { Stack } from "../cloudformation/stack";
import type { Access, Caller, ExportTaskFault, Principal } from "./calls";
import type { CommonErrors } from "./errors";
import type { Protocol } from "./protocol";
import type { Limit } from "./throttle";

/** What an operation is given. */
export interface Request<I> {
  readonly input: I;
  readonly caller: Caller;
  readonly region: string;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly fault?: ExportTaskFault;
  /** Asks IAM for one right more: the reason for a denial, or undefined. `as` is the caller, if absent. */
  readonly denial: (access: Access, as?: Principal) => Promise<string | undefined>;
}

export interface OperationDefinition<I> {
  readonly input: z.ZodType<I>;
  /** The right that the caller must have; an operation that every caller may use has none. */
  readonly access?: (input: I, request: { caller: Caller; region: string }) => Access;
  readonly limits?: readonly Limit[];
  readonly run: (request: Request<I>) => object | Promise<object>;
}

/** An operation whose input has been read. */
export interface PreparedOperation {
  readonly access: Access | undefined;
  readonly run: (request: Omit<Request<never>, "input">) => object | Promise<object>;
}

export interface Operation {
  readonly limits: readonly Limit[];
  /** @throws {z.ZodError} */
  readonly prepare: (input: unknown, request: { caller: Caller; region: string }) => PreparedOperation;
}

/** What each folder of `services` is to the rest: a service of AWS, for all accounts and Regions. */
export interface Service {
  /** How its requests and answers look on the wire. */
  readonly protocol: Protocol;
  readonly operations: Readonly<Record<string, Operation>>;
  readonly errors: CommonErrors;
  /** Creates the resources of this service that a stack declares. @throws {NotDeployable} */
  readonly deploy?: (stack: Stack) => void;
  /** Brings what goes on by itself to a time, in epoch milliseconds. */
  readonly catchUp?: (now: number) => void;
  /** Brings the service's files up to date. */
  readonly flush?: () => void;
}

export function operation<I>(definition: OperationDefinition<I>): Operation {
  return {
    limits: definition.limits ?? [],
    prepare: (raw, context) => {
      const input = definition.input.parse(raw);
      return {
        access: definition.access?.(input, context),
        run: (request) => definition.run({ ...request, input }),
      };
    },
  };
}
