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
