import { z } from "zod";
import type { BucketSettings } from "../../../handlers/archive/store";

/** What a stack's template says of its archive bucket, to hold the bucket against. */

const Rule = z.object({
  Id: z.string().default(""),
  Status: z.string(),
  Prefix: z.string().default(""),
  ExpirationInDays: z.number().optional(),
  NoncurrentVersionExpiration: z.object({ NoncurrentDays: z.number() }).optional(),
  Transitions: z.array(z.object({ StorageClass: z.string(), TransitionInDays: z.number() })).default([]),
});
const Bucket = z.object({
  BucketName: z.string(),
  VersioningConfiguration: z.object({ Status: z.string() }).optional(),
  ObjectLockConfiguration: z
    .object({ Rule: z.object({ DefaultRetention: z.object({ Mode: z.string(), Days: z.number() }) }).optional() })
    .optional(),
  LifecycleConfiguration: z.object({ Rules: z.array(Rule) }).optional(),
  LoggingConfiguration: z.object({ DestinationBucketName: z.string().optional() }).optional(),
  BucketEncryption: z
    .object({
      ServerSideEncryptionConfiguration: z.array(
        z.object({ ServerSideEncryptionByDefault: z.object({ SSEAlgorithm: z.string() }) }),
      ),
    })
    .optional(),
});
const Statement = z.looseObject({ Sid: z.string() });
const PolicyDocument = z.object({ Statement: z.array(Statement) });
const Policy = z.object({ PolicyDocument });
const Template = z.object({
  Resources: z.record(z.string(), z.object({ Type: z.string(), Properties: z.unknown() })),
});

/** The key's ARN is not in a template. */
type Deployed = Omit<BucketSettings, "encryption"> & { readonly encryption: string | null };

function resources<T>(template: unknown, type: string, schema: z.ZodType<T>): T[] {
  return Object.values(Template.parse(template).Resources)
    .filter(({ Type }) => Type === type)
    .flatMap(({ Properties }) => {
      const parsed = schema.safeParse(Properties);
      return parsed.success ? [parsed.data] : [];
    });
}

function deployedSettings(template: unknown, name: string): Deployed | undefined {
  const bucket = resources(template, "AWS::S3::Bucket", Bucket).find(({ BucketName }) => BucketName === name);
  if (!bucket) return undefined;
  const retention = bucket.ObjectLockConfiguration?.Rule?.DefaultRetention;
  const [encryption] = bucket.BucketEncryption?.ServerSideEncryptionConfiguration ?? [];
  return {
    versioning: bucket.VersioningConfiguration?.Status === "Enabled" ? "Enabled" : "never on",
    objectLock: retention ? { mode: retention.Mode, days: retention.Days } : null,
    encryption: encryption?.ServerSideEncryptionByDefault.SSEAlgorithm ?? null,
    lifecycle: (bucket.LifecycleConfiguration?.Rules ?? [])
      .filter(({ Status }) => Status === "Enabled")
      .map((rule) => ({
        id: rule.Id,
        prefix: rule.Prefix,
        ...(rule.ExpirationInDays === undefined ? {} : { expiresAfterDays: rule.ExpirationInDays }),
        ...(rule.NoncurrentVersionExpiration
          ? { versionsExpireAfterDays: rule.NoncurrentVersionExpiration.NoncurrentDays }
          : {}),
        movesTo: rule.Transitions.map(({ StorageClass, TransitionInDays }) => ({
          storageClass: StorageClass,
          afterDays: TransitionInDays,
        })),
      })),
    accessLogs: bucket.LoggingConfiguration?.DestinationBucketName ?? null,
  };
}

/** How a bucket is set otherwise than its stack deployed it, a line each. */
export function settingsDrift(template: unknown, name: string, actual: BucketSettings): string[] {
  const deployed = template === undefined ? undefined : deployedSettings(template, name);
  if (!deployed) return [`No stack has deployed the bucket ${name}.`];
  const now: Deployed = { ...actual, encryption: actual.encryption?.algorithm ?? null };
  const simple = (["versioning", "objectLock", "encryption", "accessLogs"] as const)
    .filter((setting) => canonical(deployed[setting]) !== canonical(now[setting]))
    .map(
      (setting) => `${setting} is ${JSON.stringify(now[setting])}, deployed as ${JSON.stringify(deployed[setting])}.`,
    );
  const byId = (rules: BucketSettings["lifecycle"]) => new Map(rules.map((rule) => [rule.id, rule]));
  return [...simple, ...differences("lifecycle rule", byId(deployed.lifecycle), byId(now.lifecycle))];
}

/** How a bucket's policy differs from the one that its stack deployed, a line for each statement. */
export function policyDrift(template: unknown, bucket: string, actual: unknown): string[] {
  if (actual === undefined) return ["The bucket has no policy: CloudWatch Logs cannot write to it."];
  if (template === undefined) return ["No stack has deployed the bucket policy."];
  const deployed = resources(template, "AWS::S3::BucketPolicy", Policy)
    .map((policy) => policy.PolicyDocument.Statement)
    .find((statements) => JSON.stringify(statements).includes(`s3:::${bucket}/`) && statements.some(isExports));
  const statements = PolicyDocument.safeParse(actual);
  if (!deployed || !statements.success) return ["The bucket policy is not one that this project deploys."];
  const bySid = (of: readonly z.infer<typeof Statement>[]) =>
    new Map(of.map((statement) => [statement.Sid, statement]));
  return differences("statement", bySid(deployed), bySid(statements.data.Statement));
}

function isExports({ Sid }: z.infer<typeof Statement>): boolean {
  return Sid === "CloudWatchLogsExports";
}

function differences(what: string, deployed: ReadonlyMap<string, unknown>, actual: ReadonlyMap<string, unknown>) {
  const lost = [...deployed.keys()].filter((name) => !actual.has(name)).map((name) => `${what} ${name} is gone.`);
  const added = [...actual.keys()]
    .filter((name) => !deployed.has(name))
    .map((name) => `${what} ${name} was not deployed.`);
  const changed = [...deployed]
    .filter(([name, value]) => actual.has(name) && canonical(value) !== canonical(actual.get(name)))
    .map(([name]) => `${what} ${name} has been changed.`);
  return [...lost, ...changed, ...added];
}

/** Members in order, and one value as a list of one: IAM and CloudFormation write both. */
function canonical(value: unknown): string {
  return JSON.stringify(ordered(value));
}

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map(ordered);
    return items.length === 1 ? items[0] : items.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  }
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(members.map(([key, member]) => [key, ordered(member)]));
}
