import { App, Validations } from "aws-cdk-lib";
import { parseConfiguration } from "../../constructs/configuration";
import { addStacks } from "./build-app";
import { explaining } from "./explaining";
import { TemplateRules } from "./template-rules";

/** What `cdk` runs; the context is that of `cdk.json`. */
explaining(() => {
  const app = new App({ builtinCloudFormationValidation: false });
  // `cdk --no-validation` asks for none.
  if (process.env.CDK_VALIDATION !== "false") Validations.of(app).addPlugins(new TemplateRules());
  addStacks(app, parseConfiguration(app.node.tryGetContext("orgLogArchive")));
});
