import type { Template } from "./synthesise";
import { resources } from "./synthesise";

export interface Statement {
  readonly Sid?: string;
  readonly Effect: "Allow" | "Deny";
  readonly Action: string | string[];
  readonly Resource: unknown;
  readonly Condition?: Record<string, Record<string, unknown>>;
}

const list = (value: unknown): string[] => [value].flat().map(String);

/** IAM's own wildcards. */
function matches(pattern: string, value: string): boolean {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${escaped.replaceAll("*", ".*").replaceAll("?", ".")}$`).test(value);
}

/** Whether some statement with this effect is about the request; conditions are left to the tests. */
export function about(statements: readonly Statement[], effect: "Allow" | "Deny", action: string, resource: string) {
  return statements.filter(
    (statement) =>
      statement.Effect === effect &&
      list(statement.Action).some((pattern) => matches(pattern, action)) &&
      list(statement.Resource).some((pattern) => matches(pattern, resource)),
  );
}

/** The statements that are attached to the role of a name. */
export function statementsOf(template: Template | undefined, roleName: string): Statement[] {
  const roles = Object.entries(template?.Resources ?? {}).filter(
    ([, { Properties }]) => Properties.RoleName === roleName,
  );
  const ids = roles.map(([id]) => id);
  return resources(template, "AWS::IAM::Policy")
    .map((policy) => policy.Properties as { Roles: { Ref: string }[]; PolicyDocument: { Statement: Statement[] } })
    .filter((policy) => policy.Roles.some(({ Ref }) => ids.includes(Ref)))
    .flatMap((policy) => policy.PolicyDocument.Statement);
}
