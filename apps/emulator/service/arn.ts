/** ARNs of the aws partition, the only one served. */

export function rootArn(account: string): string {
  return `arn:aws:iam::${account}:root`;
}

export function roleArn(account: string, name: string): string {
  return `arn:aws:iam::${account}:role/${name}`;
}

export function sessionArn(account: string, roleName: string, sessionName: string): string {
  return `arn:aws:sts::${account}:assumed-role/${roleName}/${sessionName}`;
}

/** Without the `:*` that stands for the group's streams. */
export function logGroupArn(account: string, region: string, name: string): string {
  return `arn:aws:logs:${region}:${account}:log-group:${name}`;
}

export function bucketArn(bucket: string): string {
  return `arn:aws:s3:::${bucket}`;
}

export function objectArn(bucket: string, key: string): string {
  return `arn:aws:s3:::${bucket}/${key}`;
}

/** The account in an ARN, or undefined for ARNs without one. */
export function accountOf(arn: string): string | undefined {
  return arn.split(":")[4] || undefined;
}
