import jsonata from "jsonata";
import { z } from "zod";
import { StateFailure } from "./failure";
import { type FunctionSources, stepFunctions } from "./functions";

const compiled = new Map<string, jsonata.Expression>();

/** Whether a string of a definition is an expression: it is between `{%` and `%}`. */
export function isExpression(text: string): boolean {
  return text.startsWith("{%") && text.endsWith("%}");
}

/** The compiled form of `{% ... %}`. @throws what JSONata throws for wrong syntax */
export function compileExpression(text: string): jsonata.Expression {
  const known = compiled.get(text);
  if (known) return known;
  const expression = jsonata(text.slice(2, -2).trim());
  compiled.set(text, expression);
  return expression;
}

/** Names and values that an expression sees, without their `$`. */
export type Bindings = Readonly<Record<string, unknown>>;

/** Evaluates what is between `{%` and `%}` in a value, at any depth. */
export class ExpressionEvaluator {
  private readonly functions: Bindings;

  constructor(sources: FunctionSources) {
    this.functions = stepFunctions(sources);
  }

  /** @throws {StateFailure} States.QueryEvaluationError, also for a result that is undefined or not JSON */
  async evaluate(template: unknown, bindings: Bindings, field: string): Promise<unknown> {
    if (typeof template === "string") return isExpression(template) ? this.result(template, bindings, field) : template;
    if (Array.isArray(template))
      return Promise.all(template.map((item, index) => this.evaluate(item, bindings, `${field}[${index}]`)));
    if (typeof template !== "object" || template === null) return template;
    const entries = Object.entries(template).map(async ([key, value]: [string, unknown]) => {
      return [key, await this.evaluate(value, bindings, `${field}/${key}`)];
    });
    return Object.fromEntries(await Promise.all(entries));
  }

  private async result(text: string, bindings: Bindings, field: string): Promise<unknown> {
    const subject = `The JSONata expression '${text.slice(2, -2).trim()}' specified for the field '${field}'`;
    let value: unknown;
    try {
      value = await compileExpression(text).evaluate(undefined, { ...this.functions, ...bindings });
    } catch (cause) {
      const { code, message } = Thrown.parse(cause);
      throw failure(`${subject} threw an error during evaluation. ${code ? `${code}: ` : ""}${message}`, cause);
    }
    if (value === undefined) throw failure(`${subject} returned nothing (undefined).`);
    const json = JSON.stringify(value);
    if (json === undefined) throw failure(`${subject} returned an unsupported result type.`);
    return JSON.parse(json);
  }
}

/** JSONata throws objects that are no errors. */
const Thrown = z.object({ code: z.string().optional(), message: z.string().default("") }).catch({ message: "" });

function failure(reason: string, cause?: unknown): StateFailure {
  return new StateFailure("States.QueryEvaluationError", reason, { cause });
}
