import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Ask, administrator, asking, root, session, withRoles, withServiceControlPolicy } from "./support/asking";
import { deployPolicies } from "./support/deployed";
import { member, memberRoleArn, otherMember } from "./support/world";

/** The service control policy that `docs/` offers, attached to a member account, and to no other. */

const document: unknown = JSON.parse(
  readFileSync(join(__dirname, "..", "..", "docs", "scp-protect-member-role.json"), "utf8"),
);
const administratorOf = (account: string) => `arn:aws:iam::${account}:role/Administrator`;
const stackSets = `arn:aws:iam::${member}:role/stacksets-exec-0a1b2c3d`;
const stackArn = `arn:aws:cloudformation:eu-central-1:${member}:stack/StackSet-OrgLogArchive-Member-0a1b2c3d/1`;
const otherStackArn = `arn:aws:cloudformation:eu-central-1:${member}:stack/app/1`;

/** Every way in which a principal that is not allowed to becomes the role, widens it, or takes it away. */
const takeovers = [
  "iam:AttachRolePolicy",
  "iam:CreateRole",
  "iam:DeleteRole",
  "iam:DeleteRolePolicy",
  "iam:DetachRolePolicy",
  "iam:PutRolePermissionsBoundary",
  "iam:PutRolePolicy",
  "iam:UpdateAssumeRolePolicy",
  "iam:UpdateRole",
];

let ask: Ask;
beforeAll(async () => {
  const { policies } = await deployPolicies();
  const roles = [administratorOf(member), administratorOf(otherMember), stackSets];
  const administrators = withRoles(policies, Object.fromEntries(roles.map((role) => [role, [administrator]])));
  ask = asking(withServiceControlPolicy(administrators, member, document));
});

test.each([
  ["an administrator", session(administratorOf(member))],
  ["the root user", root(member)],
])("%s of the account changes neither the member role nor the role of StackSets", async (_who, who) => {
  for (const action of takeovers)
    for (const role of [memberRoleArn, stackSets])
      expect([action, role, await ask(who, action, role)]).toEqual([action, role, "explicit deny"]);
});

test("an administrator of the account changes the member role's stack as little, and any other stack as before", async () => {
  for (const action of ["cloudformation:DeleteStack", "cloudformation:UpdateStack"]) {
    expect(await ask(session(administratorOf(member)), action, stackArn)).toBe("explicit deny");
    expect(await ask(session(administratorOf(member)), action, otherStackArn)).toBe("allow");
  }
});

test("StackSets go on to create, update and remove the role and its stack", async () => {
  for (const action of takeovers)
    expect([action, await ask(session(stackSets), action, memberRoleArn)]).toEqual([action, "allow"]);
  expect(await ask(session(stackSets), "cloudformation:UpdateStack", stackArn)).toBe("allow");
});

test("other roles, and accounts without the policy, are free", async () => {
  const otherRole = `arn:aws:iam::${member}:role/app`;
  expect(await ask(session(administratorOf(member)), "iam:PutRolePolicy", otherRole)).toBe("allow");
  const elsewhere = memberRoleArn.replace(member, otherMember);
  expect(await ask(session(administratorOf(otherMember)), "iam:PutRolePolicy", elsewhere)).toBe("allow");
});
