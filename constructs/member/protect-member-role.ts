import { Effect, PolicyDocument, PolicyStatement } from "aws-cdk-lib/aws-iam";
import { memberRoleName } from "../../handlers/archive/layout";
import { stackSetName } from "../names";

/** What service-managed StackSets create roles of this name for: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-orgs-enable-trusted-access.html */
const stackSetsRoles = "arn:*:iam::*:role/stacksets-exec-*";

const changes = [
  "iam:AttachRolePolicy",
  "iam:CreateRole",
  "iam:DeleteRole",
  "iam:DeleteRolePermissionsBoundary",
  "iam:DeleteRolePolicy",
  "iam:DetachRolePolicy",
  "iam:PutRolePermissionsBoundary",
  "iam:PutRolePolicy",
  "iam:TagRole",
  "iam:UntagRole",
  "iam:UpdateAssumeRolePolicy",
  "iam:UpdateRole",
  "iam:UpdateRoleDescription",
];

/**
 * A service control policy: in the accounts that it is attached to, only StackSets change the member role, so that no
 * administrator there acts as it. Service control policies bind no service-linked role, by which StackSets keep theirs.
 */
export function protectMemberRole(): unknown {
  const onlyStackSets = { ArnNotLike: { "aws:PrincipalArn": stackSetsRoles } };
  const document = new PolicyDocument({
    statements: [
      new PolicyStatement({
        sid: "OnlyStackSetsChangeTheMemberRole",
        effect: Effect.DENY,
        actions: changes,
        resources: [`arn:*:iam::*:role/${memberRoleName}`],
        conditions: onlyStackSets,
      }),
      new PolicyStatement({
        sid: "OnlyStackSetsChangeItsStack",
        effect: Effect.DENY,
        actions: ["cloudformation:DeleteStack", "cloudformation:UpdateStack"],
        resources: [`arn:*:cloudformation:*:*:stack/StackSet-${stackSetName}-*`],
        conditions: onlyStackSets,
      }),
      new PolicyStatement({
        sid: "NobodyTakesTheRoleOfStackSets",
        effect: Effect.DENY,
        actions: changes,
        resources: [stackSetsRoles],
      }),
    ],
  });
  return document.toJSON();
}
