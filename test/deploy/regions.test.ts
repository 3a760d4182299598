import { scenario } from "../../apps/demo/scenario";
import { targetAccounts } from "../../apps/emulator";
import { parseConfiguration } from "../../constructs/configuration";
import { listAccount } from "../../handlers/list-accounts/selection";
import { configurations } from "./configurations";
import { resource, resources, stackRegions, synthesise, warnings } from "./synthesise";

const schedule = (template: Parameters<typeof resource>[0]) =>
  resource(template, "AWS::Scheduler::Schedule").Properties;

test("a Region's runs start by its own schedule, and by the common one where it has none", () => {
  const templates = synthesise(configurations.threeRegions);
  expect(schedule(templates["OrgLogArchive-eu-central-1"])).toMatchObject({
    ScheduleExpression: "cron(30 14 * * ? *)",
    ScheduleExpressionTimezone: "Europe/Berlin",
  });
  expect(schedule(templates["OrgLogArchive-us-east-1"])).toMatchObject({
    ScheduleExpression: "cron(0 9 * * ? *)",
    ScheduleExpressionTimezone: "America/New_York",
  });
  expect(schedule(templates["OrgLogArchive-ap-southeast-2"])).toMatchObject({ ScheduleExpression: "rate(12 hours)" });
});

test("a Region is the same whichever others are archived: none waits for or reads another", () => {
  const among = synthesise(configurations.threeRegions);
  const alone = synthesise({ ...configurations.threeRegions, homeRegion: "us-east-1", regions: ["us-east-1"] });
  const { AuditorPolicy: _, ...rest } = byKind(alone["OrgLogArchive-us-east-1"]);
  const { "AWS::Scheduler::Schedule": __, ...others } = byKind(among["OrgLogArchive-us-east-1"]);
  expect(Object.keys(others).filter((type) => !(type in rest))).toEqual([]);
  for (const [name, template] of Object.entries(among)) {
    const foreign = ["eu-central-1", "us-east-1", "ap-southeast-2"].filter((region) => !name.endsWith(region));
    if (name === "OrgLogArchive-us-east-1")
      for (const region of foreign) expect(JSON.stringify(template)).not.toContain(region);
  }
});

function byKind(template: Parameters<typeof resource>[0]): Record<string, unknown> {
  return Object.fromEntries(Object.values(template?.Resources ?? {}).map(({ Type, Properties }) => [Type, Properties]));
}

test("every ARN and endpoint of a partition of its own is of that partition", () => {
  const templates = JSON.stringify(synthesise(configurations.usGov));
  const partitions = [...templates.matchAll(/arn:([a-z-]+|\*):/g)].map(([, found]) => found);
  expect([...new Set(partitions)]).toEqual(["aws-us-gov"]);
  const services = [...templates.matchAll(/(?:logs|s3)\.[a-z0-9-]+\.(amazonaws[a-z.]+[a-z])/g)].map(
    ([, found]) => found,
  );
  expect(services.length).toBeGreaterThan(0);
  expect([...new Set(services)]).toEqual(["amazonaws.com"]);
  expect(templates).toContain("logs.us-gov-west-1.amazonaws.com");
});

test("at home in an opt-in Region the member role comes to accounts in a Region that none has to enable", () => {
  const optIn = {
    homeRegion: "eu-south-1",
    regions: ["eu-south-1", "af-south-1", "eu-west-1", "us-east-1"],
    targets: { organizationalUnits: ["r-abcd"], managementAccount: "999999999999" },
  };
  expect(stackRegions(optIn)).toMatchObject({
    "OrgLogArchive-eu-south-1": "eu-south-1",
    "OrgLogArchive-Members": "eu-west-1",
    "OrgLogArchive-ManagementAccount": "eu-west-1",
  });
  const { StackInstancesGroup } = resource(
    synthesise(optIn)["OrgLogArchive-Members"],
    "AWS::CloudFormation::StackSet",
  ).Properties;
  expect(StackInstancesGroup).toMatchObject([{ Regions: ["eu-west-1"] }]);
});

test("each Region's stack says where its archive, runs, alarms and signing key are, and what it was configured with", () => {
  for (const template of Object.values(synthesise()).filter((one) => resources(one, "AWS::S3::Bucket").length > 0))
    expect(Object.keys((template as unknown as { Outputs: object }).Outputs).sort()).toEqual([
      "AlarmTopicArn",
      "ArchiveBucketName",
      "ConfigurationSha256",
      "SigningKeyArn",
      "StateMachineArn",
    ]);
});

const targets = (changes: object) => ({ targets: { organizationalUnits: ["r-abcd"], ...changes } });
const ownLogs = (changes: Parameters<typeof warnings>[0]) =>
  warnings(changes).filter((warning) => warning.includes("log archive account"));

test("the log archive account is archived with the rest of the root, and no warning is needed", () =>
  expect(ownLogs(targets({}))).toEqual([]));

test.each([
  ["excluded", targets({ excludeAccounts: ["111122223333"] }), "targets.excludeAccounts has it"],
  ["not included", targets({ includeAccounts: ["222222222222"] }), "targets.includeAccounts leaves it out"],
  ["the management account and not named so", { ...targets({}), stackSet: { callAs: "SELF" as const } }, "SELF"],
  ["perhaps in no unit", targets({ organizationalUnits: ["ou-abcd-12345678"] }), "archived only if it is in one of"],
])("a log archive account that is %s is warned of", (_, changes, warning) =>
  expect(ownLogs(changes)).toEqual([expect.stringContaining(warning)]),
);

test("a management account that is not archived is warned of", () => {
  const aboutIt = (changes: object) => warnings(targets(changes)).filter((one) => one.includes("management account"));
  expect(aboutIt({})).toEqual([expect.stringContaining("Set targets.managementAccount")]);
  expect(aboutIt({ managementAccount: "999999999999" })).toEqual([]);
});

test("an expiry without a lock is warned of: it ends what an overwritten original has", () => {
  const lifecycle = { expireAfterDays: 400 };
  const aboutIt = (changes: object) => warnings(changes).filter((one) => one.includes("without objectLock"));
  expect(aboutIt({ lifecycle })).toHaveLength(2);
  expect(aboutIt({ lifecycle, objectLock: { mode: "GOVERNANCE", days: 400 } })).toEqual([]);
});

test("the log archive account is a member like any other: it gets the role, and its runs list it", () => {
  const configuration = parseConfiguration(configurations.example);
  const { world } = scenario(configuration, 1);
  const { organizationalUnits } = configuration.targets;
  expect(targetAccounts(world, { OrganizationalUnitIds: organizationalUnits })).toContain("111122223333");
  const listed = { id: "111122223333", name: "log-archive", state: "ACTIVE", isManagementAccount: false };
  const paths = [`o-exampleorgid/${organizationalUnits[0]}/ou-abcd-12345678/111122223333/`];
  expect(listAccount({ ...listed, paths }, configuration.targets)).not.toHaveProperty("skipped");
});
