import { z } from "zod";
import type { Schedule } from "../../handlers/contract/settings";
import { inconsistencies } from "./consistency";
import { formatPath, InvalidConfiguration, type Problem } from "./invalid-configuration";
import { stackSetRegion } from "./regions";
import { ConfigurationShape, regionSchedule } from "./schema";

export { InvalidConfiguration } from "./invalid-configuration";
export type { ConfigurationInput } from "./schema";

/** What is built, with every default filled in and every Region with its own schedule. */
export interface Configuration extends Omit<z.output<typeof ConfigurationShape>, "regions" | "schedule"> {
  readonly regions: readonly RegionConfiguration[];
  /** Where the StackSet of the member role and its instances are. */
  readonly stackSetRegion: string;
}

/** What is built in one Region, whole. */
export type RegionSettings = Configuration & RegionConfiguration;

export interface RegionConfiguration {
  readonly name: string;
  readonly schedule: Schedule;
}

/**
 * Reads the value of `orgLogArchive` in the context of `cdk.json`.
 * @throws {InvalidConfiguration} with every problem in it.
 */
export function parseConfiguration(value: unknown): Configuration {
  const parsed = ConfigurationShape.safeParse(value, { error: expectation });
  if (!parsed.success)
    throw new InvalidConfiguration(
      parsed.error.issues.flatMap((issue) => problems(issue, value)),
      { cause: parsed.error },
    );
  const found = inconsistencies(parsed.data);
  if (found.length > 0) throw new InvalidConfiguration(found);
  const { schedule, regions, ...rest } = parsed.data;
  return {
    ...rest,
    regions: regions.map((region) => ({ name: region.name, schedule: regionSchedule(schedule, region) })),
    stackSetRegion:
      stackSetRegion(
        rest.homeRegion,
        regions.map(({ name }) => name),
      ) ?? rest.homeRegion,
  };
}

/** The fields that say nothing better themselves: their type. */
const types: Readonly<Record<string, string>> = {
  string: "must be text in quotes",
  array: "must be a list: [ ... ]",
  object: "must be an object: { ... }",
  boolean: "must be true or false",
};

function expectation(issue: z.core.$ZodRawIssue): string | undefined {
  return issue.code === "invalid_type" ? types[String(issue.expected)] : undefined;
}

function problems(issue: z.core.$ZodIssue, value: unknown): Problem[] {
  if (issue.code === "unrecognized_keys") {
    const allowed = `${keysAt(ConfigurationShape, issue.path).join(", ")}; nothing else`;
    return issue.keys.map((key) => {
      const path = [...issue.path, key];
      return {
        path: formatPath(path),
        given: valueAt(value, path),
        allowed,
        change: "Remove it, or correct its name.",
      };
    });
  }
  // A Region that is only a name is read as an object with a name.
  const parent = issue.path.slice(0, -1);
  const path = typeof valueAt(value, parent) === "string" ? parent : issue.path;
  const given = valueAt(value, path);
  const change = given === undefined ? "Add it." : "Correct it.";
  return [{ path: formatPath(path), given, allowed: issue.message, change }];
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (at, key) => (typeof at === "object" && at !== null ? Reflect.get(at, key) : undefined),
    value,
  );
}

/** The names that the object at a path takes. */
function keysAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): string[] {
  const inner = unwrap(schema);
  const [key, ...rest] = path;
  if (inner instanceof z.ZodArray) return keysAt(inner.element, rest);
  if (!(inner instanceof z.ZodObject)) return [];
  if (key === undefined) return Object.keys(inner.shape);
  const field: z.core.$ZodType | undefined = inner.shape[String(key)];
  return field ? keysAt(field, rest) : [];
}

function unwrap(schema: z.core.$ZodType): z.core.$ZodType {
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault || schema instanceof z.ZodOptional)
    return unwrap(schema.unwrap());
  return schema instanceof z.ZodPipe ? unwrap(schema.out) : schema;
}
