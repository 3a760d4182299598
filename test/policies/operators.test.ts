import { z } from "zod";
import { resourcesOf, type Stack } from "../../apps/emulator";
import { operatorPolicyName, operatorRoleName } from "../../constructs/names";
import { oneExportOnly } from "../../handlers/clients/member-sessions";
import { type Ask, asking, keyed, session, withRoles } from "./support/asking";
import { deployPolicies, managedPolicy } from "./support/deployed";
import { bucket, logArchiveAccount, member, memberRoleArn, otherRegion, region } from "./support/world";

const roleArn = `arn:aws:iam::${logArchiveAccount}:role/Operator`;
const operator = session(roleArn);
const states = (resource: string, name = region) => `arn:aws:states:${name}:${logArchiveAccount}:${resource}`;

let ask: Ask;
let stacks: readonly Stack[];
beforeAll(async () => {
  const deployed = await deployPolicies();
  stacks = deployed.stacks;
  ask = asking(withRoles(deployed.policies, { [roleArn]: managedPolicy(stacks, operatorPolicyName) }));
});

test("an operator starts and watches runs in every Region, and no other state machine's", async () => {
  for (const name of [region, otherRegion]) {
    expect(await ask(operator, "states:StartExecution", states("stateMachine:OrgLogArchive", name))).toBe("allow");
    expect(await ask(operator, "states:DescribeExecution", states("execution:OrgLogArchive:run-1", name))).toBe(
      "allow",
    );
  }
  expect(await ask(operator, "states:StartExecution", states("stateMachine:Another"))).toBe("deny");
  expect(await ask(operator, "states:DescribeExecution", states("execution:Another:run-1"))).toBe("deny");
  expect(await ask(operator, "states:StopExecution", states("execution:OrgLogArchive:run-1"))).toBe("deny");
  for (const action of ["states:UpdateStateMachine", "states:DeleteStateMachine"])
    expect([action, await ask(operator, action, states("stateMachine:OrgLogArchive"))]).toEqual([action, "deny"]);
});

test("an operator lists the accounts, and enters them by the operators' role alone", async () => {
  const named = { "sts:RoleSessionName": "plan" };
  expect(await ask(operator, "organizations:ListAccounts", "*")).toBe("allow");
  const own = `arn:aws:iam::${logArchiveAccount}:role/${operatorRoleName}`;
  expect(await ask(operator, "sts:AssumeRole", own, named)).toBe("allow");
  expect(await ask(operator, "sts:AssumeRole", memberRoleArn, named)).toBe("deny");
});

