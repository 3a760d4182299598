import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type ConfigurationInput, InvalidConfiguration } from "../../constructs/configuration";
import { sharedFolder } from "./shared-folder";

export interface Resource {
  readonly Type: string;
  readonly Properties: Record<string, unknown>;
  readonly DeletionPolicy?: string;
}

export interface Template {
  readonly Resources: Readonly<Record<string, Resource>>;
}

export interface AssembledTemplate {
  readonly stackName: string;
  readonly region: string;
  readonly template: Template;
  /** What people are warned of when they synthesise it. */
  readonly warnings: readonly string[];
}

/**
 * The folder that `cdk synth` writes for a configuration, made once for all test files: nothing may be written into it.
 * Without `code`, the functions have none.
 * @throws {InvalidConfiguration}
 */
export function assembly(configuration: ConfigurationInput, { code }: { readonly code: boolean }): string {
  const key = createHash("sha256")
    .update(JSON.stringify([configuration, code]))
    .digest("hex");
  const directory = join(sharedFolder(), key);
  const problems = existsSync(directory) ? [] : synthesiser().synthesiseTo(directory, configuration, code);
  if (problems.length > 0) throw new InvalidConfiguration(problems);
  return directory;
}

/** The templates of a configuration. */
export function templates(configuration: ConfigurationInput): AssembledTemplate[] {
  return JSON.parse(readFileSync(join(assembly(configuration, { code: false }), "stacks.json"), "utf8"));
}

/** Loaded when there is something to synthesise. */
function synthesiser(): typeof import("./synthesiser") {
  return outside("./synthesiser.ts") as typeof import("./synthesiser");
}
