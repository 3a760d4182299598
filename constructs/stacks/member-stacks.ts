import { Annotations, Stack, type StackProps } from "aws-cdk-lib";
import type { Construct } from "constructs";
import type { Configuration } from "../configuration";
import { targetWarnings } from "../configuration/target-warnings";
import { MemberRole, type MemberRoleProps } from "../member/member-role";
import { MemberStackSet } from "../member/member-stack-set";

export interface MemberStackProps extends StackProps {
  readonly configuration: Configuration;
}

/** Brings the member role to the organisation's accounts. */
export class MembersStack extends Stack {
  constructor(scope: Construct, id: string, { configuration, ...props }: MemberStackProps) {
    super(scope, id, props);
    for (const { id: warning, message } of targetWarnings(configuration))
      Annotations.of(this).addWarningV2(`org-log-archive:${warning}`, message);
    new MemberStackSet(this, "Members", {
      member: memberRoleProps(configuration),
      targets: configuration.targets,
      ...configuration.stackSet,
      region: configuration.stackSetRegion,
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

function memberRoleProps(configuration: Configuration): MemberRoleProps {
  const { logArchiveAccount, organizationId, externalId, encryption, regions } = configuration;
  return { logArchiveAccount, organizationId, externalId, encryption, regions: regions.map(({ name }) => name) };
}
