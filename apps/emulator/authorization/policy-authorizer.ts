import { accountOf, bucketArn, rootArn } from "../service/arn";
import type { AccessRequest, Authorization, Authorizer, Context, Principal } from "../service/calls";
import type { BucketPolicies, Policies } from "./policies";
import { type AccessQuestion, fullAccess, PolicyEvaluator } from "./policy-evaluation";

type Asked = Omit<AccessRequest, "call">;

/**
 * Decides by policies, as IAM does: identity and session policies of the principal, and the policy of the role, bucket or
 * key that it is about. Where a bucket is encrypted with SSE-KMS, reading and writing ask for its key too.
 */
export function policyAuthorizer(policies: Policies): Authorizer {
  const simulation = new PolicyEvaluator();
  const sessionPolicies = new Map<string, unknown>();
  const parsed = (text: string): unknown => {
    const policy = sessionPolicies.get(text) ?? JSON.parse(text);
    sessionPolicies.set(text, policy);
    return policy;
  };
  return async (request) => {
    for (const asked of [request, ...keyUse(request, policies)]) {
      const question = questionOf(asked, policies, parsed);
      if (question === undefined) return { deny: "the role does not exist" };
      const answer: Authorization = await simulation.answer(question);
      if (answer !== "allow") return answer;
    }
    return "allow";
  };
}

function questionOf(asked: Asked, policies: Policies, parsed: (text: string) => unknown): AccessQuestion | undefined {
  const { principal, action, resource, resourceAccount } = asked;
  const resourcePolicy = resourcePolicyOf(asked, policies);
  const context = contextOf(asked);
  const question = { principal: principal.arn, action, resource, resourceAccount, context };
  const resourceSide = resourcePolicy === undefined ? {} : { resourcePolicy };
  if (action === "sts:AssumeRole" && resourcePolicy === undefined) return undefined;
  if (principal.kind === "service") return { ...question, ...resourceSide, identityPolicies: [] };
  const serviceControlPolicies = policies.controls?.(principal.account) ?? [];
  if (principal.kind === "root")
    return { ...question, ...resourceSide, identityPolicies: [fullAccess], serviceControlPolicies };
  const { sessionPolicy } = principal;
  return {
    ...question,
    ...resourceSide,
    identityPolicies: policies.role(principal.roleArn)?.policies ?? [],
    serviceControlPolicies,
    ...(sessionPolicy !== undefined && { sessionPolicy: parsed(sessionPolicy) }),
  };
}

/** The policy of a key that was created without one. https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html */
function defaultKeyPolicy(account: string) {
  return {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { AWS: rootArn(account) }, Action: "kms:*", Resource: "*" }],
  };
}

function resourcePolicyOf({ action, resource, resourceAccount }: Asked, policies: Policies): unknown {
  if (action === "sts:AssumeRole") return policies.role(resource)?.trustPolicy;
  if (action.startsWith("s3:")) return bucketOf(resource, policies)?.policy;
  if (action.startsWith("kms:")) return policies.key(resource)?.policy ?? defaultKeyPolicy(resourceAccount);
  return undefined;
}

function contextOf({ principal, context }: Asked): Context {
  if (principal.kind !== "service") return { "aws:PrincipalIsAWSService": "false", ...context };
  return { "aws:PrincipalIsAWSService": "true", "aws:PrincipalServiceName": principal.arn, ...context };
}

function bucketOf(resource: string, policies: Policies): BucketPolicies | undefined {
  const [name = ""] = resource.slice(bucketArn("").length).split("/");
  return policies.bucket(name);
}

/**
 * What S3 asks of a bucket's key for its caller.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html, and for what CloudWatch Logs writes
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/S3ExportTasks.html
 */
function keyUse({ principal, action, resource, context }: AccessRequest, policies: Policies): Asked[] {
  const actions = keyActions[action] ?? [];
  const bucket = actions.length > 0 ? bucketOf(resource, policies) : undefined;
  const { keyArn } = bucket ?? {};
  if (bucket === undefined || keyArn === undefined) return [];
  const aliases = policies.key(keyArn)?.aliases ?? [];
  return actions.map((keyAction) => ({
    principal,
    action: keyAction,
    resource: keyArn,
    resourceAccount: accountOf(keyArn) ?? bucket.account,
    context: {
      ...context,
      ...callerAccount(principal),
      "kms:ViaService": `s3.${bucket.region}.amazonaws.com`,
      "kms:EncryptionContext:aws:s3:arn": resource.split("/")[0] ?? "",
      ...(aliases.length > 0 && { "kms:ResourceAliases": aliases }),
    },
  }));
}

const keyActions: Readonly<Record<string, readonly string[]>> = {
  "s3:PutObject": ["kms:GenerateDataKey", "kms:Decrypt"],
  "s3:GetObject": ["kms:Decrypt"],
  "s3:GetObjectVersion": ["kms:Decrypt"],
};

function callerAccount(principal: Principal): Context {
  return principal.kind === "service" ? {} : { "kms:CallerAccount": principal.account };
}
