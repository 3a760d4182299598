import { exporters, type FunctionName, functionNames } from "../../constructs/names";
import { type Ask, asking, handler, keyed, session, type Who } from "./support/asking";
import { deployPolicies } from "./support/deployed";
import { stateMachineRoles } from "./support/service-roles";
import { bucket, logArchiveAccount, member, memberRoleArn, otherRegion } from "./support/world";

const exported = `${member}/2026-11-20/task/main/000000.gz`;
const receipt = `receipts/day=2026-11-20/account=${member}/hash.1.json`;
const seal = `seals/day=2026-11-20/account=${member}/1.json`;
const eventFile = `events/day=2026-11-20/account=${member}/x.parquet`;
const coverage = `coverage/day=2026-11-20/account=${member}/run-1.jsonl`;

let ask: Ask;
let stateMachine: Who;
beforeAll(async () => {
  const { policies, stacks } = await deployPolicies();
  ask = asking(policies);
  const [role = ""] = stateMachineRoles(stacks);
  stateMachine = session(role);
});

async function writers(key: string): Promise<FunctionName[]> {
  const answers = functionNames.map(async (name) =>
    (await ask(handler(name), "s3:PutObject", keyed(key))) === "allow" ? [name] : [],
  );
  return (await Promise.all(answers)).flat();
}

test("receipts are written by the exporter alone, coverage by those who record it, run records by all", async () => {
  expect(await writers(receipt)).toEqual(["run-export-tasks"]);
  expect(await writers(coverage)).toEqual(["record-coverage", "report-run"]);
  expect(await writers("runs/run/x")).toEqual(functionNames);
  expect(await writers(seal)).toEqual(["seal-account"]);
  expect(await writers(eventFile)).toEqual(["seal-account"]);
});

test.each([
  ["an account's prefix", exported],
  ["the prefix of the log archive account", exported.replace(member, logArchiveAccount)],
  ["the top of the bucket", "x"],
])("no handler writes to %s", async (_where, key) => {
  expect(await writers(key)).toEqual([]);
});

