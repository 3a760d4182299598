import { CfnOutput, Stack, type StackProps } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { ArchiveBucket } from "../archive/archive-bucket";
import type { Configuration, RegionConfiguration } from "../configuration";
import { HandlerFunctions } from "../functions/handler-functions";
import { Operations } from "../operations/operations";
import { OperationsKey } from "../operations/operations-key";
import { RunSchedule } from "../run/run-schedule";
import { RunStateMachine } from "../run/run-state-machine";
import { HomeRegion } from "./home-region";

export interface RegionStackProps extends StackProps {
  readonly configuration: Configuration;
  readonly region: RegionConfiguration;
}

/** All that archives one Region; shares nothing with another Region's stack but the configuration. */
export class RegionStack extends Stack {
  constructor(scope: Construct, id: string, { configuration, region, ...props }: RegionStackProps) {
    super(scope, id, props);
    const { logArchiveAccount, organizationId, externalId, bucketPolicy, sourceAccounts } = configuration;
    const { key: logKey } = new OperationsKey(this, "OperationsKey", { region: region.name, logArchiveAccount });
    const archive = new ArchiveBucket(this, "Archive", {
      region: region.name,
      logArchiveAccount,
      organizationId,
      ...(bucketPolicy === "accounts" ? { sourceAccounts } : {}),
      encryption: configuration.encryption,
      objectLock: configuration.objectLock,
      lifecycle: configuration.lifecycle,
    });
    const functions = new HandlerFunctions(this, "Functions", {
      region: region.name,
      bucketName: archive.bucketName,
      externalId,
      archiveKey: archive.key,
      logKey,
    });
    const { stateMachine } = new RunStateMachine(this, "Run", {
      settings: { ...configuration, ...region },
      bucketName: archive.bucketName,
      archiveKey: archive.key,
      functions,
      logKey,
    });
    const { notDelivered } = new RunSchedule(this, "RunSchedule", { stateMachine, schedule: region.schedule });
    const { topic } = new Operations(this, "Operations", {
      region: region.name,
      schedule: region.schedule,
      stateMachine,
      functions,
      notDelivered,
      key: logKey,
      logArchiveAccount,
      emails: configuration.notify.emails,
    });
    if (region.name === configuration.homeRegion) new HomeRegion(this, "HomeRegion", { configuration });

    new CfnOutput(this, "ArchiveBucketName", { value: archive.bucketName, description: "The Region's archive" });
    new CfnOutput(this, "StateMachineArn", { value: stateMachine.stateMachineArn, description: "Runs the exports" });
    new CfnOutput(this, "AlarmTopicArn", { value: topic.topicArn, description: "Where alarms are told" });
  }
}
