import { z } from "zod";
import { resourcesOf, type Stack } from "../runtime/deployment/stack";
import type { Cloud } from "../services";

/** The policies of an organisation's accounts. What is not there is undefined; a thing without a policy has none in it. */
export interface Policies {
  role(arn: string): { readonly trustPolicy: unknown; readonly policies: readonly unknown[] } | undefined;
  bucket(name: string): BucketPolicies | undefined;
  key(arn: string): KeyPolicy | undefined;
  /** Service control policies that bind an account's principals, but for service-linked roles. */
  controls?(account: string): readonly unknown[];
}

export interface BucketPolicies {
  readonly account: string;
  readonly region: string;
  readonly policy?: unknown;
  /** Of the key that encrypts what is written, with SSE-KMS. */
  readonly keyArn?: string;
}

export interface KeyPolicy {
  readonly policy: unknown;
  readonly aliases: readonly string[];
}

const Bucket = z.object({
  BucketEncryption: z
    .object({
      ServerSideEncryptionConfiguration: z.array(
        z.object({ ServerSideEncryptionByDefault: z.object({ KMSMasterKeyID: z.string().optional() }).optional() }),
      ),
    })
    .optional(),
});
const Key = z.object({ KeyPolicy: z.unknown() });
const Alias = z.object({ AliasName: z.string(), TargetKeyId: z.string() });

/** What a deployment brought: roles and buckets as the cloud has them, keys as the stacks declare them. */
export class DeployedPolicies implements Policies {
  private cloud: Pick<Cloud, "iam" | "s3"> | undefined;
  private readonly keys = new Map<string, KeyPolicy>();
  private readonly keyArns = new Map<string, string>();

  /** Until then nothing is there, and nobody may do anything. */
  deployed(cloud: Pick<Cloud, "iam" | "s3">, stacks: readonly Stack[]): void {
    this.cloud = cloud;
    for (const stack of stacks) {
      const aliases = [...resourcesOf(stack, "AWS::KMS::Alias", Alias)].map(({ read }) => read);
      for (const { ref, attributes, read } of resourcesOf(stack, "AWS::KMS::Key", Key)) {
        const names = [ref, attributes.Arn ?? ""];
        const own = aliases.filter(({ TargetKeyId }) => names.includes(TargetKeyId));
        this.keys.set(attributes.Arn ?? "", {
          policy: read.KeyPolicy,
          aliases: own.map(({ AliasName }) => AliasName),
        });
      }
      for (const { ref, read } of resourcesOf(stack, "AWS::S3::Bucket", Bucket)) {
        const [rule] = read.BucketEncryption?.ServerSideEncryptionConfiguration ?? [];
        const keyArn = rule?.ServerSideEncryptionByDefault?.KMSMasterKeyID;
        if (keyArn !== undefined) this.keyArns.set(ref, keyArn);
      }
    }
  }

  role(arn: string): ReturnType<Policies["role"]> {
    return this.cloud?.iam.role(arn);
  }

  bucket(name: string): BucketPolicies | undefined {
    const bucket = this.cloud?.s3.find(name);
    if (bucket === undefined) return undefined;
    const { account, region, policy } = bucket;
    const keyArn = this.keyArns.get(name);
    return { account, region, ...(policy !== undefined && { policy }), ...(keyArn !== undefined && { keyArn }) };
  }

  key(arn: string): KeyPolicy | undefined {
    return this.keys.get(arn);
  }
}
