import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Emulator, type ExecutionEvent } from "../../../apps/emulator";
import { VirtualClock } from "../../../apps/emulator/world/clock";
import type { AccountState, World } from "../../../apps/emulator/world/world";
import { arn, central, machine, role, writeAssembly } from "../support/assembly";

const start = Date.UTC(2026, 0, 1);
const account = (id: string, parent: string, state: AccountState = "ACTIVE") => ({
  id,
  name: id,
  email: `${id}@example.com`,
  parent,
  state,
  joinedAt: 0,
});
const world: World = {
  organization: { id: "o-exampleorgid", rootId: "r-root", managementAccount: "999999999999" },
  organizationalUnits: [
    { id: "ou-root-workloads", name: "Workloads", parent: "r-root" },
    { id: "ou-root-production", name: "Production", parent: "ou-root-workloads" },
    { id: "ou-root-sandbox", name: "Sandbox", parent: "r-root" },
  ],
  accounts: [
    account("999999999999", "ou-root-workloads"),
    account(central, "r-root"),
    account("100000000001", "ou-root-workloads"),
    account("100000000002", "ou-root-production"),
    account("100000000003", "ou-root-production", "SUSPENDED"),
    account("100000000004", "ou-root-sandbox"),
  ],
  logGroups: [],
};

const resources = {
  Bucket: {
    Type: "AWS::S3::Bucket",
    Properties: { BucketName: { "Fn::Sub": `archive-\${AWS::Region}` }, ObjectLockEnabled: true },
  },
  BucketPolicy: {
    Type: "AWS::S3::BucketPolicy",
    Properties: { Bucket: { Ref: "Bucket" }, PolicyDocument: { of: arn("Bucket") } },
  },
  ...machine,
  FunctionPolicy: {
    Type: "AWS::IAM::Policy",
    Properties: { PolicyName: "p", PolicyDocument: { may: "read" }, Roles: [{ Ref: "FunctionRole" }] },
  },
  Function: {
    ...machine.Function,
    Properties: { ...machine.Function.Properties, Environment: { Variables: { BUCKET: { Ref: "Bucket" } } } },
  },
  ScheduleRole: role("scheduler.amazonaws.com"),
  Schedule: {
    Type: "AWS::Scheduler::Schedule",
    Properties: {
      ScheduleExpression: "rate(1 day)",
      FlexibleTimeWindow: { Mode: "OFF" },
      Target: {
        Arn: { Ref: "Machine" },
        RoleArn: arn("ScheduleRole"),
        Input: '{"at":"<aws.scheduler.scheduled-time>"}',
      },
    },
  },
  Members: {
    Type: "AWS::CloudFormation::StackSet",
    Properties: {
      StackSetName: "Members",
      PermissionModel: "SERVICE_MANAGED",
      Parameters: [{ ParameterKey: "Trusted", ParameterValue: { Ref: "AWS::AccountId" } }],
      StackInstancesGroup: [
        { DeploymentTargets: { OrganizationalUnitIds: ["ou-root-workloads"] }, Regions: ["eu-central-1"] },
      ],
      TemplateBody: JSON.stringify({
        Parameters: { Trusted: { Type: "String" } },
        Resources: {
          Role: {
            Type: "AWS::IAM::Role",
            Properties: {
              RoleName: "Member",
              AssumeRolePolicyDocument: {
                Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { AWS: { Ref: "Trusted" } } }],
              },
              Policies: [{ PolicyName: "p", PolicyDocument: { of: { Ref: "AWS::AccountId" } } }],
            },
          },
        },
      }),
    },
  },
  Log: { Type: "AWS::Logs::LogGroup" },
};

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "assembly-"));
});
afterEach(async () => {
  for (const emulator of emulators.splice(0)) await emulator.close();
  rmSync(directory, { recursive: true });
});

/** Deploys a stack of these resources, as `cdk synth` would have written it. */
async function deployed(Resources: object = resources) {
  writeAssembly(directory, Resources, "exports.handler = async (event) => [process.env.BUCKET, event]");
  const events: ExecutionEvent[] = [];
  const { deployment, cloud } = await opened(
    Emulator.open({
      assembly: directory,
      world,
      clock: new VirtualClock({ start }),
      logArchiveAccount: central,
      onEvent: (event) => events.push(event),
    }),
  );
  const members = world.accounts.flatMap(({ id }) => cloud.iam.role(`arn:aws:iam::${id}:role/Member`) ?? []);
  return { deployment, cloud, members, events };
}

const emulators: Emulator[] = [];
async function opened(emulator: Promise<Emulator>): Promise<Emulator> {
  emulators.push(await emulator);
  return emulator;
}

