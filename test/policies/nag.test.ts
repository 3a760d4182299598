import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AwsSolutionsChecks } from "cdk-nag";
import { buildApp } from "../../apps/deploy/build-app";
import { readContext } from "../../apps/deploy/cdk-json";
import { parseConfiguration } from "../../constructs/configuration";
import { configurations } from "../deploy/configurations";
import { suppressions } from "./support/nag-suppressions";

interface Finding {
  readonly rule: string;
  readonly constructPath: string;
}

const quiet = { analyticsReporting: false, builtinCloudFormationValidation: false };
let findings: Finding[];
const outdir = mkdtempSync(join(tmpdir(), "org-log-archive-nag-"));
beforeAll(() => {
  findings = [configurations.example, configurations.threeRegions].flatMap((configuration) => {
    const context = { ...readContext(), "aws:cdk:bundling-stacks": [] };
    const app = buildApp(parseConfiguration(configuration), { ...quiet, outdir, context });
    app.synth();
    const { violations } = new AwsSolutionsChecks(app).validateScope(app);
    return violations.flatMap(({ ruleName, violatingResources }) =>
      violatingResources.map(({ constructPath = "" }) => ({ rule: ruleName, constructPath })),
    );
  });
});
afterAll(() => rmSync(outdir, { recursive: true, force: true }));

test("cdk-nag's AwsSolutions pack finds nothing that is not explained", () => {
  const unexplained = findings.filter(
    ({ rule, constructPath }) =>
      !suppressions.some((one) => one.rule.test(rule) && one.constructPath.test(constructPath)),
  );
  expect(unexplained).toEqual([]);
});

test("every explanation is of something that cdk-nag finds", () => {
  const unused = suppressions.filter(
    (one) => !findings.some(({ rule, constructPath }) => one.rule.test(rule) && one.constructPath.test(constructPath)),
  );
  expect(unused).toEqual([]);
});
