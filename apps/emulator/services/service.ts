import type { z } from "zod";
import type { Access, Caller, ExportTaskFault, Principal } from "./calls";
import type { CommonErrors } from "./errors";
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
  /** The right that the caller must have; an operation that everybody may call has none. */
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

export interface Service {
  readonly operations: Readonly<Record<string, Operation>>;
  readonly errors: CommonErrors;
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
