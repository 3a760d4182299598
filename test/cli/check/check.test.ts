import type { Result } from "../../../apps/cli/check/check";
import { organizationChecks } from "../../../apps/cli/check/organization-checks";
import { regionChecks } from "../../../apps/cli/check/region-checks";
import { resultText } from "../../../apps/cli/check/text";
import { coloursFor } from "../../../apps/terminal/colours";
import { auditorPolicyName, operatorPolicyName } from "../../../constructs/names";
import { closeAll, type Emulated, emulate } from "../../handlers/support/emulated";
import { account, region } from "../../handlers/support/examples";
import {
  bucket,
  configuration,
  logArchive,
  logGroup,
  member,
  signingKeyArn,
  world,
} from "../../handlers/support/organisation";
import { orgLogArchive } from "../support/command";
import { asOperator, asRoleWith, cdkJsonOf, removeCdkJsons } from "../support/deployment-file";

/** `check`: what archiving rests on, asked on the wire of an organisation to which it is deployed. */

afterEach(closeAll);
afterAll(removeCdkJsons);

const other = "300000000001";
const file = cdkJsonOf(configuration);
const args = (...more: string[]) => ["check", "--configuration", file, ...more];

async function deployed(change: Parameters<typeof emulate>[0] = {}): Promise<Emulated> {
  const emulated = await emulate({
    world: world(
      [logGroup("/a")],
      [account, other].map((id) => member(id)),
    ),
    ...change,
  });
  emulated.deploy(configuration);
  return emulated;
}

async function results(emulated: Emulated): Promise<{ code: number; failed: (readonly [string, string])[] }> {
  const { code, out } = await orgLogArchive(args("--json"), asOperator(emulated));
  const { checks } = JSON.parse(out) as { checks: Result[] };
  return {
    code,
    failed: checks.filter(({ status }) => status !== "passed").map(({ name, details }) => [name, details.join(" ")]),
  };
}

test("what was deployed as configured passes every check, by the operators' and auditors' policies alone, and nothing is changed", async () => {
  const emulated = await deployed({ evaluatePolicies: true });
  const as = asRoleWith(emulated, auditorPolicyName, operatorPolicyName);
  const before = emulated.cloud.calls.length;
  const { code, out, err } = await orgLogArchive(args(), as);
  expect({ code, err }).toEqual({ code: 0, err: "" });
  for (const { name } of [...organizationChecks, ...regionChecks]) expect(out).toContain(`✔ ${name}`);
  expect(out).not.toContain("\u001b");
  const operations = new Set(emulated.cloud.calls.slice(before).map(({ operation }) => operation));
  expect([...operations].filter((name) => !/^(Get|List|Describe|AssumeRole$)/.test(name))).toEqual([]);
});

test("an account that cannot be entered is named with its stack instance, and keeps no other check from passing", async () => {
  const emulated = await deployed();
  emulated.closeAccount(other);
  const { code, failed } = await results(emulated);
  expect(code).toBe(1);
  expect(failed).toEqual([["member-role", expect.stringMatching(`^${other} .*RoleNotAssumable.*SUCCEEDED`)]]);
});

test("a bucket, its policy and its key that were changed since are told with what is different", async () => {
  const emulated = await deployed();
  const { s3, kms } = emulated.cloud;
  const { versioning: _, ...was } = s3.find(bucket) ?? { name: bucket, region, account: logArchive };
  const policy = was.policy as { Statement: { Sid: string }[] };
  const Statement = [...policy.Statement.filter(({ Sid }) => Sid !== "NobodyDeletes"), { Sid: "Mine" }];
  s3.createBucket({ ...was, policy: { ...policy, Statement }, accessLogs: "elsewhere" });
  kms.create({ arn: signingKeyArn, usage: "SIGN_VERIFY", enabled: false, policy: undefined, aliases: [] });
  const { failed } = await results(emulated);
  const found = new Map(failed);
  expect([...found.keys()]).toEqual(["bucket", "bucket-policy", "keys"]);
  expect(found.get("bucket")).toContain('versioning is "never on", deployed as "Enabled"');
  expect(found.get("bucket")).toContain('accessLogs is "elsewhere", deployed as null');
  expect(found.get("bucket-policy")).toContain("statement NobodyDeletes is gone.");
  expect(found.get("bucket-policy")).toContain("statement Mine was not deployed.");
  expect(found.get("keys")).toContain(`${signingKeyArn} is Disabled`);
});

