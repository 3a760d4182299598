import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildApp } from "../../../apps/deploy/build-app";
import { readContext } from "../../../apps/deploy/cdk-json";
import { type AssembledStack, instantiate, readAssembly, type Stack } from "../../../apps/emulator";
import { type ConfigurationInput, parseConfiguration } from "../../../constructs/configuration";

/** A stack with its template as it is deployed, and with all intrinsic functions resolved. */
export interface SynthesisedStack extends AssembledStack {
  readonly resolved: Stack;
  /** Of the template. */
  readonly path: string;
}

/** What `cdk synth` writes for a configuration, without the functions' code. The folder is the caller's to remove. */
export function synthesiseTo(configuration: ConfigurationInput): { outdir: string; stacks: SynthesisedStack[] } {
  process.env.CDK_VALIDATION = "false";
  const outdir = mkdtempSync(join(tmpdir(), "org-log-archive-templates-"));
  const context = { ...readContext(), "aws:cdk:bundling-stacks": [], "aws:cdk:disable-stack-trace": true };
  buildApp(parseConfiguration(configuration), { outdir, context, analyticsReporting: false }).synth();
  const stacks = readAssembly(outdir).map((stack) => ({
    ...stack,
    path: join(outdir, `${stack.stackName}.template.json`),
    resolved: instantiate({ ...stack, parameters: {}, imports: () => undefined }),
  }));
  return { outdir, stacks };
}

/** A property of every resource of a type: text, or a document as JSON. */
export function property({ resources }: Stack, type: string, name: string): string[] {
  return resources
    .filter((resource) => resource.type === type)
    .map(({ properties }) => properties[name])
    .map((value) => (typeof value === "string" ? value : JSON.stringify(value)));
}
