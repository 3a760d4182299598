import { App, type AppProps } from "aws-cdk-lib";
import type { Configuration } from "../../constructs/configuration";
import { stackNames } from "../../constructs/names";
import { ManagementAccountStack, MembersStack } from "../../constructs/stacks/member-stacks";
import { RegionStack } from "../../constructs/stacks/region-stack";

/**
 * The CDK app of a configuration.
 * @throws {InvalidConfiguration} when it does not fit what is built from it.
 */
export function buildApp(configuration: Configuration, props: AppProps = {}): App {
  const app = new App(props);
  addStacks(app, configuration);
  return app;
}

/** A stack per Region, and one for the members. None imports anything from another. */
export function addStacks(app: App, configuration: Configuration): void {
  const { logArchiveAccount, stackSetRegion, regions, targets } = configuration;
  for (const region of regions)
    new RegionStack(app, stackNames.region(region.name), {
      description: `Archives the organisation's CloudWatch Logs of ${region.name}`,
      env: { account: logArchiveAccount, region: region.name },
      configuration,
      region,
    });
  new MembersStack(app, stackNames.members, {
    description: "Brings the log archive's member role to the organisation's accounts",
    env: { account: logArchiveAccount, region: stackSetRegion },
    configuration,
  });
  if (targets.managementAccount)
    new ManagementAccountStack(app, stackNames.managementAccount, {
      description: "The log archive's member role in the management account",
      env: { account: targets.managementAccount, region: stackSetRegion },
      configuration,
    });
}
