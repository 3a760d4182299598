import { CfnOutput, Stack, type StackProps } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { ArchiveBucket } from "../archive/archive-bucket";
import type { Configuration, RegionConfiguration } from "../configuration";
import { configurationSha256 } from "../configuration/fingerprint";
import { SigningKey } from "../evidence/signing-key";
import { HandlerFunctions } from "../functions/handler-functions";
import { configurationOutput } from "../names";
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
      eventFiles: configuration.eventFiles,
      accessLogs: configuration.accessLogs,
    });
    const signingKeyArn =
      configuration.signing.keyArn ??
      new SigningKey(this, "SigningKey", { region: region.name, logArchiveAccount }).key.keyArn;
    const functions = new HandlerFunctions(this, "Functions", {
      region: region.name,
      bucketName: archive.bucketName,
      externalId,
      archiveKey: archive.key,
      logKey,
      signingKeyArn,
      digestCopies: configuration.digestCopies?.bucket,
      configurationSha256: configurationSha256(configuration),
    });
    const operations = new Operations(this, "Operations", {
      key: logKey,
      logArchiveAccount,
      emails: configuration.notify.emails,
    });
    const { topic } = operations;
    const { stateMachine } = new RunStateMachine(this, "Run", {
      settings: { ...configuration, ...region },
      bucketName: archive.bucketName,
      archiveKey: archive.key,
      functions,
      topic,
      logKey,
    });
    const { notDelivered } = new RunSchedule(this, "RunSchedule", { stateMachine, schedule: region.schedule });
    operations.watch({ region: region.name, schedule: region.schedule, stateMachine, functions, notDelivered });
    if (region.name === configuration.homeRegion) new HomeRegion(this, "HomeRegion", { configuration });

    const configured = configurationSha256(configuration);
    new CfnOutput(this, configurationOutput, { value: configured, description: "The configuration that was deployed" });
    new CfnOutput(this, "ArchiveBucketName", { value: archive.bucketName, description: "The Region's archive" });
    new CfnOutput(this, "StateMachineArn", { value: stateMachine.stateMachineArn, description: "Runs the exports" });
    new CfnOutput(this, "SigningKeyArn", { value: signingKeyArn, description: "Signs what the archive holds" });
    new CfnOutput(this, "AlarmTopicArn", { value: topic.topicArn, description: "Where alarms are told" });
  }
}
