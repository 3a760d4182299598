import { readFileSync } from "node:fs";
import { z } from "zod";
import { table } from "../../apps/terminal/table";
import { type ConfigurationInput, InvalidConfiguration } from "../../constructs/configuration";
import { archivedAccountsKey, formerAccountsKey } from "../../handlers/archive/layout";
import type { ListAccountsOutput } from "../../handlers/contract/messages";
import { mostDaysOfRun } from "../../handlers/contract/messages";
import { mostDays } from "../../handlers/list-accounts/backlog";
import { configurations } from "../deploy/configurations";
import { property, type SynthesisedStack, synthesisedStacks } from "./support/assemblies";

/** Sizes in bytes, and what AWS takes at most. */
const limits = {
  /** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html */
  "bucket policy, by organisation": 20 * 1024,
  "bucket policy, by account": 20 * 1024,
  /** Without white space. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
  "auditor or operator policy": 6144,
  /** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
  "member template": 51_200,
  "Region's template": 1_000_000,
  "members' template": 1_000_000,
  /** https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
  "state machine's definition": 1_000_000,
  "settings of a run (payload)": 256 * 1024,
  "accounts of a run (payload)": 256 * 1024,
} as const;
type Limited = keyof typeof limits;
type Sizes = Readonly<Record<Limited, number | "refused at synth">>;

/** What says most: encrypted, locked, three Regions, the longest look-back, and every account named as an exception. */
function configuration(accounts: readonly string[]): ConfigurationInput {
  const targets = { organizationalUnits: ["r-abcd"], excludeAccounts: [...accounts] };
  return { ...configurations.threeRegions, lookbackDays: 31, targets };
}

function accountIds(count: number): string[] {
  return Array.from({ length: count }, (_, index) => String(500_000_000_000 + index));
}

function sizesFor(accounts: readonly string[]): Sizes {
  const stacks = synthesised(configuration(accounts));
  const one = stacks.find(({ stackName }) => stackName.endsWith("us-east-1"));
  const members = stacks.find(({ stackName }) => stackName.endsWith("Members"));
  return {
    "bucket policy, by organisation": bucketPolicySize(one),
    "bucket policy, by account": byAccount(accounts),
    "auditor or operator policy": Math.max(
      ...stacks.map((stack) => size(stack, "AWS::IAM::ManagedPolicy", "PolicyDocument")),
    ),
    "member template": size(members, "AWS::CloudFormation::StackSet", "TemplateBody"),
    "Region's template": Math.max(...stacks.filter((stack) => stack !== members).map(({ bytes }) => bytes)),
    "members' template": members?.bytes ?? 0,
    "state machine's definition": size(one, "AWS::StepFunctions::StateMachine", "DefinitionString"),
    "settings of a run (payload)": settingsSize(one),
    "accounts of a run (payload)": Buffer.byteLength(JSON.stringify(listAccountsOutput(accounts))),
  };
}

type Measured = SynthesisedStack & { readonly bytes: number };

function synthesised(of: ConfigurationInput): Measured[] {
  return synthesisedStacks(of).map((stack) => ({ ...stack, bytes: readFileSync(stack.path).length }));
}

function byAccount(sourceAccounts: readonly string[]): number | "refused at synth" {
  try {
    const accounts = { bucketPolicy: "accounts" as const, sourceAccounts: [...sourceAccounts] };
    const [stack] = synthesised({ ...configurations.oneRegion, encryption: "kms", ...accounts });
    return bucketPolicySize(stack);
  } catch (error) {
    if (error instanceof InvalidConfiguration) return "refused at synth";
    throw error;
  }
}

function bucketPolicySize(stack: SynthesisedStack | undefined): number {
  const policies = stack?.resolved.resources.filter(({ type }) => type === "AWS::S3::BucketPolicy") ?? [];
  return Math.max(...policies.map(({ properties }) => Buffer.byteLength(JSON.stringify(properties.PolicyDocument))));
}

function size(stack: SynthesisedStack | undefined, type: string, name: string): number {
  return Math.max(...(stack ? property(stack.resolved, type, name) : []).map((text) => Buffer.byteLength(text)));
}

const Definition = z.object({ States: z.object({ ListAccounts: z.object({ Arguments: z.unknown() }) }) });

/** What ListAccounts is given: the targets, written into the definition. */
function settingsSize(stack: SynthesisedStack | undefined): number {
  const [text = "{}"] = stack ? property(stack.resolved, "AWS::StepFunctions::StateMachine", "DefinitionString") : [];
  return Buffer.byteLength(JSON.stringify(Definition.parse(JSON.parse(text)).States.ListAccounts.Arguments));
}

/** The largest payload that a run passes on: what ListAccounts answers, with as many days as there can be. */
function listAccountsOutput({ length: count }: readonly string[]): ListAccountsOutput {
  const day = { day: "2026-11-20", from: 1_795_132_800_000, to: 1_795_219_200_000 };
  const at = "2026-11-21T14:00:00.000Z";
  const runId = "r".repeat(80);
  const accounts = { key: archivedAccountsKey(runId), count };
  const formerAccounts = { key: formerAccountsKey(runId), count };
  const backlog = Array(mostDays).fill("2026-10-20");
  const logGroups = Array(100).fill("l".repeat(512));
  return {
    runId,
    startedAt: at,
    deadline: at,
    days: Array(mostDaysOfRun + 1).fill(day),
    logGroups,
    backlog,
    backfill: Array(mostDaysOfRun).fill("2026-10-20"),
    accounts,
    formerAccounts,
  };
}

test("bucket policy, templates, definition and payload stay within their limits for 10, 1,000, 10,000 and 16,000 accounts", () => {
  const counts = [10, 1000, 10_000, 16_000];
  const sizes = counts.map((count) => sizesFor(accountIds(count)));
  const names = Object.keys(limits) as Limited[];
  const head = ["bytes", ...counts.map((count) => `${count} accounts`), "limit"];
  const rows = names.map((name) => [name, ...sizes.map((of) => of[name]), limits[name]].map(String));
  process.stdout.write(`${table(head, rows)}\n`);
  const tooLarge = sizes.flatMap((of) =>
    names.filter((name) => Number(of[name]) > limits[name]).map((name) => [name, of[name]]),
  );
  expect(tooLarge).toEqual([]);
  expect(sizes.map((of) => of["bucket policy, by account"] === "refused at synth")).toEqual([false, false, true, true]);
});
