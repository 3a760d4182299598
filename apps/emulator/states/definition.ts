import { z } from "zod";

/**
 * The Amazon States Language as far as the interpreter runs it: JSONata, and nothing that it would have to ignore.
 * https://docs.aws.amazon.com/step-functions/latest/dg/concepts-amazon-states-language.html
 */

const jsonata = z.string().regex(/^\{%[\s\S]*%\}$/, "is neither a number nor a JSONata expression in {% %}");
const wholeNumber = z.union([z.int().nonnegative(), jsonata]);
const positive = z.union([z.int().positive(), jsonata]);
const queryLanguage = z.literal("JSONata").optional();
const comment = z.string().optional();
const assign = z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,79}$/), z.json()).optional();
const output = z.json().optional();
const next = { Next: z.string().optional(), End: z.literal(true).optional() };
const common = { Comment: comment, QueryLanguage: queryLanguage };

const Retrier = z.strictObject({
  Comment: comment,
  ErrorEquals: z.array(z.string()).min(1),
  IntervalSeconds: z.int().positive().default(1),
  MaxAttempts: z.int().nonnegative().default(3),
  BackoffRate: z.number().min(1).default(2),
  MaxDelaySeconds: z.int().positive().optional(),
  JitterStrategy: z.enum(["FULL", "NONE"]).default("NONE"),
});
export type Retrier = z.infer<typeof Retrier>;

const Catcher = z.strictObject({
  Comment: comment,
  ErrorEquals: z.array(z.string()).min(1),
  Next: z.string(),
  Output: output,
  Assign: assign,
});
export type Catcher = z.infer<typeof Catcher>;

const failing = { Retry: z.array(Retrier).default([]), Catch: z.array(Catcher).default([]) };

const Task = z.strictObject({
  Type: z.literal("Task"),
  ...common,
  ...next,
  ...failing,
  Resource: z.string(),
  Arguments: z.json().optional(),
  Output: output,
  Assign: assign,
  TimeoutSeconds: positive.optional(),
});
export type TaskState = z.infer<typeof Task>;

const Choice = z.strictObject({
  Type: z.literal("Choice"),
  ...common,
  Choices: z
    .array(z.strictObject({ Comment: comment, Condition: jsonata, Next: z.string(), Output: output, Assign: assign }))
    .min(1),
  Default: z.string().optional(),
  Output: output,
  Assign: assign,
});
export type ChoiceState = z.infer<typeof Choice>;

const Wait = z
  .strictObject({
    Type: z.literal("Wait"),
    ...common,
    ...next,
    Seconds: wholeNumber.optional(),
    Timestamp: z.string().optional(),
    Output: output,
    Assign: assign,
  })
  .refine(({ Seconds, Timestamp }) => (Seconds === undefined) !== (Timestamp === undefined), {
    error: "needs either Seconds or Timestamp",
  });
export type WaitState = z.infer<typeof Wait>;

const Pass = z.strictObject({ Type: z.literal("Pass"), ...common, ...next, Output: output, Assign: assign });
const Succeed = z.strictObject({ Type: z.literal("Succeed"), ...common, Output: output });
const Fail = z.strictObject({
  Type: z.literal("Fail"),
  ...common,
  Error: z.string().optional(),
  Cause: z.string().optional(),
});
export type FailState = z.infer<typeof Fail>;

const ItemProcessor = z.strictObject({
  Comment: comment,
  QueryLanguage: queryLanguage,
  ProcessorConfig: z
    .union([
      z.strictObject({ Mode: z.literal("INLINE") }),
      z.strictObject({ Mode: z.literal("DISTRIBUTED"), ExecutionType: z.literal("STANDARD") }),
    ])
    .default({ Mode: "INLINE" }),
  StartAt: z.string(),
  States: z.record(z.string(), z.unknown()),
});

const ItemReader = z.strictObject({
  Resource: z.string().regex(/^arn:aws[a-z-]*:states:::s3:getObject$/, "reads only objects: s3:getObject"),
  ReaderConfig: z.strictObject({ InputType: z.literal("JSON") }),
  Arguments: z.strictObject({ Bucket: z.string(), Key: z.string() }),
});
export type ItemReader = z.infer<typeof ItemReader>;

const MapSchema = z.strictObject({
  Type: z.literal("Map"),
  ...common,
  ...next,
  ...failing,
  Label: z.string().max(40).optional(),
  Items: z.union([jsonata, z.array(z.json())]).optional(),
  ItemReader: ItemReader.optional(),
  ItemSelector: z.json().optional(),
  ItemProcessor,
  MaxConcurrency: wholeNumber.default(0),
  ToleratedFailureCount: wholeNumber.optional(),
  ToleratedFailurePercentage: z.union([z.number().min(0).max(100), jsonata]).optional(),
  Output: output,
  Assign: assign,
});

export const State = z.discriminatedUnion("Type", [Task, Choice, Wait, Pass, Succeed, Fail, MapSchema]);

export const Definition = z.strictObject({
  Comment: comment,
  Version: z.literal("1.0").optional(),
  QueryLanguage: z.literal("JSONata"),
  StartAt: z.string(),
  States: z.record(z.string(), z.unknown()),
  TimeoutSeconds: z.int().positive().optional(),
});

export type MapState = Omit<z.infer<typeof MapSchema>, "ItemProcessor"> & {
  readonly distributed: boolean;
  readonly processor: Scope;
};
export type State = Exclude<z.infer<typeof State>, { Type: "Map" }> | MapState;

/** States that lead to each other, and share variables: those of the state machine, or of a Map. */
export interface Scope {
  readonly startAt: string;
  readonly states: ReadonlyMap<string, State>;
}

/** A definition that has been checked. */
export interface Program extends Scope {
  readonly timeoutSeconds: number | undefined;
}