describe.each(functionNames)("%s", (name) => {
  test.each(["s3:DeleteObject", "s3:DeleteObjectVersion", "s3:BypassGovernanceRetention"])(
    "cannot %s",
    async (action) => {
      for (const key of [exported, receipt, coverage, "runs/run/x"])
        expect(await ask(handler(name), action, keyed(key))).toBe("explicit deny");
    },
  );

  // What a handler may write it may also write again: IAM knows no "unless it is there" that the archive could demand of
  // every principal, since CloudWatch Logs sends no condition. Each such write is a new version, and the code sends If-None-Match.
  test("can change nothing about what is written", async () => {
    const actions = ["s3:PutObjectAcl", "s3:PutObjectRetention", "s3:PutObjectLegalHold", "s3:PutObjectTagging"];
    for (const action of actions) expect(await ask(handler(name), action, keyed("runs/run/x"))).toBe("deny");
  });

  test("reads log data only to seal it", async () => {
    const mayRead = name === "seal-account" ? "allow" : "deny";
    expect(await ask(handler(name), "s3:GetObject", keyed(exported))).toBe(mayRead);
  });

  test("enters accounts only to export", async () => {
    const mayEnter = exporters.some((exporter) => exporter === name) ? "allow" : "deny";
    const context = { "sts:ExternalId": "example-external-id" };
    expect(await ask(handler(name), "sts:AssumeRole", memberRoleArn, context)).toBe(mayEnter);
  });

  test("lists no other part of the archive than it needs", async () => {
    const needs: Readonly<Record<FunctionName, readonly string[]>> = {
      "list-accounts": ["digests/", "receipts/", "runs/"],
      "plan-exports": ["coverage/", "receipts/"],
      "run-export-tasks": [],
      "record-coverage": ["receipts/", "runs/"],
      "seal-account": ["coverage/", "receipts/", "runs/", "seals/"],
      "report-run": ["coverage/", "receipts/", "runs/"],
      "sign-digest": ["coverage/", "digests/", "runs/", "seals/"],
    };
    for (const prefix of ["coverage/", "digests/", "receipts/", "runs/", "seals/", `${member}/2026-11-20/`]) {
      const answer = await ask(handler(name), "s3:ListBucket", `arn:aws:s3:::${bucket}`, { "s3:prefix": prefix });
      expect([prefix, answer]).toEqual([prefix, needs[name].includes(prefix) ? "allow" : "deny"]);
    }
    for (const prefix of ["coverage/", "receipts/", "runs/", `${member}/2026-11-20/`]) {
      const answer = await ask(handler(name), "s3:ListBucketVersions", `arn:aws:s3:::${bucket}`, {
        "s3:prefix": prefix,
      });
      const needsVersions = ["run-export-tasks", "seal-account"].includes(name) && prefix === `${member}/2026-11-20/`;
      expect([prefix, answer]).toEqual([prefix, needsVersions ? "allow" : "deny"]);
    }
    // Reading a key that may be missing has no prefix, and asks for the same permission: without it S3 answers 403, and
    // missing could not be told from unreadable. Planning reads only what is there.
    const withoutPrefix = await ask(handler(name), "s3:ListBucket", `arn:aws:s3:::${bucket}`);
    expect(withoutPrefix).toBe(name === "plan-exports" ? "deny" : "allow");
  });

  test("has nothing in another Region's archive", async () => {
    const there = bucket.replace("eu-central-1", otherRegion);
    for (const action of ["s3:GetObject", "s3:PutObject"])
      expect(await ask(handler(name), action, keyed("runs/run/x", there))).not.toBe("allow");
  });

  test("uses no other account's role, and not another role of an account", async () => {
    const context = { "sts:ExternalId": "example-external-id" };
    for (const role of ["Administrator", "OrgLogArchiveMember2", "OrganizationAccountAccessRole"])
      expect(await ask(handler(name), "sts:AssumeRole", `arn:aws:iam::${member}:role/${role}`, context)).toBe("deny");
  });

  test("asks Organizations for nothing but the accounts", async () => {
    const mayList = name === "list-accounts" ? "allow" : "deny";
    expect(await ask(handler(name), "organizations:ListAccounts", "*")).toBe(mayList);
    expect(await ask(handler(name), "organizations:ListRoots", "*")).toBe("deny");
  });
});

describe("the state machine", () => {
  const ids = "runs/run-1/archived-accounts.json";

  test("reads the ids of the accounts that a run archives, and decrypts them through S3", async () => {
    expect(await ask(stateMachine, "s3:GetObject", keyed(ids))).toBe("allow");
  });

  test.each([exported, receipt, coverage, "runs/run-1/accounts.json", "runs/run-1/report.json", "x"])(
    "reads nothing else of the archive: %s",
    async (key) => expect(await ask(stateMachine, "s3:GetObject", keyed(key))).toBe("deny"),
  );

  test("neither lists nor writes nor deletes, and has nothing in another Region's archive", async () => {
    expect(await ask(stateMachine, "s3:ListBucket", `arn:aws:s3:::${bucket}`)).toBe("deny");
    for (const action of ["s3:PutObject", "s3:DeleteObject", "s3:PutObjectAcl"])
      for (const key of [ids, exported, receipt]) expect(await ask(stateMachine, action, keyed(key))).not.toBe("allow");
    expect(await ask(stateMachine, "s3:GetObject", keyed(ids, bucket.replace("eu-central-1", otherRegion)))).toBe(
      "deny",
    );
  });

  test("enters no account", async () => {
    const role = `arn:aws:iam::${member}:role/OrgLogArchiveMember`;
    expect(await ask(stateMachine, "sts:AssumeRole", role, { "sts:ExternalId": "example-external-id" })).toBe("deny");
  });
});
