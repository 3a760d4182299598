import { App } from "aws-cdk-lib";
import { parseConfiguration } from "../../constructs/configuration";
import { addStacks } from "./build-app";
import { explaining } from "./explaining";

/** What `cdk` runs; the context is that of `cdk.json`. */
explaining(() => {
  const app = new App();
  addStacks(app, parseConfiguration(app.node.tryGetContext("orgLogArchive")));
});
