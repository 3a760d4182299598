import { z } from "zod";
import { type Environment, partitionOf, urlSuffixOf } from "./environment";
import { NotDeployable } from "./errors";
import { type ResourceValues, valuesOf } from "./resource-values";
import type { Resource, Template } from "./template";

export interface ResolverOptions {
  readonly stackName: string;
  readonly environment: Environment;
  readonly template: Template;
  readonly parameters: Readonly<Record<string, string>>;
  /** The exports of the same account and Region. */
  readonly imports: (name: string) => string | undefined;
}

const Strings = z.array(z.string());
const Substitution = z.tuple([z.string(), z.record(z.string(), z.unknown())]);
const strings = (value: unknown, what: string): string[] => {
  const parsed = Strings.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new NotDeployable(`${what} is not a list of strings: ${JSON.stringify(value)}`);
};

/**
 * Turns a template's intrinsic functions into the values they have in a stack.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
 */
export class Resolver {
  constructor(private readonly options: ResolverOptions) {}

  /** The resources whose condition holds. */
  get resources(): [string, Resource][] {
    const { Resources } = this.options.template;
    return Object.entries(Resources).filter(
      ([, { Condition }]) => Condition === undefined || this.condition(Condition),
    );
  }

  /** @throws {NotDeployable} naming what has no value */
  resolve(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((item) => this.resolve(item)).filter((item) => item !== undefined);
    if (typeof value !== "object" || value === null) return value;
    const entries = Object.entries(value);
    const [only] = entries;
    if (entries.length === 1 && only && (only[0] === "Ref" || only[0].startsWith("Fn::")))
      return this.intrinsic(only[0], only[1]);
    const resolved = entries.map(([key, member]: [string, unknown]) => [key, this.resolve(member)] as const);
    return Object.fromEntries(resolved.filter(([, member]) => member !== undefined));
  }

  condition(name: string): boolean {
    const { Conditions } = this.options.template;
    if (name in Conditions) return this.holds(Conditions[name]);
    throw new NotDeployable(`${this.options.stackName}: condition ${name} does not exist`);
  }

  values(logicalId: string): ResourceValues {
    const { stackName, environment, template } = this.options;
    const resource = template.Resources[logicalId];
    if (!resource) throw new NotDeployable(`${stackName}: ${logicalId} is neither a resource nor a parameter`);
    const property = (name: string) => {
      const value = this.resolve(resource.Properties[name]);
      return typeof value === "string" ? value : undefined;
    };
    const values = valuesOf(resource.Type, { stackName, environment, logicalId, property });
    if (values) return values;
    throw new NotDeployable(`${stackName}: resource ${logicalId} is of type ${resource.Type}, which is not emulated`);
  }

  private intrinsic(name: string, argument: unknown): unknown {
    switch (name) {
      case "Ref":
        return this.ref(String(argument));
      case "Fn::GetAtt":
        return this.attribute(typeof argument === "string" ? argument.split(".") : strings(argument, name));
      case "Fn::Sub":
        return this.substitute(argument);
      case "Fn::Join": {
        const [delimiter, values] = this.list(name, argument);
        return strings(values, name).join(String(delimiter));
      }
      case "Fn::Select": {
        const [index, values] = this.list(name, argument);
        const selected = strings(values, name)[Number(index)];
        if (selected !== undefined) return selected;
        throw new NotDeployable(`${this.options.stackName}: Fn::Select has no element ${String(index)}`);
      }
      case "Fn::Split": {
        const [delimiter, text] = this.list(name, argument);
        return String(text).split(String(delimiter));
      }
      case "Fn::If": {
        const [condition, then, otherwise] = z.tuple([z.string(), z.unknown(), z.unknown()]).parse(argument);
        return this.resolve(this.condition(condition) ? then : otherwise);
      }
      case "Fn::FindInMap": {
        const [map, first, second] = strings(this.resolve(argument), name);
        const found = this.options.template.Mappings[map ?? ""]?.[first ?? ""]?.[second ?? ""];
        if (found !== undefined) return found;
        throw new NotDeployable(`${this.options.stackName}: Mappings have no ${map}.${first}.${second}`);
      }
      case "Fn::ImportValue": {
        const exportName = String(this.resolve(argument));
        const imported = this.options.imports(exportName);
        if (imported !== undefined) return imported;
        throw new NotDeployable(`${this.options.stackName}: no stack exports ${exportName}`);
      }
      case "Fn::Base64":
        return Buffer.from(String(this.resolve(argument))).toString("base64");
      default:
        throw new NotDeployable(`${this.options.stackName}: ${name} is not emulated`);
    }
  }

  private list(name: string, argument: unknown): unknown[] {
    const resolved = this.resolve(argument);
    if (Array.isArray(resolved)) return resolved;
    throw new NotDeployable(`${this.options.stackName}: ${name} takes a list`);
  }

  /** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html */
  private ref(name: string): unknown {
    const { stackName, environment, template, parameters } = this.options;
    const { account, region } = environment;
    const partition = partitionOf(region);
    const pseudo: Readonly<Record<string, unknown>> = {
      "AWS::AccountId": account,
      "AWS::NoValue": undefined,
      "AWS::Partition": partition,
      "AWS::Region": region,
      "AWS::StackId": `arn:${partition}:cloudformation:${region}:${account}:stack/${stackName}/emulated`,
      "AWS::StackName": stackName,
      "AWS::URLSuffix": urlSuffixOf(region),
    };
    if (name in pseudo) return pseudo[name];
    const parameter = template.Parameters[name];
    if (!parameter) return this.values(name).ref;
    const value = parameters[name] ?? parameter.Default;
    if (value !== undefined) return value;
    throw new NotDeployable(`${stackName}: parameter ${name} has no value`);
  }

  private attribute([logicalId = "", ...path]: readonly string[]): string {
    const name = path.join(".");
    const value = this.values(logicalId).attributes[name];
    if (value !== undefined) return value;
    throw new NotDeployable(`${this.options.stackName}: attribute ${name} of ${logicalId} is not emulated`);
  }

  private substitute(argument: unknown): string {
    const [text, own] = Substitution.parse(typeof argument === "string" ? [argument, {}] : argument);
    return text.replaceAll(/\$\{(!?)([^}]+)\}/g, (_, literal: string, name: string) => {
      if (literal) return `\${${name}}`;
      const given = own[name];
      if (given !== undefined) return String(this.resolve(given));
      return String(name.includes(".") ? this.attribute(name.split(".")) : this.ref(name));
    });
  }

  private holds(condition: unknown): boolean {
    const [entry] = Object.entries(z.record(z.string(), z.unknown()).parse(condition));
    const [name, argument] = entry ?? ["", undefined];
    const parts = Array.isArray(argument) ? argument : [];
    switch (name) {
      case "Condition":
        return this.condition(String(argument));
      case "Fn::And":
        return parts.every((part) => this.holds(part));
      case "Fn::Or":
        return parts.some((part) => this.holds(part));
      case "Fn::Not":
        return !parts.every((part) => this.holds(part));
      case "Fn::Equals":
        return JSON.stringify(this.resolve(parts[0])) === JSON.stringify(this.resolve(parts[1]));
      default:
        throw new NotDeployable(`${this.options.stackName}: condition function ${name} is not emulated`);
    }
  }
}
