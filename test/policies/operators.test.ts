import type { Stack } from "../../apps/emulator";
import { operatorPolicyName, operatorRoleName } from "../../constructs/names";
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

test("an operator writes nothing to the archive, and reads it by the auditors' policy only", async () => {
  for (const action of ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"])
    expect([action, await ask(operator, action, keyed(`runs/run-1/plans/${member}.json`))]).not.toContain("allow");
  expect(await ask(operator, "s3:PutBucketPolicy", `arn:aws:s3:::${bucket}`)).toBe("deny");
});