test("what was deployed from another configuration is told", async () => {
  const emulated = await deployed();
  const changed = {
    ...configuration,
    lookbackDays: 3,
    schedule: { expression: "cron(0 14 * * ? *)", timeZone: "UTC" },
  };
  const { code, out } = await orgLogArchive(
    ["check", "--configuration", cdkJsonOf(changed), "--json"],
    asOperator(emulated),
  );
  const failed = (JSON.parse(out) as { checks: Result[] }).checks.filter(({ status }) => status === "failed");
  expect(code).toBe(1);
  expect(failed.map(({ name, details }) => [name, details[0]])).toEqual([
    ["stack", "It was deployed from another configuration."],
    ["schedule", expect.stringContaining("configured as cron(0 14 * * ? *) UTC")],
  ]);
});

test("where nothing is deployed, that is what is told, with what to do", async () => {
  const emulated = await emulate({ world: world([]) });
  const { code, out, err } = await orgLogArchive(args(), asOperator(emulated));
  expect({ code, err }).toEqual({ code: 1, err: "" });
  expect(out).toMatch(new RegExp(`✘ stack {2}${region}\n[\\s\\S]*npm run deploy`));
  expect(out).toMatch(/✘ audit-database/);
  expect(out).not.toContain("    at ");
});

test.each([
  ["ListDelegatedAdministrators", "AccessDeniedException", ["delegated-administrator"]],
  ["GetAccountSettings", "AccessDeniedException", ["lambda-concurrency"]],
  ["ListAccounts", "AccessDeniedException", ["accounts", "stack-set", "member-role"]],
])("%s denied leaves %s not asked, and the others are", async (operation, name, unknown) => {
  const emulated = await deployed();
  emulated.rules.push((call) => (call.operation === operation ? { kind: "error", name, message: "no" } : undefined));
  const { code, failed } = await results(emulated);
  expect(code).toBe(1);
  expect(failed.map(([check]) => check)).toEqual(unknown);
  for (const [, details] of failed) expect(details).toContain("may not do what the command needs");
});

test("credentials that AWS does not know end it with a sentence", async () => {
  const emulated = await emulate({ world: world([]) });
  emulated.rules.push(() => ({ kind: "error", name: "InvalidClientTokenId", message: "no", status: 403 }));
  const ended = await orgLogArchive(args(), asOperator(emulated));
  expect(ended).toMatchObject({ code: 3, out: "", err: expect.stringContaining("does not know these credentials") });
});

test("credentials of another account end it: every answer would be about something else", async () => {
  const emulated = await emulate({ world: world([]) });
  const ended = await orgLogArchive(args(), asOperator(emulated, account));
  expect(ended).toMatchObject({ code: 3, out: "", err: expect.stringContaining(`of account ${account}`) });
});

test("a young account's concurrency is held against the accounts that are exported at once", async () => {
  const check = regionChecks.find(({ name }) => name === "lambda-concurrency");
  const ask = (room: number) =>
    check?.run({
      configuration: { maxConcurrentAccounts: 100 },
      setup: { concurrentExecutions: async () => room },
    } as unknown as Parameters<(typeof regionChecks)[number]["run"]>[0]);
  expect(await ask(10)).toEqual(["There are 10 concurrent executions; maxConcurrentAccounts is 100."]);
  expect(await ask(100)).toEqual([]);
});

test("every check says what it asks, what a failure means and what to do, and no name of an account is obeyed", () => {
  for (const { name, asks, means, cure } of [...organizationChecks, ...regionChecks]) {
    const details = ["\u001b[2J".repeat(40)];
    const text = resultText({ name, asks, means, cure, status: "failed", details }, 80, coloursFor({}));
    expect(text).not.toMatch(/(?!\n)\p{Cc}/u);
    expect(text.split("\n").filter((line) => line.length > 80)).toEqual([]);
    for (const part of [asks, means, cure]) expect(text.replaceAll(/\n\s+/g, " ")).toContain(part);
  }
});
