import { join } from "node:path";
import { type AssembledStack, instantiate, readAssembly, type Stack } from "../../../apps/emulator";
import type { ConfigurationInput } from "../../../constructs/configuration";
import { assembly } from "../../support/assembly";

/** A stack with its template as it is deployed, and with all intrinsic functions resolved. */
export interface SynthesisedStack extends AssembledStack {
  readonly resolved: Stack;
  /** Of the template, which others read too. */
  readonly path: string;
}

/** What `cdk synth` writes for a configuration, without the functions' code. */
export function synthesisedStacks(configuration: ConfigurationInput): SynthesisedStack[] {
  const directory = assembly(configuration, { code: false });
  return readAssembly(directory).map((stack) => ({
    ...stack,
    path: join(directory, `${stack.stackName}.template.json`),
    resolved: instantiate({ ...stack, parameters: {}, imports: () => undefined }),
  }));
}

/** A property of every resource of a type: text, or a document as JSON. */
export function property({ resources }: Stack, type: string, name: string): string[] {
  return resources
    .filter((resource) => resource.type === type)
    .map(({ properties }) => properties[name])
    .map((value) => (typeof value === "string" ? value : JSON.stringify(value)));
}
