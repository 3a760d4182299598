import { z } from "zod";
import { Definition, type Program, type Scope, State } from "./definition";
import { jsonBytes, limits } from "./limits";
import { isKnownResource } from "./task";
import { checkVariables } from "./variable-check";

/** A definition that Step Functions would refuse, or that the interpreter does not know how to run. */
export class InvalidDefinition extends Error {
  override readonly name = "InvalidDefinition";
}

/** Reads and checks a state machine's definition. @throws {InvalidDefinition} naming the state and what is wrong */
export function load(definition: string): Program {
  if (Buffer.byteLength(definition) > limits.definitionBytes)
    throw new InvalidDefinition(
      `The definition has ${jsonBytes(definition)} bytes; the limit is ${limits.definitionBytes}`,
    );
  let json: unknown;
  try {
    json = JSON.parse(definition);
  } catch (cause) {
    throw new InvalidDefinition("The definition is not JSON", { cause });
  }
  const { StartAt, States, TimeoutSeconds } = parse(Definition, json, "The state machine");
  const names = new Set<string>();
  const program = { ...scope(StartAt, States, "the state machine", names), timeoutSeconds: TimeoutSeconds };
  checkVariables(program, (problem) => {
    throw new InvalidDefinition(problem);
  });
  return program;
}

/** `names` are those of the whole state machine, within which each may be used once. */
function scope(startAt: string, raw: Readonly<Record<string, unknown>>, owner: string, names: Set<string>): Scope {
  const states = new Map<string, State>();
  for (const [name, value] of Object.entries(raw)) {
    if (name.length > limits.nameLength)
      throw new InvalidDefinition(`State name '${name}' is longer than 80 characters`);
    if (names.has(name)) throw new InvalidDefinition(`State name '${name}' is used twice`);
    names.add(name);
    states.set(name, state(name, value, names));
  }
  if (!states.has(startAt)) throw new InvalidDefinition(`StartAt of ${owner} names no state of it: '${startAt}'`);
  for (const [name, one] of states) {
    for (const target of targets(name, one)) {
      if (!states.has(target))
        throw new InvalidDefinition(`State '${name}' leads to '${target}', which does not exist there`);
    }
  }
  return { startAt, states };
}

function state(name: string, value: unknown, names: Set<string>): State {
  const parsed = parse(State, value, `State '${name}'`);
  if (parsed.Type === "Task" && !isKnownResource(parsed.Resource))
    throw new InvalidDefinition(`State '${name}' has a Resource that the emulator does not run: ${parsed.Resource}`);
  if (parsed.Type !== "Map") return parsed;
  const { ItemProcessor, ...map } = parsed;
  const { ProcessorConfig, StartAt, States } = ItemProcessor;
  const distributed = ProcessorConfig.Mode === "DISTRIBUTED";
  if (
    !distributed &&
    (map.ToleratedFailureCount ?? map.ToleratedFailurePercentage ?? map.Label ?? map.ItemReader) !== undefined
  )
    throw new InvalidDefinition(`State '${name}' has fields that only a distributed Map has`);
  if (map.ItemReader !== undefined && map.Items !== undefined)
    throw new InvalidDefinition(`State '${name}' has both Items and an ItemReader`);
  return { ...map, distributed, processor: scope(StartAt, States, `the Map '${name}'`, names) };
}

function targets(name: string, state: State): string[] {
  if (state.Type === "Choice")
    return [...state.Choices.map(({ Next }) => Next), ...(state.Default === undefined ? [] : [state.Default])];
  if (state.Type === "Succeed" || state.Type === "Fail") return [];
  if ((state.Next === undefined) === (state.End === undefined))
    throw new InvalidDefinition(`State '${name}' needs either Next or End`);
  const caught = "Catch" in state ? state.Catch.map(({ Next }) => Next) : [];
  return state.Next === undefined ? caught : [state.Next, ...caught];
}

function parse<T>(schema: z.ZodType<T>, value: unknown, subject: string): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new InvalidDefinition(`${subject} cannot be run: ${z.prettifyError(parsed.error)}`, { cause: parsed.error });
}
