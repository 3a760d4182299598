import { readConfiguration } from "../../apps/deploy/cdk-json";
import { deployArguments, endingOf, refuseExample } from "../../apps/deploy/deploy";
import { InvalidConfiguration, parseConfiguration } from "../../constructs/configuration";
import { functionRoleName } from "../../constructs/names";
import { example, resources, synthesise } from "./synthesise";

const managementAccount = "999999999999";
const targets = { ...example.targets, managementAccount };
const own = parseConfiguration({
  ...example,
  organizationId: "o-abcdefghij",
  logArchiveAccount: "444455556666",
  externalId: "ours",
  targets: { organizationalUnits: ["r-abcd"], managementAccount },
});

test("the shipped configuration is valid, archives two Regions, and is refused for a deployment", () => {
  const shipped = readConfiguration();
  expect(shipped.regions.map(({ name }) => name)).toEqual(["eu-central-1", "us-east-1"]);
  expect(() => refuseExample(shipped)).toThrow(InvalidConfiguration);
  for (const part of ["organizationId", "111122223333", "externalId", "organizationalUnits[0]", "Set it in cdk.json"])
    expect(() => refuseExample(shipped)).toThrow(part);
  expect(() => refuseExample(own)).not.toThrow();
});

test("a deployment is of every stack of the log archive account, unless stacks are named", () => {
  const stacks = ["OrgLogArchive-Members", "OrgLogArchive-eu-central-1", "OrgLogArchive-us-east-1"];
  expect(deployArguments(own, ["--profile", "archive"])).toEqual(["deploy", ...stacks, "--profile", "archive"]);
  const named = ["OrgLogArchive-ManagementAccount", "--profile", "management"];
  expect(deployArguments(own, named)).toEqual(["deploy", ...named]);
});

test("a log archive account that is the management account deploys its own member role, too", () => {
  const { logArchiveAccount } = own;
  const both = { ...own, targets: { ...own.targets, managementAccount: logArchiveAccount } };
  expect(deployArguments(both, [])).toContain("OrgLogArchive-ManagementAccount");
});

test("there is a stack per Region and one for the members, and none imports from another", () => {
  const templates = synthesise();
  expect(Object.keys(templates).sort()).toEqual([
    "OrgLogArchive-Members",
    "OrgLogArchive-eu-central-1",
    "OrgLogArchive-us-east-1",
  ]);
  expect(JSON.stringify(templates)).not.toMatch(/Fn::ImportValue|"Export"/);
});

test("the management account gets the very role that StackSets bring to the others", () => {
  const templates = synthesise({ targets });
  const roles = resources(templates["OrgLogArchive-ManagementAccount"], "AWS::IAM::Role");
  const [stackSet] = resources(templates["OrgLogArchive-Members"], "AWS::CloudFormation::StackSet");
  const members = resources(JSON.parse(String(stackSet?.Properties.TemplateBody)), "AWS::IAM::Role");
  expect(roles.map(({ Properties }) => Properties)).toEqual(members.map(({ Properties }) => Properties));
});

test("role names fit IAM in the Region with the longest name", () => {
  for (const name of ["list-accounts", "plan-exports", "run-export-tasks", "record-coverage", "report-run"] as const)
    expect(functionRoleName(name, "ap-southeast-3-and-more").length).toBeLessThanOrEqual(64);
});

test("a deployment ends by naming the command that checks it, and one that failed with its own exit code", () => {
  expect(endingOf(0)).toMatchObject({ exitCode: 0, text: expect.stringContaining("npx org-log-archive check\n") });
  expect([1, 2, null].map(endingOf)).toEqual([1, 2, 1].map((exitCode) => ({ exitCode, text: "" })));
});
