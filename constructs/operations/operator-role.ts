import { AccountPrincipal, Role } from "aws-cdk-lib/aws-iam";
import { Construct } from "constructs";
import { partitionOf } from "../configuration/regions";
import { assumeMemberRole } from "../functions/permissions";
import { operatorRoleName } from "../names";

export interface OperatorRoleProps {
  readonly logArchiveAccount: string;
  /** Any of the archive's Regions: all are of one partition. */
  readonly region: string;
}

/**
 * What operators' commands enter member accounts with: it may assume the member role, and nothing else. A principal that has `sts:AssumeRole` on
 * it in the log archive account may use it.
 */
export class OperatorRole extends Construct {
  constructor(scope: Construct, id: string, { logArchiveAccount, region }: OperatorRoleProps) {
    super(scope, id);
    const role = new Role(this, "Role", {
      roleName: operatorRoleName,
      description: "Enters member accounts for operators; can do nothing else",
      assumedBy: new AccountPrincipal(logArchiveAccount),
    });
    role.addToPolicy(assumeMemberRole({ partition: partitionOf(region) }));
  }
}
