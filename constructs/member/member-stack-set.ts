import { CfnStackSet } from "aws-cdk-lib";
import { Construct } from "constructs";
import type { Targets } from "../../handlers/contract/settings";
import { stackSetName } from "../names";
import type { MemberRoleProps } from "./member-role";
import { memberTemplate } from "./member-template";

export interface MemberStackSetProps {
  readonly member: MemberRoleProps;
  readonly targets: Targets;
  readonly callAs: "DELEGATED_ADMIN" | "SELF";
  readonly retainOnRemoval: boolean;
  /** Roles are global: one Region has the stack instances. */
  readonly region: string;
}

/** Brings the member role to every account of the targets, and to those that join them later. */
export class MemberStackSet extends Construct {
  constructor(scope: Construct, id: string, props: MemberStackSetProps) {
    super(scope, id);
    new CfnStackSet(this, "StackSet", {
      stackSetName,
      description: "The role by which accounts let their CloudWatch Logs be archived",
      permissionModel: "SERVICE_MANAGED",
      callAs: props.callAs,
      autoDeployment: autoDeployment(props),
      capabilities: ["CAPABILITY_NAMED_IAM"],
      // Not typed, and passed on as it is: the names are CloudFormation's.
      managedExecution: { Active: true },
      // An account that refuses the role is in the coverage of every run; it must not keep it from the others.
      operationPreferences: {
        concurrencyMode: "SOFT_FAILURE_TOLERANCE",
        failureTolerancePercentage: 100,
        maxConcurrentPercentage: 25,
      },
      stackInstancesGroup: [{ deploymentTargets: deploymentTargets(props.targets), regions: [props.region] }],
      templateBody: JSON.stringify(memberTemplate(this, props.member)),
    });
  }
}

/** Automatic deployment ignores account filters: it would bring the role to accounts that were not asked for. */
function autoDeployment({ targets, retainOnRemoval }: MemberStackSetProps): CfnStackSet.AutoDeploymentProperty {
  if (targets.includeAccounts.length > 0) return { enabled: false };
  return { enabled: true, retainStacksOnAccountRemoval: retainOnRemoval };
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DeploymentTargets.html */
function deploymentTargets(targets: Targets): CfnStackSet.DeploymentTargetsProperty {
  const { organizationalUnits: organizationalUnitIds, includeAccounts, excludeAccounts } = targets;
  if (includeAccounts.length > 0)
    return { organizationalUnitIds, accountFilterType: "INTERSECTION", accounts: includeAccounts };
  if (excludeAccounts.length > 0)
    return { organizationalUnitIds, accountFilterType: "DIFFERENCE", accounts: excludeAccounts };
  return { organizationalUnitIds };
}
