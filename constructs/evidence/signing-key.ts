import { RemovalPolicy } from "aws-cdk-lib";
import { AccountRootPrincipal, AnyPrincipal, Effect, PolicyDocument, PolicyStatement } from "aws-cdk-lib/aws-iam";
import { Key, KeySpec, KeyUsage } from "aws-cdk-lib/aws-kms";
import { Construct } from "constructs";
import { partitionOf } from "../configuration/regions";
import { functionRoleName, signingKeyAlias } from "../names";

export interface SigningKeyProps {
  readonly region: string;
  readonly logArchiveAccount: string;
}

/**
 * The key that signs a Region's digests. Its private half never leaves KMS, and its public half verifies without AWS. It outlives
 * its stack: a key that is scheduled for deletion signs nothing more, and what it has signed stays good.
 */
export class SigningKey extends Construct {
  readonly key: Key;

  constructor(scope: Construct, id: string, { region, logArchiveAccount }: SigningKeyProps) {
    super(scope, id);
    const signer = `arn:${partitionOf(region)}:iam::${logArchiveAccount}:role/${functionRoleName("sign-digest", region)}`;
    this.key = new Key(this, "Key", {
      alias: signingKeyAlias,
      description: "Signs the digests of the organisation's log archive in this Region",
      keySpec: KeySpec.ECC_NIST_P256,
      keyUsage: KeyUsage.SIGN_VERIFY,
      removalPolicy: RemovalPolicy.RETAIN,
      policy: new PolicyDocument({
        statements: [
          new PolicyStatement({
            sid: "AccountAdministersAndReads",
            principals: [new AccountRootPrincipal()],
            actions: ["kms:*"],
            resources: ["*"],
          }),
          // An administrator of the account can change this policy first: CloudTrail tells of it, and a key of another account
          // is out of reach.
          new PolicyStatement({
            sid: "SignDigestAloneSigns",
            effect: Effect.DENY,
            principals: [new AnyPrincipal()],
            actions: ["kms:Sign"],
            resources: ["*"],
            conditions: { ArnNotEquals: { "aws:PrincipalArn": signer } },
          }),
        ],
      }),
    });
  }
}
