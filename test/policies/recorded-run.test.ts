import type { AccessRequest } from "../../apps/emulator";
import { accountOf, bucketArn, policyAuthorizer } from "../../apps/emulator";
import { asking, cloudWatchLogs, keyed, session } from "./support/asking";
import { bucketMutations, keyMutations, type Mutation, roleMutations } from "./support/mutations";
import { type RecordedRun, recordRun } from "./support/recorded-run";
import { type ServiceCall, serviceCalls, stateMachineRoles } from "./support/service-roles";
import { bucket, logArchiveAccount, member, memberRoleArn, otherMember, otherRegion, region } from "./support/world";

/** Permissions that no recorded call needs, and why they stay. */
const reasons: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    [region, otherRegion].map((of) => [
      `OrgLogArchive-list-accounts-${of} TellMissingFromDenied: s3:ListBucket`,
      "a changed zone of days is refused by name also where the record of the run that archived them is gone",
    ]),
  ),
  ...Object.fromEntries(
    [region, otherRegion].flatMap((of) => [
      [
        `OrgLogArchive-seal-account-${of} ReadArchive: arn:aws:s3:::org-log-archive-${logArchiveAccount}-${of}/runs/*`,
        "a step reads what the steps before it have left, and these accounts are sealed in one",
      ],
      [
        `OrgLogArchive-seal-account-${of} ReadArchive: arn:aws:s3:::org-log-archive-${logArchiveAccount}-${of}/events/*`,
        "where a day is archived after what it shares with the day before was settled, it leaves that out; here none is late",
      ],
      [
        `OrgLogArchive-seal-account-${of} TellMissingFromDenied: s3:ListBucket`,
        "an object that is deleted while it is sealed is named, and is told from one that may not be read",
      ],
      [
        `state machine ReadAccounts: arn:aws:s3:::org-log-archive-${logArchiveAccount}-${of}/runs/*/former-accounts.json`,
        "no account has left in these runs; one that has left is sealed from this list",
      ],
    ]),
  ),
  "OrgLogArchive-plan-exports-operator AssumeMemberRole: sts:AssumeRole":
    "an operator's `plan` enters member accounts with it; no run does",
  "OrgLogArchiveMember DecryptLogGroups: kms:DescribeKey":
    "AWS asks for it where log groups are encrypted; the emulator's CloudWatch Logs asks for kms:Decrypt alone",
  "schedule sqs:SendMessage": "EventBridge Scheduler uses it for a start that failed until it gave up",
  "state machine states:DescribeExecution": "Step Functions watches the children of a Map Run with it",
  "state machine the children of its Map Runs": "Step Functions watches and stops them by their names",
  "state machine states:StopExecution": "Step Functions stops the children of a Map Run that is stopped with it",
  "state machine states:RedriveExecution": "an operator's redrive of a run uses it for the children",
  "state machine versions of the functions": "the CDK allows them with every function; there are none",
  ...Object.fromEntries(
    ["CreateLogDelivery", "DeleteLogDelivery", "DescribeLogGroups", "DescribeResourcePolicies", "GetLogDelivery"]
      .concat("ListLogDeliveries", "PutResourcePolicy", "UpdateLogDelivery")
      .map((action) => [
        `state machine logs:${action}`,
        "https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html",
      ]),
  ),
};

/** A permission, named without what differs between Regions. */
function label({ of, removed }: Mutation): string {
  const right = removed
    .replace("statement: ", "")
    .replace(/^arn:aws:lambda:.*:\*$/, "versions of the functions")
    .replace(/^arn:aws:states:.*:execution:.*:\*$/, "the children of its Map Runs");
  if (of.includes("RunStateMachineRole")) return `state machine ${right}`;
  if (of.includes("SchedulerRole")) return `schedule ${right}`;
  return `${of} ${right}`;
}

let run: RecordedRun;
let services: ServiceCall[];
/** Those that differ in more than the call that asked. */
let requests: AccessRequest[];

beforeAll(async () => {
  run = await recordRun();
  services = serviceCalls(run);
  requests = [...new Map(run.requests.map((request) => [JSON.stringify({ ...request, call: 0 }), request])).values()];
});

test("a run in which an account died before it was sealed is red, the next is green, and no call is denied", () => {
  const ended = run.deployment.executions.filter(({ parent }) => !parent);
  const reds = ended.filter(({ status }) => status === "FAILED");
  expect(ended).toHaveLength(4);
  expect(ended.filter(({ name }) => name === "again").map(({ status }) => status)).toEqual(["SUCCEEDED", "SUCCEEDED"]);
  expect(reds.map(({ name, error, cause }) => [name !== "again", error, cause])).toEqual(
    Array(2).fill([true, "RunIsIncomplete", expect.stringMatching(/1 failed/)]),
  );
  expect(run.cloud.calls.filter(({ outcome }) => /Denied/.test(outcome))).toEqual([]);
});

