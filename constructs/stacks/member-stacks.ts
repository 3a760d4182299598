import { Stack, type StackProps } from "aws-cdk-lib";
import type { Construct } from "constructs";
import type { Configuration } from "../configuration";
import { MemberRole, type MemberRoleProps } from "../member/member-role";
import { MemberStackSet } from "../member/member-stack-set";

export interface MemberStackProps extends StackProps {
  readonly configuration: Configuration;
}

/** Brings the member role to the organisation's accounts. */
export class MembersStack extends Stack {
  constructor(scope: Construct, id: string, { configuration, ...props }: MemberStackProps) {
    super(scope, id, props);
    new MemberStackSet(this, "Members", {
      member: memberRoleProps(configuration),
      targets: configuration.targets,
      ...configuration.stackSet,
      region: configuration.homeRegion,
    });
  }
}

/** The member role in the management account, to which StackSets never deploy. */
export class ManagementAccountStack extends Stack {
  constructor(scope: Construct, id: string, { configuration, ...props }: MemberStackProps) {
    super(scope, id, props);
    new MemberRole(this, "Member", memberRoleProps(configuration));
  }
}

function memberRoleProps({ logArchiveAccount, organizationId, externalId, regions }: Configuration): MemberRoleProps {
  return { logArchiveAccount, organizationId, externalId, regions: regions.map(({ name }) => name) };
}
