import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import validate from "asl-validator";
import { configurations } from "../deploy/configurations";
import { property, type SynthesisedStack, synthesisedStacks } from "./support/assemblies";

const folder = mkdtempSync(join(tmpdir(), "org-log-archive-templates-"));
const stacks: (SynthesisedStack & { readonly of: string })[] = [];
/** Paths of all templates, those for member accounts included. */
const templates: string[] = [];

beforeAll(() => {
  for (const [of, configuration] of Object.entries(configurations)) {
    for (const stack of synthesisedStacks(configuration)) {
      stacks.push({ ...stack, of });
      templates.push(stack.path);
      for (const [index, body] of property(stack.resolved, "AWS::CloudFormation::StackSet", "TemplateBody").entries()) {
        const path = join(folder, `${of}-member-${index}.template.json`);
        writeFileSync(path, body);
        templates.push(path);
      }
    }
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("every state machine's resolved definition is valid Amazon States Language", () => {
  const machines = stacks.flatMap(({ of, stackName, resolved }) =>
    property(resolved, "AWS::StepFunctions::StateMachine", "DefinitionString").map((definition) => {
      const { isValid, errorsText } = validate(JSON.parse(definition));
      return { machine: `${of} ${stackName}`, errors: isValid ? "" : errorsText() };
    }),
  );
  expect(machines.length).toBeGreaterThanOrEqual(Object.keys(configurations).length);
  expect(machines.filter(({ errors }) => errors !== "")).toEqual([]);
});

test("a definition with a transition to nowhere is found", () => {
  const [definition = ""] = stacks.flatMap(({ resolved }) =>
    property(resolved, "AWS::StepFunctions::StateMachine", "DefinitionString"),
  );
  expect(validate(JSON.parse(definition.replace('"Next":"ForEachAccount"', '"Next":"Nowhere"'))).isValid).toBe(false);
});

test("every template refers to resources that it has", () => {
  for (const path of templates) {
    const template: Template = JSON.parse(readFileSync(path, "utf8"));
    const known = new Set([...Object.keys(template.Resources), ...Object.keys(template.Parameters ?? {})]);
    expect([path, references(template).filter((name) => !known.has(name))]).toEqual([path, []]);
  }
});

test("every template passes cfn-lint, where that is installed", () => {
  if (spawnSync("cfn-lint", ["--version"]).status !== 0) {
    process.stderr.write("cfn-lint was not found on PATH: the templates are checked for their references only.\n");
    return;
  }
  const different = [...new Map(templates.map((path) => [readFileSync(path, "utf8"), path])).values()];
  const { stdout, status } = spawnSync("cfn-lint", ["--format", "parseable", "--", ...different], { encoding: "utf8" });
  expect([stdout, status]).toEqual(["", 0]);
});

interface Template {
  readonly Resources: Readonly<Record<string, unknown>>;
  readonly Parameters?: Readonly<Record<string, unknown>>;
}

/** Logical ids that a template mentions. What `Fn::Sub` mentions is cfn-lint's to check. */
function references(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]): string[] => {
    if (key === "Ref") return String(inner).startsWith("AWS::") ? [] : [String(inner)];
    if (key === "Fn::GetAtt") return [[inner].flat().map(String)[0]?.split(".")[0] ?? ""];
    return references(inner);
  });
}
