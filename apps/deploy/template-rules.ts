import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CloudFormationValidatePlugin,
  type IPolicyValidationContext,
  type IPolicyValidationPlugin,
  type PolicyValidationPluginReport,
} from "aws-cdk-lib";

/**
 * The CDK's own rules for every template, those inside StackSets too, of which the CDK knows only the text. All by one engine:
 * starting another takes longer than all that it then checks.
 */
export class TemplateRules implements IPolicyValidationPlugin {
  readonly name = CloudFormationValidatePlugin.PLUGIN_NAME;
  private readonly rules = new CloudFormationValidatePlugin();

  validate(context: IPolicyValidationContext): PolicyValidationPluginReport {
    const folder = mkdtempSync(join(tmpdir(), "org-log-archive-"));
    try {
      const ofStackSets = context.stackTemplates.flatMap(({ stackConstructPath, templatePath }) =>
        stackSetTemplates(templatePath).map(([logicalId, body]) => {
          const path = join(folder, `${logicalId}.template.json`);
          writeFileSync(path, body);
          return { stackConstructPath, templatePath: path, accountId: undefined, region: undefined };
        }),
      );
      const stackTemplates = [...context.stackTemplates, ...ofStackSets];
      return this.rules.validate({ ...context, stackTemplates });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
}

/** The text of a template's StackSets' templates, by the logical ids of the StackSets. */
function stackSetTemplates(path: string): [logicalId: string, body: string][] {
  const { Resources = {} }: Template = JSON.parse(readFileSync(path, "utf8"));
  return Object.entries(Resources).flatMap(([logicalId, { Type, Properties }]): [string, string][] =>
    Type === "AWS::CloudFormation::StackSet" && typeof Properties?.TemplateBody === "string"
      ? [[logicalId, Properties.TemplateBody]]
      : [],
  );
}

interface Template {
  readonly Resources?: Readonly<
    Record<string, { readonly Type: string; readonly Properties?: Readonly<Record<string, unknown>> }>
  >;
}
