import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Key } from "aws-cdk-lib/aws-kms";
import { Construct } from "constructs";
import { domainSuffixOf, partitionOf } from "../configuration/regions";

export interface OperationsKeyProps {
  readonly region: string;
  readonly logArchiveAccount: string;
}

/**
 * Encrypts what is written about the runs: log groups and alarm messages. A key of AWS's own would keep alarms from the topic:
 * https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
 */
export class OperationsKey extends Construct {
  readonly key: Key;

  constructor(scope: Construct, id: string, { region, logArchiveAccount }: OperationsKeyProps) {
    super(scope, id);
    const partition = partitionOf(region);
    this.key = new Key(this, "Key", {
      alias: "alias/org-log-archive-operations",
      description: "Encrypts the log archive's own logs and alarm messages in this Region",
      enableKeyRotation: true,
    });
    // https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
    this.key.addToResourcePolicy(
      new PolicyStatement({
        sid: "LogGroups",
        principals: [new ServicePrincipal(`logs.${region}.${domainSuffixOf(region)}`)],
        actions: ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"],
        resources: ["*"],
        conditions: {
          ArnLike: {
            "kms:EncryptionContext:aws:logs:arn": `arn:${partition}:logs:${region}:${logArchiveAccount}:log-group:*`,
          },
        },
      }),
    );
    this.key.addToResourcePolicy(
      new PolicyStatement({
        sid: "Alarms",
        principals: [new ServicePrincipal("cloudwatch.amazonaws.com")],
        actions: ["kms:Decrypt", "kms:GenerateDataKey*"],
        resources: ["*"],
        conditions: { StringEquals: { "aws:SourceAccount": logArchiveAccount } },
      }),
    );
  }
}
