import type { Context } from "../../apps/emulator";
import { functionRoleName, operatorRoleName } from "../../constructs/names";
import {
  type Ask,
  administrator,
  asking,
  handler,
  keyed,
  memberRole,
  root,
  session,
  withRoles,
} from "./support/asking";
import { deployPolicies } from "./support/deployed";
import {
  bucket,
  externalId,
  foreignAccount,
  logArchiveAccount,
  logGroupKey,
  managementAccount,
  member,
  memberRoleArn,
  otherMember,
  region,
} from "./support/world";

/** Like an exporter's, in an account of the organisation that is not the log archive account. */
const imitator = `arn:aws:iam::${otherMember}:role/${functionRoleName("run-export-tasks", region)}`;
const foreignImitator = `arn:aws:iam::${foreignAccount}:role/${functionRoleName("run-export-tasks", region)}`;
const stranger = `arn:aws:iam::${logArchiveAccount}:role/Stranger`;
/** A principal that can act as anything in a member account, but for its root. */
const memberAdministrator = `arn:aws:iam::${member}:role/Administrator`;

const day = "2026-11-20";
const logGroup = `arn:aws:logs:${region}:${member}:log-group:/app/web`;
const writing = ["s3:PutObject", "s3:PutObjectAcl"];
const acl = { "s3:x-amz-acl": "bucket-owner-full-control" };
const given: Context = { "sts:ExternalId": externalId, "sts:RoleSessionName": "run" };

let ask: Ask;
/** Where the member account has given its role every right. */
let askOmnipotent: Ask;
/** Where requests do not say whose the resource is. */
let askUnsaid: Ask;
beforeAll(async () => {
  // Without a key of the archive's own, which would deny too, so that the bucket policy decides alone.
  const { policies } = await deployPolicies({ encryption: "s3" });
  const all = [administrator];
  const roles = { [imitator]: all, [foreignImitator]: all, [stranger]: all, [memberAdministrator]: all };
  ask = asking(withRoles(policies, roles));
  askOmnipotent = asking(withRoles(policies, { [memberRoleArn]: all }));
  askUnsaid = asking(policies, ["aws:ResourceAccount"]);
});

describe("a member role", () => {
  test("may export its account's log groups to its account's prefix", async () => {
    expect(await ask(memberRole(), "logs:CreateExportTask", logGroup)).toBe("allow");
    for (const action of writing)
      expect(await ask(memberRole(), action, keyed(`${member}/${day}/aws-logs-write-test`), acl)).toBe("allow");
  });

  test.each(writing)(
    "has %s on the log archive account's bucket only, also if another takes its name",
    async (action) => {
      const key = keyed(`${member}/${day}/x`);
      for (const account of [member, otherMember, foreignAccount])
        expect(await ask(memberRole(), action, key, { ...acl, "aws:ResourceAccount": account })).toBe("deny");
    },
  );

  test.each([
    ["logs:CreateExportTask", logGroup],
    ["logs:DescribeLogStreams", logGroup],
    ["logs:DescribeExportTasks", "*"],
    ["logs:DescribeLogGroups", "*"],
    ["logs:ListLogGroups", "*"],
  ])("has %s in its own account only, also where AWS does not say whose the resource is", async (action, resource) => {
    const { principal, context } = memberRole();
    const of = (account: string) => ask({ principal, context }, action, resource, { "aws:ResourceAccount": account });
    expect(await of(member)).toBe("allow");
    expect(await of(otherMember)).toBe("deny");
    expect(await askUnsaid(memberRole(), action, resource)).toBe("allow");
  });

  test.each([
    ["another account's prefix", `${otherMember}/${day}/x`],
    ["a prefix that only begins like its own", `${member}9/${day}/x`],
    ["receipts", `receipts/day=${day}/account=${member}/x.1.json`],
    ["coverage", `coverage/day=${day}/account=${member}/run-1.jsonl`],
    ["run records", "runs/run/report.json"],
    ["the top of the bucket", "x"],
  ])("cannot write to %s", async (_where, key) => {
    for (const action of writing) {
      expect(await ask(memberRole(), action, keyed(key), acl)).not.toBe("allow");
      // Each of the two policies by itself: the bucket's, where the account gives the role everything, and the role's,
      // which is the only one to allow anything in the bucket's own account.
      expect(await askOmnipotent(memberRole(), action, keyed(key), acl)).not.toBe("allow");
      expect(await ask(memberRole(logArchiveAccount), action, keyed(key), acl)).not.toBe("allow");
    }
  });

  test.each([
    ["read its own account's archive", "s3:GetObject", `${member}/${day}/x`],
    ["read another account's archive", "s3:GetObject", `${otherMember}/${day}/x`],
    ["read a receipt", "s3:GetObject", "receipts/x"],
    ["read older versions", "s3:GetObjectVersion", `${member}/${day}/x`],
    ["delete what it wrote", "s3:DeleteObject", `${member}/${day}/x`],
    ["delete versions of what it wrote", "s3:DeleteObjectVersion", `${member}/${day}/x`],
    ["change access to a version of what it wrote", "s3:PutObjectVersionAcl", `${member}/${day}/x`],
    ["change the lock of what it wrote", "s3:PutObjectRetention", `${member}/${day}/x`],
  ])("cannot %s", async (_what, action, key) => {
    expect(await ask(memberRole(), action, keyed(key))).not.toBe("allow");
    expect(await askOmnipotent(memberRole(), action, keyed(key))).not.toBe("allow");
    expect(await ask(memberRole(logArchiveAccount), action, keyed(key))).not.toBe("allow");
  });

  test("cannot list the archive", async () => {
    const prefix = { "s3:prefix": `${member}/` };
    expect(await ask(memberRole(), "s3:ListBucket", `arn:aws:s3:::${bucket}`, prefix)).not.toBe("allow");
  });

  test.each([
    "logs:GetLogEvents",
    "logs:FilterLogEvents",
    "logs:StartQuery",
    "logs:Unmask",
    "logs:DeleteLogGroup",
    "logs:PutRetentionPolicy",
    "logs:PutSubscriptionFilter",
    "logs:PutLogEvents",
  ])("cannot %s", async (action) => {
    const stream = ["logs:GetLogEvents", "logs:PutLogEvents"].includes(action) ? ":log-stream:main" : "";
    expect(await ask(memberRole(), action, `${logGroup}${stream}`)).toBe("deny");
  });

  test("cannot cancel any export task", async () => {
    expect(await ask(memberRole(), "logs:CancelExportTask", "*")).toBe("deny");
  });

  test.each(["logs:CreateExportTask", "logs:DescribeLogStreams"])(
    "has %s in the configured Regions only",
    async (action) => {
      const elsewhere = `arn:aws:logs:eu-west-1:${member}:log-group:/app/web`;
      expect(await ask(memberRole(), action, logGroup)).toBe("allow");
      expect(await ask(memberRole(), action, elsewhere, { "aws:RequestedRegion": "eu-west-1" })).toBe("deny");
    },
  );

  test("decrypts its account's log groups through CloudWatch Logs, and nothing else", async () => {
    const through = (service: string) => ({ "kms:ViaService": `${service}.${region}.amazonaws.com` });
    const otherKey = logGroupKey.replace(member, otherMember);
    expect(await ask(memberRole(), "kms:Decrypt", logGroupKey, through("logs"))).toBe("allow");
    expect(await ask(memberRole(), "kms:Decrypt", logGroupKey, through("s3"))).toBe("deny");
    expect(await ask(memberRole(), "kms:Decrypt", logGroupKey)).toBe("deny");
    expect(await ask(memberRole(), "kms:Decrypt", otherKey, through("logs"))).toBe("deny");
  });
});

