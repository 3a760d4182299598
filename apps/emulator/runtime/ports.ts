import type { World } from "../world";

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

/** What a deployment needs of the wire-level services: accounts to deploy to, roles and buckets to create. */
export interface CloudPorts {
  readonly world: World;
  readonly iam: {
    createRole(role: { account: string; name: string; trustPolicy: unknown; policies: readonly unknown[] }): {
      readonly arn: string;
    };
    issueCredentials(principalArn: string, sessionName: string): Credentials;
  };
  readonly s3: {
    createBucket(bucket: {
      name: string;
      region: string;
      account: string;
      policy?: unknown;
      versioning?: boolean;
      objectLock?: boolean;
    }): void;
  };
}
