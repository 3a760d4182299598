import { DescribeLogGroupsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { AssumeRoleCommand, type AssumeRoleCommandInput, GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { archive, closeAll, createRoles, emulate, externalId, member, trust, world } from "../../support/organisation";
import { errorName } from "../logs/exports";

afterEach(closeAll);

async function assuming(change: Partial<AssumeRoleCommandInput> = {}) {
  const emulated = await emulate();
  const { exporter, memberRole } = createRoles(emulated.cloud);
  const input = { RoleArn: memberRole, RoleSessionName: "run", ExternalId: externalId, ...change };
  return { ...emulated, exporter, answer: emulated.sts(archive, exporter).send(new AssumeRoleCommand(input)) };
}

it("gives a session of the role to a caller whom its trust policy names", async () => {
  const { answer, sts } = await assuming();
  const { AccessKeyId = "", SecretAccessKey = "", SessionToken = "" } = (await answer).Credentials ?? {};
  const session = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
  const identity = await sts(member, session).send(new GetCallerIdentityCommand({}));
  expect(identity).toMatchObject({
    Account: member,
    Arn: `arn:aws:sts::${member}:assumed-role/OrgLogArchiveMember/run`,
  });
});

it.each([
  ["another external id", { ExternalId: "another" }, "AccessDenied"],
  ["no external id", { ExternalId: undefined }, "AccessDenied"],
  ["a role that does not exist", { RoleArn: `arn:aws:iam::${member}:role/Nothing` }, "AccessDenied"],
  ["more than an hour for a chained session", { DurationSeconds: 3601 }, "ValidationError"],
  ["a session name with a space", { RoleSessionName: "a run" }, "ValidationError"],
  ["a session name of more than 64 characters", { RoleSessionName: "r".repeat(65) }, "ValidationError"],
  [
    "a session policy of more than 2,048 characters",
    { Policy: JSON.stringify({ a: "x".repeat(2048) }) },
    "ValidationError",
  ],
  ["a session policy that is not JSON", { Policy: "{" }, "MalformedPolicyDocument"],
])("refuses %s", async (_case, change, name) => {
  const { answer } = await assuming(change as Partial<AssumeRoleCommandInput>);
  await expect(answer).rejects.toMatchObject({ Code: name });
});

it("does not trust another role of the trusted account", async () => {
  const { cloud, sts } = await emulate();
  const { memberRole } = createRoles(cloud);
  const other = cloud.iam.createRole({
    account: archive,
    name: "Other",
    trustPolicy: trust({ Service: "lambda.amazonaws.com" }),
  });
  const client = sts(archive, cloud.iam.issueCredentials(other.arn, "function"));
  const command = new AssumeRoleCommand({ RoleArn: memberRole, RoleSessionName: "run", ExternalId: externalId });
  await expect(client.send(command)).rejects.toMatchObject({ Code: "AccessDenied" });
});

it("does not open a suspended account", async () => {
  const plain = world();
  const accounts = plain.accounts.map((account) =>
    account.id === member ? { ...account, state: "SUSPENDED" as const } : account,
  );
  const { cloud, sts } = await emulate({ world: { ...plain, accounts } });
  const { exporter, memberRole } = createRoles(cloud);
  const command = new AssumeRoleCommand({ RoleArn: memberRole, RoleSessionName: "run", ExternalId: externalId });
  await expect(sts(archive, exporter).send(command)).rejects.toMatchObject({ Code: "AccessDenied" });
});

it("ends a session at its expiry", async () => {
  const { answer, clock, logs } = await assuming({ DurationSeconds: 900 });
  const { AccessKeyId = "", SecretAccessKey = "", SessionToken = "", Expiration } = (await answer).Credentials ?? {};
  expect(Expiration?.getTime()).toBe(clock.now() + 900_000);
  const session = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
  const list = (): Promise<string> => errorName(logs(member, session).send(new DescribeLogGroupsCommand({})));
  expect(await list()).toBe("no error");
  clock.advance(900_000);
  expect(await list()).toBe("ExpiredTokenException");
});

it("tells the authoriser the session's policy and its role", async () => {
  const seen: object[] = [];
  const { cloud, sts, logs } = await emulate({
    authorize: ({ principal, context }) => {
      seen.push({ principal, arn: context["aws:PrincipalArn"] });
      return "allow";
    },
  });
  const { exporter, memberRole } = createRoles(cloud);
  const Policy = JSON.stringify({ Version: "2012-10-17", Statement: [] });
  const command = new AssumeRoleCommand({
    RoleArn: memberRole,
    RoleSessionName: "run",
    ExternalId: externalId,
    Policy,
  });
  const {
    AccessKeyId = "",
    SecretAccessKey = "",
    SessionToken = "",
  } = (await sts(archive, exporter).send(command)).Credentials ?? {};
  await logs(member, { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken }).send(
    new DescribeLogGroupsCommand({}),
  );
  expect(seen.at(-1)).toEqual({
    principal: expect.objectContaining({
      kind: "session",
      account: member,
      roleArn: memberRole,
      sessionPolicy: Policy,
    }),
    arn: memberRole,
  });
});