test("every principal has made calls: handlers, state machines, member roles, CloudWatch Logs", () => {
  const principals = new Set(run.requests.map(({ principal }) => principal.arn.replace(/\/[^/]+$/, "")));
  const handlers = [
    "list-accounts",
    "plan-exports",
    "run-export-tasks",
    "record-coverage",
    "seal-account",
    "report-run",
    "sign-digest",
  ];
  const regions = ["eu-central-1", "us-east-1"];
  const expected = [
    ...regions.flatMap((region) =>
      handlers.map((name) => `arn:aws:sts::${logArchiveAccount}:assumed-role/OrgLogArchive-${name}-${region}`),
    ),
    ...[logArchiveAccount, member, otherMember].map(
      (account) => `arn:aws:sts::${account}:assumed-role/OrgLogArchiveMember`,
    ),
    ...regions.map((region) => `logs.${region}.amazonaws.com`),
    ...stateMachineRoles(run.deployment.stacks).map((role) =>
      role.replace(":iam:", ":sts:").replace(":role/", ":assumed-role/"),
    ),
  ];
  expect([...principals].sort()).toEqual(expected.sort());
});

test("every object that CloudWatch Logs wrote is where the bucket policy lets it write", async () => {
  const ask = asking(run.policies);
  const exported = [...run.cloud.s3.objects(bucket)].filter(({ key }) => /^\d/.test(key));
  expect(exported.length).toBeGreaterThan(5);
  for (const { key } of exported)
    expect([key, await ask(cloudWatchLogs(key.slice(0, 12)), "s3:PutObject", keyed(key))]).toEqual([key, "allow"]);
});

test("sessions of member roles that only look can do nothing else, and those that export do nothing else", async () => {
  const sessions = run.requests.flatMap(({ principal, action }) =>
    principal.kind === "session" && principal.roleArn.endsWith("OrgLogArchiveMember")
      ? [{ policy: principal.sessionPolicy, action }]
      : [],
  );
  const exporting = sessions.filter(({ policy }) => policy === undefined).map(({ action }) => action);
  expect([...new Set(exporting)].sort()).toEqual([
    "kms:Decrypt",
    "logs:CreateExportTask",
    "s3:PutObject",
    "s3:PutObjectAcl",
  ]);
  const policies = new Set(sessions.flatMap(({ policy }) => policy ?? []));
  expect(policies.size).toBe(1);
  const ask = asking(run.policies);
  for (const policy of policies) {
    const looking = session(memberRoleArn, JSON.parse(policy));
    const logGroup = `arn:aws:logs:${region}:${member}:log-group:/app/web`;
    expect(await ask(looking, "logs:DescribeLogStreams", logGroup)).toBe("allow");
    expect(await ask(looking, "logs:CreateExportTask", logGroup)).toBe("deny");
    expect(await ask(looking, "s3:PutObject", keyed(`${member}/2026-11-20/x`))).toBe("deny");
  }
});

test("EventBridge Scheduler, Step Functions and Lambda may do what they did", async () => {
  const ask = asking(run.policies);
  expect(services.length).toBeGreaterThan(20);
  for (const { who, action, resource } of services)
    expect([who.principal.arn, action, await ask(who, action, resource)]).toEqual([who.principal.arn, action, "allow"]);
});

test("no permission can be taken away without a recorded call failing, but those that are named with a reason", async () => {
  const unneeded = new Set<string>();
  for (const mutation of mutations()) if (await changesNothing(mutation)) unneeded.add(label(mutation));
  expect([...unneeded].sort()).toEqual(Object.keys(reasons).sort());
});

function mutations(): Mutation[] {
  const { policies, deployment } = run;
  const roles = deployment.stacks.flatMap(({ resources }) =>
    resources.filter(({ type }) => type === "AWS::IAM::Role").map(({ attributes }) => attributes.Arn ?? ""),
  );
  const names = [...new Set(roles.map(nameOf))];
  const keyArn = policies.bucket(bucket)?.keyArn ?? "";
  return [
    ...names.flatMap((name) =>
      roleMutations(
        policies,
        name,
        roles.filter((arn) => nameOf(arn) === name),
      ),
    ),
    ...bucketMutations(policies, bucket),
    ...keyMutations(policies, keyArn),
  ];
}

async function changesNothing({ of, policies }: Mutation): Promise<boolean> {
  const authorize = policyAuthorizer(policies);
  for (const request of recorded(of)) if ((await authorize(request)) !== "allow") return false;
  const ask = asking(policies);
  for (const { who, action, resource } of services)
    if (isBy(of, who.principal.arn) && (await ask(who, action, resource)) !== "allow") return false;
  return true;
}

/** The requests that a policy of this name has a say in. */
function recorded(of: string): AccessRequest[] {
  return requests.filter(({ principal, resource }) =>
    of.endsWith("policy") ? resource.startsWith(bucketArn(bucket)) : isBy(of, principal.arn),
  );
}

function nameOf(roleArn: string): string {
  return roleArn.slice(roleArn.indexOf("/") + 1);
}

function isBy(roleName: string, principalArn: string): boolean {
  return accountOf(principalArn) !== undefined && principalArn.split("/")[1] === roleName;
}
