import { ManagedPolicy, PolicyStatement } from "aws-cdk-lib/aws-iam";
import { Construct } from "constructs";
import { partitionOf } from "../configuration/regions";
import { operatorPolicyName, operatorRoleName, stateMachineName } from "../names";

export interface OperatorPolicyProps {
  readonly logArchiveAccount: string;
  /** Any of the archive's Regions: all are of one partition. */
  readonly region: string;
}

/**
 * What the operators' commands do besides reading the archive, which the auditors' policy allows: start and look at runs, list the
 * organisation's accounts, and enter member accounts by the operators' role. Attached to no one.
 */
export class OperatorPolicy extends Construct {
  readonly managedPolicy: ManagedPolicy;

  constructor(scope: Construct, id: string, { logArchiveAccount, region }: OperatorPolicyProps) {
    super(scope, id);
    const partition = partitionOf(region);
    const states = (resource: string) => `arn:${partition}:states:*:${logArchiveAccount}:${resource}`;
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
        // Organizations has no resources for it.
        new PolicyStatement({ sid: "ListAccounts", actions: ["organizations:ListAccounts"], resources: ["*"] }),
        new PolicyStatement({
          sid: "LookIntoAccounts",
          actions: ["sts:AssumeRole"],
          resources: [`arn:${partition}:iam::${logArchiveAccount}:role/${operatorRoleName}`],
        }),
      ],
    });
  }
}