test("a stack's buckets and roles are created with the policies that the template attaches to them", async () => {
  const { cloud, deployment } = await deployed();
  expect(cloud.s3.find("archive-eu-central-1")).toMatchObject({
    name: "archive-eu-central-1",
    account: central,
    region: "eu-central-1",
    policy: { of: "arn:aws:s3:::archive-eu-central-1" },
    versioning: true,
    objectLock: true,
  });
  const { attributes } = deployment.stacks[0]?.resources.find(({ logicalId }) => logicalId === "FunctionRole") ?? {};
  expect(cloud.iam.role(attributes?.Arn ?? "")).toMatchObject({ account: central, policies: [{ may: "read" }] });
});

test("a StackSet reaches active accounts in its units and below, and never the management account", async () => {
  const { members } = await deployed();
  expect(members).toMatchObject(
    ["100000000001", "100000000002"].map((id) => ({
      account: id,
      trustPolicy: { Statement: [{ Principal: { AWS: [central] } }] },
      policies: [{ of: id }],
    })),
  );
});

test.each([
  ["DIFFERENCE", ["100000000002"]],
  ["INTERSECTION", ["100000000001"]],
])("a StackSet's account filter %s is heeded", async (AccountFilterType, reached) => {
  const { Properties, Type } = resources.Members;
  const targets = {
    OrganizationalUnitIds: ["r-root"],
    Accounts: ["100000000001", central, "100000000004"],
    AccountFilterType,
  };
  const StackInstancesGroup = [{ DeploymentTargets: targets, Regions: ["eu-central-1"] }];
  const { members } = await deployed({
    ...resources,
    Members: { Type, Properties: { ...Properties, StackInstancesGroup } },
  });
  const accounts = members.map(({ account }) => account);
  expect(accounts).toEqual(expect.arrayContaining(reached));
  expect(accounts).toHaveLength(AccountFilterType === "DIFFERENCE" ? 1 : 3);
});

test("a schedule starts its state machine, which invokes the function with the template's environment", async () => {
  const { deployment, events } = await deployed();
  const [schedule] = deployment.schedules;
  if (!schedule) throw new Error("No schedule was deployed");
  const execution = await deployment.fire(schedule, start);
  expect(execution).toMatchObject({
    stateMachineArn: deployment.outputs.Stack?.Machine,
    status: "SUCCEEDED",
    output: ["archive-eu-central-1", { at: "2026-01-01T00:00:00Z" }],
  });
  expect(deployment.executions).toEqual([execution]);
  expect(events.map(({ type }) => type)).toEqual([
    "execution-started",
    "state-entered",
    "state-exited",
    "execution-ended",
  ]);
});

test("a function can be invoked by itself, by name or ARN", async () => {
  const { deployment } = await deployed();
  const [{ configuration } = { configuration: undefined }] = deployment.functions;
  for (const name of [configuration?.functionName, configuration?.functionArn])
    expect(await deployment.invoke(name ?? "", 1)).toEqual(["archive-eu-central-1", 1]);
  await expect(deployment.invoke("other", 1)).rejects.toThrow("There is no function other");
});

const { Function: lambda, Schedule, Machine, Members } = resources;
const refused: readonly [string, object, string][] = [
  ["a type it does not know", { ...resources, Net: { Type: "AWS::EC2::VPC" } }, "AWS::EC2::VPC"],
  [
    "a function whose role does not trust Lambda",
    { ...resources, FunctionRole: role("states.amazonaws.com") },
    "lambda.amazonaws.com",
  ],
  [
    "a function without an asset",
    { ...resources, Function: { ...lambda, Properties: { ...lambda.Properties, Code: { S3Key: "other.zip" } } } },
    "no asset",
  ],
  [
    "a reserved variable",
    {
      ...resources,
      Function: { ...lambda, Properties: { ...lambda.Properties, Environment: { Variables: { AWS_REGION: "x" } } } },
    },
    "reserved",
  ],
  [
    "a definition that cannot be run",
    { ...resources, Machine: { ...Machine, Properties: { ...Machine.Properties, DefinitionString: "{}" } } },
    "QueryLanguage",
  ],
  [
    "a schedule of a state machine that does not exist",
    {
      ...resources,
      Schedule: {
        ...Schedule,
        Properties: {
          ...Schedule.Properties,
          Target: { ...Schedule.Properties.Target, Arn: `arn:aws:states:eu-central-1:${central}:stateMachine:Other` },
        },
      },
    },
    "does not exist",
  ],
  [
    "a role in two Regions of an account",
    {
      ...resources,
      Members: {
        ...Members,
        Properties: {
          ...Members.Properties,
          StackInstancesGroup: [
            {
              DeploymentTargets: { OrganizationalUnitIds: ["ou-root-workloads"] },
              Regions: ["eu-central-1", "us-east-1"],
            },
          ],
        },
      },
    },
    "already exists",
  ],
];

test.each(refused)("%s is refused with its name", async (_, changed, named) => {
  await expect(deployed(changed)).rejects.toThrow(named);
});
