import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, Stack } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { MemberRole, type MemberRoleProps } from "./member-role";

/** The part of a CloudFormation template that the member role needs. */
export interface Template {
  readonly Description?: string;
  readonly Resources: Readonly<Record<string, unknown>>;
}

/**
 * The member role as a CloudFormation template that stands alone: member accounts are not bootstrapped, and StackSets
 * take neither assets nor macros. The scope's feature flags are its own.
 */
export function memberTemplate(scope: Construct, props: MemberRoleProps): Template {
  const outdir = mkdtempSync(join(tmpdir(), "org-log-archive-"));
  try {
    const context = scope.node.getAllContext();
    // The template is validated where it ends up: in the StackSet.
    const app = new App({ analyticsReporting: false, builtinCloudFormationValidation: false, context, outdir });
    const stack = new Stack(app, "Member");
    new MemberRole(stack, "Role", props);
    const { Resources }: Template = app.synth().getStackByName(stack.stackName).template;
    // What is left out checks the account's bootstrapping.
    return { Description: "Lets the log archive account export this account's CloudWatch Logs", Resources };
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}
