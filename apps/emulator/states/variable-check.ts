import { z } from "zod";
import type { Scope, State } from "./definition";
import { compileExpression, isExpression } from "./expressions";
import { stepFunctions } from "./functions";

/** JSONata's own. https://docs.jsonata.org/overview.html */
const jsonataFunctions = [
  ..."string length substring substringBefore substringAfter uppercase lowercase trim pad contains split join".split(
    " ",
  ),
  ..."match replace base64encode base64decode encodeUrlComponent encodeUrl decodeUrlComponent decodeUrl".split(" "),
  ..."number abs floor ceil round power sqrt random formatNumber formatBase formatInteger parseInteger".split(" "),
  ..."sum max min average boolean not exists count append sort reverse shuffle distinct zip keys lookup".split(" "),
  ..."spread merge sift each error assert type now millis fromMillis toMillis map filter single reduce clone".split(
    " ",
  ),
];
const { eval: _unsupported, ...added } = stepFunctions({ now: () => 0, random: () => 0, uuid: () => "" });
const known = new Set(["", "$", "states", ...jsonataFunctions, ...Object.keys(added)]);

/**
 * Step Functions checks when a state machine is created that expressions compileExpression, name variables and functions that exist,
 * and do not assign a variable of an outer scope. AWS does not exempt the child executions of a distributed Map from the
 * latter, although they cannot read such a variable. https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html
 */
export function checkVariables(program: Scope, refuse: (problem: string) => never): void {
  checkScope(program, { outer: new Set(), readable: new Set() }, refuse);
}

interface Surroundings {
  /** Every variable that a scope around this one assigns. */
  readonly outer: ReadonlySet<string>;
  /** Those of them that this scope can read. */
  readonly readable: ReadonlySet<string>;
}

function checkScope(scope: Scope, { outer, readable }: Surroundings, refuse: (problem: string) => never): void {
  const assigned = new Set([...scope.states.values()].flatMap((state) => [...assignments(state)]));
  for (const name of assigned) {
    if (outer.has(name)) refuse(`Variable '${name}' is assigned inside a Map and outside of it`);
    if (name === "states") refuse("'states' is reserved and cannot be assigned");
  }
  const taken = new Set([...outer, ...assigned]);
  const visible = new Set([...readable, ...assigned]);
  for (const [name, state] of scope.states) {
    const { processor, ...own } = { processor: undefined, ...state };
    for (const text of expressions(own)) {
      for (const used of variables(text, name, refuse)) {
        if (!known.has(used) && !visible.has(used)) refuse(`State '${name}': $${used} in '${text}' does not exist`);
      }
    }
    // A child execution reads no variables but its own.
    if (state.Type === "Map")
      checkScope(state.processor, { outer: taken, readable: state.distributed ? new Set() : visible }, refuse);
  }
}

function* assignments(state: State): Generator<string> {
  if ("Assign" in state) yield* Object.keys(state.Assign ?? {});
  const branches = "Choices" in state ? state.Choices : "Catch" in state ? state.Catch : [];
  for (const { Assign } of branches) yield* Object.keys(Assign ?? {});
}

function* expressions(value: unknown): Generator<string> {
  if (typeof value === "string" && isExpression(value)) yield value;
  if (typeof value !== "object" || value === null) return;
  for (const member of Object.values(value)) yield* expressions(member);
}

/** Variables and functions that an expression uses and does not define itself. */
function variables(text: string, state: string, refuse: (problem: string) => never): ReadonlySet<string> {
  const used = new Set<string>();
  const own = new Set<string>();
  try {
    visit(compileExpression(text).ast(), used, own);
  } catch (error) {
    const { message } = z.object({ message: z.string() }).catch({ message: "" }).parse(error);
    refuse(`State '${state}': '${text}' is not JSONata: ${message}`);
  }
  return new Set([...used].filter((name) => !own.has(name)));
}

const Node = z.looseObject({ type: z.string() });
const Variable = z.object({ type: z.literal("variable"), value: z.string() });

function visit(node: unknown, used: Set<string>, own: Set<string>): void {
  if (typeof node !== "object" || node === null) return;
  const variable = Variable.safeParse(node);
  if (variable.success) used.add(variable.data.value);
  const parsed = Node.safeParse(node);
  if (parsed.success) for (const name of defined(parsed.data)) own.add(name);
  for (const member of Object.values(node)) visit(member, used, own);
}

/** What `$x := ...`, `function($x) {...}`, `@$x` and `#$x` define. */
function defined({ type, lhs, arguments: parameters, focus, index }: z.infer<typeof Node>): string[] {
  const names = z
    .array(z.string())
    .catch([])
    .parse([focus, index].filter((name) => typeof name === "string"));
  const bound = type === "bind" ? [lhs] : type === "lambda" && Array.isArray(parameters) ? parameters : [];
  return [...names, ...bound.flatMap((one) => Variable.safeParse(one).data?.value ?? [])];
}
