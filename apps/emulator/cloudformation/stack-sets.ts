import { z } from "zod";
import type { World } from "../world/world";
import { NotDeployable } from "./errors";
import { instantiate, resourcesOf, type Stack } from "./stack";
import { Template } from "./template";

const DeploymentTargets = z.strictObject({
  OrganizationalUnitIds: z.array(z.string()).min(1),
  Accounts: z.array(z.string()).default([]),
  AccountFilterType: z.enum(["INTERSECTION", "DIFFERENCE", "NONE"]).default("NONE"),
});
export type DeploymentTargets = z.input<typeof DeploymentTargets>;

const StackSet = z.object({
  StackSetName: z.string(),
  PermissionModel: z.literal("SERVICE_MANAGED"),
  TemplateBody: z.string(),
  Parameters: z.array(z.object({ ParameterKey: z.string(), ParameterValue: z.string() })).default([]),
  StackInstancesGroup: z.array(z.object({ DeploymentTargets, Regions: z.array(z.string()).min(1) })).default([]),
});

/**
 * The accounts that a service-managed StackSet reaches: the active ones in the targets and below them, never the management
 * account. https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-orgs-associate-stackset-with-org.html
 */
export function targetAccounts(
  { organization, organizationalUnits, accounts }: World,
  targets: DeploymentTargets,
): string[] {
  const { OrganizationalUnitIds, Accounts, AccountFilterType } = DeploymentTargets.parse(targets);
  const parents = new Map(organizationalUnits.map(({ id, parent }) => [id, parent]));
  for (const id of OrganizationalUnitIds) {
    if (id !== organization.rootId && !parents.has(id))
      throw new NotDeployable(`A StackSet targets ${id}, which is neither the root nor an organisational unit`);
  }
  const isWithin = (parent: string | undefined): boolean =>
    parent !== undefined && (OrganizationalUnitIds.includes(parent) || isWithin(parents.get(parent)));
  const passes = (id: string) =>
    AccountFilterType === "NONE" || Accounts.includes(id) === (AccountFilterType === "INTERSECTION");
  return (
    accounts
      // An account that is being closed got its instances while it was active.
      .filter(({ state, parent }) => (state === "ACTIVE" || state === "PENDING_CLOSURE") && isWithin(parent))
      .map(({ id }) => id)
      .filter((id) => id !== organization.managementAccount && passes(id))
  );
}

/** The stack instances of a stack's StackSets. */
export function stackInstances(stack: Stack, world: World): Stack[] {
  return [...resourcesOf(stack, "AWS::CloudFormation::StackSet", StackSet)].flatMap(({ read }) => {
    const { StackSetName, TemplateBody, Parameters, StackInstancesGroup } = read;
    const template = Template.parse(JSON.parse(TemplateBody));
    const foreign = Object.values(template.Resources).find(({ Type }) => !Type.startsWith("AWS::IAM::"));
    if (foreign)
      throw new NotDeployable(`StackSet ${StackSetName} creates ${foreign.Type}: the emulator rolls out only IAM`);
    const parameters = Object.fromEntries(
      Parameters.map(({ ParameterKey, ParameterValue }) => [ParameterKey, ParameterValue]),
    );
    return StackInstancesGroup.flatMap(({ DeploymentTargets: targets, Regions }) =>
      targetAccounts(world, targets).flatMap((account) =>
        Regions.map((region) =>
          instantiate({
            stackName: `StackSet-${StackSetName}`,
            environment: { account, region },
            template,
            parameters,
            imports: () => undefined,
          }),
        ),
      ),
    );
  });
}