describe("an operator's export of one log group", () => {
  const group = `arn:aws:logs:${region}:${member}:log-group:/app/web`;
  const acl = { "s3:x-amz-acl": "bucket-owner-full-control" };
  const exported = keyed(`${member}/2026-11-20/aws-logs-write-test`);
  const sessionOf = (...without: { action: string; resource: string }[]) =>
    session(memberRoleArn, JSON.parse(oneExportOnly("aws", member, { logGroup: "/app/web", without })));

  test("is made as the member role alone: neither the operator nor the operators' role creates one, or writes", async () => {
    for (const who of [operator, session(`arn:aws:iam::${logArchiveAccount}:role/${operatorRoleName}`)]) {
      expect(await ask(who, "logs:CreateExportTask", group)).toBe("deny");
      expect(await ask(who, "logs:CreateExportTask", group.replace(member, logArchiveAccount))).toBe("deny");
      expect(await ask(who, "s3:PutObject", exported, acl)).not.toBe("allow");
    }
    expect(await ask(sessionOf(), "logs:CreateExportTask", group)).toBe("allow");
    for (const action of ["s3:PutObject", "s3:PutObjectAcl"])
      expect(await ask(sessionOf(), action, exported, acl)).toBe("allow");
  });

  test("is of that log group alone, and opens nothing that the member role has not", async () => {
    for (const other of ["/app/web2", "/app", "/app/web/x"])
      expect([other, await ask(sessionOf(), "logs:CreateExportTask", group.replace("/app/web", other))]).toEqual([
        other,
        "deny",
      ]);
    expect(await ask(sessionOf(), "logs:CancelExportTask", "*")).toBe("deny");
    for (const action of ["logs:FilterLogEvents", "logs:DescribeSubscriptionFilters", "logs:ListTagsForResource"])
      expect([action, await ask(sessionOf(), action, group)]).toEqual([action, "deny"]);
    for (const action of ["s3:GetObject", "s3:DeleteObject"])
      expect(await ask(sessionOf(), action, exported)).not.toBe("allow");
    expect(
      await ask(sessionOf(), "s3:PutObject", keyed(`receipts/day=2026-11-20/account=${member}/x.1.json`)),
    ).not.toBe("allow");
  });

  test("is tried without a right by denying it, and that right alone", async () => {
    const withoutAcl = sessionOf({ action: "s3:PutObjectAcl", resource: "*" });
    expect(await ask(withoutAcl, "s3:PutObjectAcl", exported, acl)).not.toBe("allow");
    expect(await ask(withoutAcl, "s3:PutObject", exported, acl)).toBe("allow");
  });

  test("has a policy that STS takes, however long the log group's name is", () => {
    const logGroup = "a".repeat(512);
    const kmsKey = { action: "kms:Decrypt", resource: `arn:aws:kms:ap-southeast-3:${member}:key/${"0".repeat(36)}` };
    expect(oneExportOnly("aws-us-gov", member, { logGroup, without: [kmsKey] }).length).toBeLessThanOrEqual(2048);
  });
});

test("an operator writes nothing to the archive, and reads it by the auditors' policy only", async () => {
  for (const action of ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"])
    expect([action, await ask(operator, action, keyed(`runs/run-1/plans/${member}.json`))]).not.toContain("allow");
  expect(await ask(operator, "s3:PutBucketPolicy", `arn:aws:s3:::${bucket}`)).toBe("deny");
});

test("an operator sees what is deployed, and nothing of other stacks, schedules and keys", async () => {
  const own = (service: string, resource: string) => `arn:aws:${service}:${region}:${logArchiveAccount}:${resource}`;
  const seen: readonly (readonly [string, string, string])[] = [
    ["cloudformation:DescribeStacks", own("cloudformation", `stack/OrgLogArchive-${region}/1`), "allow"],
    ["cloudformation:GetTemplate", own("cloudformation", `stack/OrgLogArchive-${region}/1`), "allow"],
    ["cloudformation:GetTemplate", own("cloudformation", "stack/Another/1"), "deny"],
    ["cloudformation:DeleteStack", own("cloudformation", `stack/OrgLogArchive-${region}/1`), "deny"],
    ["scheduler:GetSchedule", own("scheduler", "schedule/default/OrgLogArchive"), "allow"],
    ["scheduler:GetSchedule", own("scheduler", "schedule/default/Another"), "deny"],
    ["scheduler:UpdateSchedule", own("scheduler", "schedule/default/OrgLogArchive"), "deny"],
  ];
  for (const [action, resource, answer] of seen)
    expect([action, resource, await ask(operator, action, resource)]).toEqual([action, resource, answer]);
  const Alias = z.object({ AliasName: z.string(), TargetKeyId: z.string() });
  for (const stack of stacks)
    for (const { read } of resourcesOf(stack, "AWS::KMS::Alias", Alias)) {
      const named = { "kms:ResourceAliases": [read.AliasName] };
      const isOfArchive = read.AliasName !== "alias/org-log-archive-operations";
      const answer = await ask(operator, "kms:DescribeKey", read.TargetKeyId, named);
      expect([read.AliasName, answer]).toEqual([read.AliasName, isOfArchive ? "allow" : "deny"]);
      expect(await ask(operator, "kms:Decrypt", read.TargetKeyId, named)).not.toBe("allow");
    }
});
