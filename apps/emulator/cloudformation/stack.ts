import { z } from "zod";
import type { Environment } from "./environment";
import { NotDeployable } from "./errors";
import { Resolver, type ResolverOptions } from "./intrinsics";
import type { ResourceValues } from "./resource-values";
import type { Template } from "./template";

/** A resource whose properties hold no intrinsic functions any more. */
export interface StackResource extends ResourceValues {
  readonly logicalId: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** A stack in an account and Region. */
export interface Stack {
  readonly stackName: string;
  readonly environment: Environment;
  readonly resources: readonly StackResource[];
  readonly outputs: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, string>>;
  /** What it was made from. */
  readonly template: Template;
}

/** @throws {NotDeployable} naming the resource or function that is not emulated */
export function instantiate(options: ResolverOptions): Stack {
  const { stackName, environment, template } = options;
  const resolver = new Resolver(options);
  const resources = resolver.resources.map(([logicalId, { Type, Properties }]) => ({
    ...resolver.values(logicalId),
    logicalId,
    type: Type,
    properties: resolver.resolve(Properties) as Readonly<Record<string, unknown>>,
  }));
  const outputs: Record<string, string> = {};
  const exports: Record<string, string> = {};
  for (const [name, { Value, Export, Condition }] of Object.entries(template.Outputs)) {
    if (Condition !== undefined && !resolver.condition(Condition)) continue;
    const value = String(resolver.resolve(Value));
    outputs[name] = value;
    if (Export) exports[String(resolver.resolve(Export.Name))] = value;
  }
  return { stackName, environment, resources, outputs, exports, template };
}

/** The resources of a type, with the properties that a schema reads. @throws {NotDeployable} naming the property */
export function* resourcesOf<T>(
  { stackName, resources }: Stack,
  type: string,
  schema: z.ZodType<T>,
): Generator<StackResource & { readonly read: T }> {
  for (const resource of resources) {
    if (resource.type !== type) continue;
    const parsed = schema.safeParse(resource.properties);
    if (!parsed.success)
      throw new NotDeployable(
        `${stackName}: ${type} ${resource.logicalId} cannot be emulated: ${z.prettifyError(parsed.error)}`,
      );
    yield { ...resource, read: parsed.data };
  }
}
