import { z } from "zod";
import { accountOf, rootArn } from "../../service/arn";
import type { Caller, Context } from "../../service/calls";
import { arnLike, like } from "../../service/wildcards";

const strings = z
  .union([z.string(), z.array(z.string())])
  .transform((value) => (Array.isArray(value) ? value : [value]));

const Condition = z.record(z.string(), z.record(z.string(), strings));

const Statement = z.object({
  Effect: z.enum(["Allow", "Deny"]),
  Principal: z.union([z.literal("*"), z.record(z.string(), strings)]),
  Action: strings,
  Condition: Condition.default({}),
});

/** A role's trust policy: who may assume it. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html */
export const TrustPolicy = z.object({
  Version: z.string().optional(),
  Statement: z.union([Statement, z.array(Statement)]).transform((value) => (Array.isArray(value) ? value : [value])),
});
export type TrustPolicy = z.infer<typeof TrustPolicy>;

type Statement = z.infer<typeof Statement>;

/** Whether the policy lets a caller do `sts:AssumeRole`; a Deny that matches wins. */
export function trusts(policy: TrustPolicy, caller: Caller, context: Context): boolean {
  const matching = policy.Statement.filter((statement) => matches(statement, caller, context));
  return matching.some(({ Effect }) => Effect === "Allow") && !matching.some(({ Effect }) => Effect === "Deny");
}

function matches(statement: Statement, caller: Caller, context: Context): boolean {
  return (
    statement.Action.some((action) => like("sts:assumerole", action.toLowerCase())) &&
    namesCaller(statement.Principal, caller) &&
    Object.entries(statement.Condition).every(([operator, keys]) =>
      Object.entries(keys).every(([key, values]) => holds(operator, lookUp(context, key), values)),
    )
  );
}

function namesCaller(principal: Statement["Principal"], caller: Caller): boolean {
  if (principal === "*") return true;
  return (principal.AWS ?? []).some((named) => {
    if (named === "*" || named === caller.arn || named === caller.account) return true;
    if (named === rootArn(caller.account)) return accountOf(named) === caller.account;
    return caller.kind === "session" && named === caller.roleArn;
  });
}

/** Condition keys are not case-sensitive. */
function lookUp(context: Context, key: string): readonly string[] {
  const name = Object.keys(context).find((candidate) => candidate.toLowerCase() === key.toLowerCase());
  const value = name === undefined ? [] : (context[name] ?? []);
  return typeof value === "string" ? [value] : value;
}

type Test = (value: string, pattern: string) => boolean;

const tests: Readonly<Record<string, Test>> = {
  StringEquals: (value, pattern) => value === pattern,
  StringEqualsIgnoreCase: (value, pattern) => value.toLowerCase() === pattern.toLowerCase(),
  StringLike: like,
  ArnEquals: arnLike,
  ArnLike: arnLike,
  Bool: (value, pattern) => value.toLowerCase() === pattern.toLowerCase(),
};

/** @throws {Error} for an operator that is not known here: silence would pass for a decision. */
function holds(operator: string, values: readonly string[], patterns: readonly string[]): boolean {
  const ifExists = operator.endsWith("IfExists");
  const name = operator.replace(/^ForAnyValue:/, "").replace(/IfExists$/, "");
  const positive = name.replace(/^(String|Arn)Not/, "$1");
  const test = tests[positive];
  if (test === undefined) throw new Error(`The condition operator ${operator} is not supported in a trust policy`);
  if (values.length === 0) return ifExists || positive !== name;
  const found = values.some((value) => patterns.some((pattern) => test(value, pattern)));
  return positive === name ? found : !found;
}
