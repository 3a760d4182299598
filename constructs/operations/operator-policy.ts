import { ManagedPolicy, PolicyStatement } from "aws-cdk-lib/aws-iam";
import { Construct } from "constructs";
import { partitionOf } from "../configuration/regions";
import {
  archiveKeyAlias,
  operatorPolicyName,
  operatorRoleName,
  scheduleName,
  signingKeyAlias,
  stackNames,
  stackSetName,
  stateMachineName,
} from "../names";

export interface OperatorPolicyProps {
  readonly logArchiveAccount: string;
  /** Any of the archive's Regions: all are of one partition. */
  readonly region: string;
  /** Of the key that signs digests, if it is none of the stacks'. */
  readonly signingKeyArn: string | undefined;
}

/**
 * What the operators' commands do besides reading the archive, which the auditors' policy allows: start and look at runs, see how
 * the organisation and what is deployed are, and enter member accounts by the operators' role. Attached to no one.
 */
export class OperatorPolicy extends Construct {
  readonly managedPolicy: ManagedPolicy;

  constructor(scope: Construct, id: string, { logArchiveAccount, region, signingKeyArn }: OperatorPolicyProps) {
    super(scope, id);
    const partition = partitionOf(region);
    const own = (service: string, resource: string) => `arn:${partition}:${service}:*:${logArchiveAccount}:${resource}`;
    const states = (resource: string) => own("states", resource);
    this.managedPolicy = new ManagedPolicy(this, "Policy", {
      managedPolicyName: operatorPolicyName,
      description: "Starts and watches the log archive's runs, and looks into member accounts as planning does",
      statements: [
        new PolicyStatement({
          sid: "StartRuns",
          actions: ["states:StartExecution"],
          resources: [states(`stateMachine:${stateMachineName}`)],
        }),
        new PolicyStatement({
          sid: "WatchRuns",
          actions: ["states:DescribeExecution"],
          resources: [states(`execution:${stateMachineName}:*`)],
        }),
        // None of these has resources that could be named.
        new PolicyStatement({
          sid: "SeeTheOrganization",
          actions: [
            "account:ListRegions",
            "lambda:GetAccountSettings",
            "organizations:DescribeOrganization",
            "organizations:ListAWSServiceAccessForOrganization",
            "organizations:ListAccounts",
            "organizations:ListDelegatedAdministrators",
          ],
          resources: ["*"],
        }),
        new PolicyStatement({
          sid: "SeeWhatIsDeployed",
          actions: ["cloudformation:DescribeStacks", "cloudformation:GetTemplate", "scheduler:GetSchedule"],
          resources: [
            own("cloudformation", `stack/${stackNames.region("*")}/*`),
            own("scheduler", `schedule/default/${scheduleName}`),
          ],
        }),
        // A delegated administrator's StackSets belong to the management account.
        new PolicyStatement({
          sid: "SeeMemberRoles",
          actions: ["cloudformation:ListStackInstances"],
          resources: [`arn:${partition}:cloudformation:*:*:stackset/${stackSetName}:*`],
        }),
        new PolicyStatement({
          sid: "SeeKeys",
          actions: ["kms:DescribeKey"],
          resources: [own("kms", "key/*")],
          conditions: { "ForAnyValue:StringEquals": { "kms:ResourceAliases": [archiveKeyAlias, signingKeyAlias] } },
        }),
        ...(signingKeyArn === undefined
          ? []
          : [new PolicyStatement({ sid: "SeeSigningKey", actions: ["kms:DescribeKey"], resources: [signingKeyArn] })]),
        new PolicyStatement({
          sid: "LookIntoAccounts",
          actions: ["sts:AssumeRole"],
          resources: [`arn:${partition}:iam::${logArchiveAccount}:role/${operatorRoleName}`],
        }),
      ],
    });
  }
}