describe("the rest of a member account", () => {
  test.each([
    ["an administrator", session(memberAdministrator)],
    ["the root", root(member)],
  ])("cannot write to the archive, be it %s", async (_who, who) => {
    expect(await ask(who, "s3:PutObject", keyed(`${member}/${day}/x`), acl)).toBe("deny");
    expect(await ask(who, "s3:GetObject", keyed(`${member}/${day}/x`))).toBe("deny");
  });
});

describe("the trust of a member role", () => {
  test.each(["plan-exports", "run-export-tasks"] as const)("lets %s assume it", async (name) => {
    expect(await ask(handler(name), "sts:AssumeRole", memberRoleArn, given)).toBe("allow");
    expect(await ask(handler(name, "us-east-1"), "sts:AssumeRole", memberRoleArn, given)).toBe("allow");
  });

  test("lets operators assume it by a role that can do nothing else, and that only the log archive account may use", async () => {
    const own = `arn:aws:iam::${logArchiveAccount}:role/${operatorRoleName}`;
    const operator = session(own);
    expect(await ask(operator, "sts:AssumeRole", memberRoleArn, given)).toBe("allow");
    const record = keyed(`runs/run-1/plans/${member}.json`);
    for (const action of ["s3:GetObject", "s3:PutObject"])
      expect(await ask(operator, action, record)).not.toBe("allow");
    expect(await ask(root(logArchiveAccount), "sts:AssumeRole", own, { "sts:RoleSessionName": "plan" })).toBe("allow");
    expect(await ask(root(member), "sts:AssumeRole", own, { "sts:RoleSessionName": "plan" })).not.toBe("allow");
  });

  test.each([
    ["without an external id", { "sts:RoleSessionName": "run" }],
    ["with another external id", { ...given, "sts:ExternalId": "another" }],
  ])("lets no exporter assume it %s", async (_how, context) => {
    expect(await ask(handler("run-export-tasks"), "sts:AssumeRole", memberRoleArn, context)).toBe("deny");
  });

  test.each(["list-accounts", "record-coverage", "report-run"] as const)("does not let %s assume it", async (name) => {
    expect(await ask(handler(name), "sts:AssumeRole", memberRoleArn, given)).toBe("deny");
  });

  test.each([
    ["another role of the log archive account, an administrator's even", session(stranger)],
    ["the root of the log archive account", root(logArchiveAccount)],
    ["an exporter's name in another account", session(imitator)],
    ["an exporter's name outside the organisation", session(foreignImitator)],
    ["another member's role", memberRole(otherMember)],
    ["the management account", root(managementAccount)],
    ["an administrator of the account itself", session(memberAdministrator)],
  ])("does not let %s assume it", async (_who, who) => {
    expect(await ask(who, "sts:AssumeRole", memberRoleArn, given)).not.toBe("allow");
  });

  test("does not trust the log archive account once that has left the organisation", async () => {
    const { principal, context } = handler("run-export-tasks");
    const left = { principal, context: { ...context, "aws:PrincipalOrgID": "o-anotherorg1" } };
    expect(await ask(left, "sts:AssumeRole", memberRoleArn, given)).toBe("deny");
  });
});
