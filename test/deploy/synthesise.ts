import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SynthesisMessageLevel } from "aws-cdk-lib/cx-api";
import { buildApp } from "../../apps/deploy/build-app";
import { readContext } from "../../apps/deploy/cdk-json";
import { type ConfigurationInput, parseConfiguration } from "../../constructs/configuration";

export interface Resource {
  readonly Type: string;
  readonly Properties: Record<string, unknown>;
  readonly DeletionPolicy?: string;
}

export interface Template {
  readonly Resources: Readonly<Record<string, Resource>>;
}

/** A configuration that needs nothing corrected. */
export const example: ConfigurationInput = {
  organizationId: "o-exampleorgid",
  logArchiveAccount: "111122223333",
  homeRegion: "eu-central-1",
  regions: ["eu-central-1", "us-east-1"],
  externalId: "example-external-id",
  targets: { organizationalUnits: ["r-examplerootid111"] },
};

// What takes long and `npm run synth` does anyway is left out: the CDK's own rules, bundles and stack traces.
process.env.CDK_VALIDATION = "false";
const quick = {
  "aws:cdk:bundling-stacks": [],
  "aws:cdk:disable-stack-trace": true,
};

/** The templates of a configuration by stack name, with the feature flags of `cdk.json`. */
export function synthesise(changes: Partial<ConfigurationInput> = {}): Record<string, Template> {
  return Object.fromEntries(assemble(changes).map((stack) => [stack.stackName, stack.template]));
}

/** The Region of each stack of a configuration, by stack name. */
export function stackRegions(changes: Partial<ConfigurationInput> = {}): Record<string, string> {
  return Object.fromEntries(assemble(changes).map(({ stackName, environment }) => [stackName, environment.region]));
}

/** What people are warned of when they synthesise a configuration. */
export function warnings(changes: Partial<ConfigurationInput> = {}): string[] {
  return assemble(changes)
    .flatMap(({ messages }) => messages)
    .filter(({ level }) => level === SynthesisMessageLevel.WARNING)
    .map(({ entry }) => String(entry.data));
}

function assemble(changes: Partial<ConfigurationInput>) {
  const outdir = mkdtempSync(join(tmpdir(), "org-log-archive-test-"));
  try {
    const app = buildApp(parseConfiguration({ ...example, ...changes }), {
      outdir,
      analyticsReporting: false,
      context: { ...readContext(), ...quick },
    });
    // Read while they are there.
    return app
      .synth()
      .stacks.map(({ stackName, environment, template, messages }) => ({ stackName, environment, template, messages }));
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

/** The only resource of a type. */
export function resource(template: Template | undefined, type: string): Resource {
  const [first, ...others] = resources(template, type);
  if (!first || others.length > 0) throw new Error(`${others.length + (first ? 1 : 0)} resources of type ${type}`);
  return first;
}

/** Every resource of a type. */
export function resources(template: Template | undefined, type: string): Resource[] {
  return Object.values(template?.Resources ?? {}).filter((resource) => resource.Type === type);
}
