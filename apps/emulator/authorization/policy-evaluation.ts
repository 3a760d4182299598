import { getDenialReasons, isWildcardOnlyAction, runSimulation, type Simulation } from "@cloud-copilot/iam-simulate";
import type { Authorization, Context } from "../service/calls";

/** A question for IAM with all the policies that have a say in it. */
export interface AccessQuestion {
  /** The ARN of a session or an account's root, or the name of a service. */
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
  readonly resourceAccount: string;
  readonly context: Context;
  readonly identityPolicies: readonly unknown[];
  /** Of the principal's account, beside `FullAWSAccess`. */
  readonly serviceControlPolicies?: readonly unknown[];
  readonly sessionPolicy?: unknown;
  readonly resourcePolicy?: unknown;
}

/** A policy is none that IAM would take, or the request is none that AWS knows. */
export class PolicyNotEvaluable extends Error {
  override readonly name = "PolicyNotEvaluable";
}

/** Answers questions as IAM does; questions that cannot be answered differently are evaluated once. */
export class PolicyEvaluator {
  private readonly answers = new Map<string, Promise<Authorization>>();
  private readonly documents = new Documents();

  /** @throws {PolicyNotEvaluable} */
  answer(asked: AccessQuestion): Promise<Authorization> {
    const { identityPolicies, serviceControlPolicies = [], sessionPolicy, resourcePolicy } = asked;
    const kinds = [identityPolicies, serviceControlPolicies, [sessionPolicy], [resourcePolicy]];
    const documents = kinds.map((ofKind) => ofKind.map((document) => this.documents.find(document)));
    const question = representative(asked, documents.flat());
    const { principal, action, resource, resourceAccount, context } = question;
    const policies = documents.map((ofKind) => ofKind.map(({ number }) => number));
    const key = JSON.stringify([principal, action, resource, resourceAccount, context, policies]);
    const known = this.answers.get(key);
    if (known !== undefined) return known;
    const answer = evaluate(question);
    this.answers.set(key, answer);
    return answer;
  }
}

/** The same question about another key or log group, which are all alike to policies that name none of them. */
function representative(question: AccessQuestion, documents: readonly Document[]): AccessQuestion {
  const key = documents.some(({ namesKeys }) => namesKeys) ? itself : withoutDigits;
  const logGroup = documents.some(({ namesLogGroups }) => namesLogGroups) ? itself : withoutLogGroup;
  const { resource, context } = question;
  const { "s3:prefix": prefix, "aws:SourceArn": source } = context;
  return {
    ...question,
    resource: inOneLine(resource.startsWith("arn:aws:s3:") ? key(resource) : logGroup(resource)),
    context: {
      ...context,
      ...(typeof prefix === "string" && { "s3:prefix": inOneLine(key(prefix)) }),
      ...(typeof source === "string" && { "aws:SourceArn": logGroup(source) }),
    },
  };
}

/** Names of log streams may have line ends, which no policy names, and at which the evaluator's `*` would end. */
const inOneLine = (text: string) => text.replace(/[\n\r\u2028\u2029]/g, " ");

const itself = (text: string) => text;

/** Digests, UUIDs with or without a number before them, and days, of which a run's keys are full. */
const opaque = /[0-9a-f]{64}|(?:\d{6}-)?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d{4}-\d{2}-\d{2}/g;
const withoutDigits = (text: string) => text.replace(opaque, (digits) => digits.replace(/[0-9a-f]/g, "0"));
const opaqueKey = new RegExp(`:s3:::[^"]*(?:${opaque.source})`);

const withoutLogGroup = (text: string) => text.replace(/(:log-group:)[^*:]+/, "$1name");
const namedLogGroup = /:log-group:(?!\*(?::[^"]*)?")/;

/** A policy document; equal ones have one number. */
interface Document {
  readonly number: number;
  readonly namesKeys: boolean;
  readonly namesLogGroups: boolean;
}

/** Documents do not change: each is looked at once. */
class Documents {
  private readonly found = new WeakMap<object, Document>();
  private readonly byText = new Map<string, Document>();

  find(document: unknown): Document {
    if (typeof document !== "object" || document === null) return none;
    const known = this.found.get(document);
    if (known) return known;
    const text = JSON.stringify(document);
    const found = this.byText.get(text) ?? {
      number: this.byText.size + 1,
      namesKeys: opaqueKey.test(text),
      namesLogGroups: namedLogGroup.test(text),
    };
    this.byText.set(text, found);
    this.found.set(document, found);
    return found;
  }
}

const none: Document = { number: 0, namesKeys: false, namesLogGroups: false };

async function evaluate(question: AccessQuestion): Promise<Authorization> {
  const { action } = question;
  const result = await runSimulation(await simulationOf(question), {});
  if (result.resultType === "error")
    throw new PolicyNotEvaluable(
      `${action} on ${question.resource} by ${question.principal}: ${JSON.stringify(result.errors)}`,
    );
  if (result.overallResult === "Allowed") return "allow";
  const results = result.resultType === "single" ? [result.result] : result.results;
  const denials = results.flatMap(({ analysis }) => getDenialReasons(analysis));
  const explicit = denials.find(({ denialType }) => denialType === "Explicit");
  if (explicit !== undefined) return { deny: `of an explicit deny in ${policyNames[explicit.policyType]}` };
  const [implicit] = denials;
  const policy = implicit === undefined ? "policy" : policyNames[implicit.policyType].replace(/^an? /, "");
  return { deny: `no ${policy} allows the ${action} action` };
}

const policyNames: Readonly<Record<ReturnType<typeof getDenialReasons>[number]["policyType"], string>> = {
  identity: "an identity-based policy",
  resource: "a resource-based policy",
  pb: "a permissions boundary",
  scp: "a service control policy",
  rcp: "a resource control policy",
  vpce: "a VPC endpoint policy",
  "s3-bpa": "a public access block",
};

async function simulationOf(question: AccessQuestion): Promise<Simulation> {
  const [service = "", name = ""] = question.action.split(":");
  const context = Object.entries(question.context);
  return {
    request: {
      principal: question.principal,
      action: question.action,
      resource: {
        // Whatever the operation is about: such actions are allowed on fullAccess, or on nothing.
        resource: (await isWildcardOnlyAction(service, name)) ? "*" : question.resource,
        accountId: question.resourceAccount,
      },
      contextVariables: Object.fromEntries(
        context.map(([key, value]) => [key, typeof value === "string" ? value : [...value]]),
      ),
    },
    identityPolicies: question.identityPolicies.map((policy, index) => ({ name: `policy ${index + 1}`, policy })),
    serviceControlPolicies: controls(question.serviceControlPolicies ?? []),
    resourceControlPolicies: [],
    ...(question.sessionPolicy !== undefined && { sessionPolicy: question.sessionPolicy }),
    ...(question.resourcePolicy !== undefined && { resourcePolicy: question.resourcePolicy }),
  };
}

/** What an account's root may do without any policy, and what the service control policy `FullAWSAccess` allows every principal. */
export const fullAccess = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }],
};

/** Every account has `FullAWSAccess`, which the others narrow. https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html */
function controls(policies: readonly unknown[]): Simulation["serviceControlPolicies"] {
  if (policies.length === 0) return [];
  const attached = [fullAccess, ...policies];
  return [
    { orgIdentifier: "r", policies: attached.map((policy, index) => ({ name: `control policy ${index}`, policy })) },
  ];
}
