import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, CfnStackSet, Stack, Validations } from "aws-cdk-lib";
import { CfnQueue } from "aws-cdk-lib/aws-sqs";
import { readContext } from "../../apps/deploy/cdk-json";
import { TemplateRules } from "../../apps/deploy/template-rules";

/** What `cdk synth` finds wrong in a template. */

const rules = new TemplateRules();
const outdir = mkdtempSync(join(tmpdir(), "org-log-archive-rules-"));
afterAll(() => rmSync(outdir, { recursive: true, force: true }));

function synthesise(queue: object): void {
  const context = readContext();
  const app = new App({ outdir, context, analyticsReporting: false, builtinCloudFormationValidation: false });
  Validations.of(app).addPlugins(rules);
  const stack = new Stack(app, "Members");
  new CfnQueue(stack, "Sound", { delaySeconds: 10 });
  new CfnStackSet(stack, "Member", {
    stackSetName: "Member",
    permissionModel: "SERVICE_MANAGED",
    templateBody: JSON.stringify({ Resources: { Queue: { Type: "AWS::SQS::Queue", Properties: queue } } }),
  });
  app.synth();
}

test("a mistake in a StackSet's template fails the synthesis, and is named", () => {
  expect(() => synthesise({ DelaySeconds: 10 })).not.toThrow();
  expect(() => synthesise({ DelaySeconds: 10, Colour: "red" })).toThrow(/Colour/);
});
