import type { ConfigurationInput } from "../../constructs/configuration";
import { type Resource, type Template, templates } from "../support/assembly";

export type { Resource, Template };

/** A configuration that needs nothing corrected. */
export const example: ConfigurationInput = {
  organizationId: "o-exampleorgid",
  logArchiveAccount: "111122223333",
  homeRegion: "eu-central-1",
  regions: ["eu-central-1", "us-east-1"],
  externalId: "example-external-id",
  targets: { organizationalUnits: ["r-examplerootid111"] },
};

/** The templates of a configuration by stack name, with the feature flags of `cdk.json`. */
export function synthesise(changes: Partial<ConfigurationInput> = {}): Record<string, Template> {
  return Object.fromEntries(
    templates({ ...example, ...changes }).map(({ stackName, template }) => [stackName, template]),
  );
}

/** The Region of each stack of a configuration, by stack name. */
export function stackRegions(changes: Partial<ConfigurationInput> = {}): Record<string, string> {
  return Object.fromEntries(templates({ ...example, ...changes }).map(({ stackName, region }) => [stackName, region]));
}

/** What people are warned of when they synthesise a configuration. */
export function warnings(changes: Partial<ConfigurationInput> = {}): string[] {
  return templates({ ...example, ...changes }).flatMap(({ warnings }) => warnings);
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
