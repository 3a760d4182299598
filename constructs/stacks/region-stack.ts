import { Stack, type StackProps } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { ArchiveBucket } from "../archive/archive-bucket";
import type { Configuration, RegionConfiguration } from "../configuration";
import { HandlerFunctions } from "../functions/handler-functions";
import { RunSchedule } from "../run/run-schedule";
import { RunStateMachine } from "../run/run-state-machine";

export interface RegionStackProps extends StackProps {
  readonly configuration: Configuration;
  readonly region: RegionConfiguration;
}

/** All that archives one Region; shares nothing with another Region's stack but the configuration. */
export class RegionStack extends Stack {
  constructor(scope: Construct, id: string, { configuration, region, ...props }: RegionStackProps) {
    super(scope, id, props);
    const { logArchiveAccount, organizationId, externalId, bucketPolicy, sourceAccounts } = configuration;
    const { bucketName } = new ArchiveBucket(this, "Archive", {
      region: region.name,
      logArchiveAccount,
      organizationId,
      ...(bucketPolicy === "accounts" ? { sourceAccounts } : {}),
    });
    const functions = new HandlerFunctions(this, "Functions", { region: region.name, bucketName, externalId });
    const { stateMachine } = new RunStateMachine(this, "Run", {
      functions,
      logGroups: configuration.logGroups,
      slot: { foreignTaskWaitMinutes: configuration.foreignTaskWaitMinutes },
      run: {
        dayTimeZone: configuration.dayTimeZone,
        lookbackDays: configuration.lookbackDays,
        schedule: region.schedule,
        targets: configuration.targets,
      },
      maxConcurrentAccounts: configuration.maxConcurrentAccounts,
    });
    new RunSchedule(this, "RunSchedule", { stateMachine, schedule: region.schedule });
  }
}
