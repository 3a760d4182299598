import {
  type Ask,
  administrator,
  asking,
  cloudWatchLogs,
  keyed,
  root,
  session,
  without,
  withRoles,
} from "./support/asking";
import { deployPolicies } from "./support/deployed";
import { bucket, externalId, foreignAccount, logArchiveAccount, member, memberRoleArn, region } from "./support/world";

const bucketArn = `arn:aws:s3:::${bucket}`;
const exported = keyed(`${member}/2026-11-20/task/main/000000.gz`);
const acl = { "s3:x-amz-acl": "bucket-owner-full-control" };

/** Outside the organisation, under the name of the member role, and with every right that its own account can give. */
const foreignMemberRole = `arn:aws:iam::${foreignAccount}:role/OrgLogArchiveMember`;

const archiveAdministrator = `arn:aws:iam::${logArchiveAccount}:role/Administrator`;

/** Named like a handler's role, by a principal that may create roles in the log archive account. */
const lookAlike = `arn:aws:iam::${logArchiveAccount}:role/OrgLogArchive-x-${region}`;

let ask: Ask;
let askEncrypted: Ask;
let askWithAccounts: Ask;
let keyArn: string;
beforeAll(async () => {
  const roles = {
    [archiveAdministrator]: [administrator],
    [lookAlike]: [administrator],
    [foreignMemberRole]: [administrator],
    [memberRoleArn]: [administrator],
  };
  // Without a key of its own, which would deny too, so that the bucket policy decides alone.
  ask = asking(withRoles((await deployPolicies({ encryption: "s3" })).policies, roles));
  const encrypted = (await deployPolicies({ encryption: "kms" })).policies;
  askEncrypted = asking(withRoles(encrypted, roles));
  keyArn = encrypted.bucket(bucket)?.keyArn ?? "";
  const listed = await deployPolicies({ encryption: "s3", bucketPolicy: "accounts", sourceAccounts: [member] });
  askWithAccounts = asking(listed.policies);
});

describe("CloudWatch Logs", () => {
  test("may write exports for accounts of the organisation", async () => {
    expect(await ask(cloudWatchLogs(member), "s3:GetBucketAcl", bucketArn)).toBe("allow");
    expect(await ask(cloudWatchLogs(member), "s3:PutObject", exported, acl)).toBe("allow");
  });

  const source = ["aws:SourceOrgID", "aws:SourceAccount", "aws:SourceArn"];
  test.each([
    ["on behalf of an account outside the organisation", cloudWatchLogs(foreignAccount)],
    ["for one that claims none", without(cloudWatchLogs(foreignAccount), "aws:SourceOrgID")],
    ["without saying for whom", without(cloudWatchLogs(member), ...source)],
    ["without the organisation's id", without(cloudWatchLogs(member), "aws:SourceOrgID")],
    ["of another Region", cloudWatchLogs(member, {}, "us-east-1")],
    [
      "for something that is no log group",
      cloudWatchLogs(member, { "aws:SourceArn": `arn:aws:logs:${region}:${member}:delivery:x` }),
    ],
  ])("may do nothing %s", async (_case, who) => {
    expect(await ask(who, "s3:GetBucketAcl", bucketArn)).toBe("deny");
    expect(await ask(who, "s3:PutObject", exported, acl)).toBe("deny");
  });

  test.each(["receipts/x.1.json", "coverage/x.jsonl", "runs/x", "x", `${member}/x`])("cannot write %s", async (key) => {
    expect(await ask(cloudWatchLogs(member), "s3:PutObject", keyed(key), acl)).not.toBe("allow");
  });

  test.each(["s3:GetObject", "s3:DeleteObject", "s3:DeleteObjectVersion", "s3:PutObjectAcl"])(
    "cannot %s",
    async (action) => {
      expect(await ask(cloudWatchLogs(member), action, exported)).not.toBe("allow");
    },
  );

  test("may write for listed accounts alone where accounts are listed, with or without the organisation's id", async () => {
    for (const hide of [[], ["aws:SourceOrgID"]]) {
      const answers = [member, foreignAccount, logArchiveAccount].map((account) =>
        askWithAccounts(without(cloudWatchLogs(account), ...hide), "s3:PutObject", exported, acl),
      );
      expect(await Promise.all(answers)).toEqual(["allow", "deny", "deny"]);
    }
  });
});

describe("outside the organisation", () => {
  const people = [
    ["the root of an account", () => root(foreignAccount)],
    ["a role with the member role's name", () => session(foreignMemberRole)],
  ] as const;

  test.each(people)("%s can do nothing with the archive", async (_who, who) => {
    const onObjects = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:DeleteObjectVersion", "s3:PutObjectAcl"];
    const ownPrefix = keyed(`${foreignAccount}/2026-11-20/x`);
    for (const resource of [exported, ownPrefix, keyed("receipts/x"), keyed("runs/x")])
      for (const action of onObjects) expect(await ask(who(), action, resource, acl)).not.toBe("allow");
    for (const action of ["s3:ListBucket", "s3:GetBucketAcl", "s3:PutBucketPolicy", "s3:DeleteBucket"])
      expect(await ask(who(), action, bucketArn)).not.toBe("allow");
  });

  test.each(people)("%s cannot assume a member role", async (_who, who) => {
    expect(await ask(who(), "sts:AssumeRole", memberRoleArn, { "sts:ExternalId": externalId })).toBe("deny");
  });

  test.each(people)("%s cannot use the archive's key", async (_who, who) => {
    const through = { "kms:ViaService": `s3.${region}.amazonaws.com` };
    for (const action of ["kms:Decrypt", "kms:GenerateDataKey", "kms:DescribeKey", "kms:ScheduleKeyDeletion"])
      expect(await askEncrypted(who(), action, keyArn, through)).toBe("deny");
  });
});

describe("the archive's key", () => {
  test("serves member roles through S3 and CloudWatch Logs alone, whatever their own accounts allow them", async () => {
    const who = session(memberRoleArn);
    const through = (service: string) => ({ "kms:ViaService": `${service}.${region}.amazonaws.com` });
    for (const service of ["s3", "logs"])
      expect(await askEncrypted(who, "kms:GenerateDataKey", keyArn, through(service))).toBe("allow");
    for (const service of ["dynamodb", "lambda"])
      expect(await askEncrypted(who, "kms:GenerateDataKey", keyArn, through(service))).toBe("deny");
    expect(await askEncrypted(who, "kms:GenerateDataKey", keyArn)).toBe("deny");
  });

  test("serves CloudWatch Logs whether its calls to KMS name their source or not, but for no other organisation", async () => {
    const source = ["aws:SourceOrgID", "aws:SourceAccount", "aws:SourceArn"];
    expect(await askEncrypted(cloudWatchLogs(member), "kms:GenerateDataKey", keyArn)).toBe("allow");
    expect(await askEncrypted(without(cloudWatchLogs(member), ...source), "kms:GenerateDataKey", keyArn)).toBe("allow");
    expect(await askEncrypted(cloudWatchLogs(foreignAccount), "kms:GenerateDataKey", keyArn)).toBe("deny");
  });
});

test("no principal but the handlers writes records, not even the log archive account", async () => {
  for (const key of ["receipts/x.1.json", "coverage/x.jsonl", "runs/x"])
    for (const who of [
      root(logArchiveAccount),
      session(archiveAdministrator),
      session(lookAlike),
      cloudWatchLogs(member),
    ])
      expect([key, who.principal.arn, await ask(who, "s3:PutObject", keyed(key))]).toEqual([
        key,
        who.principal.arn,
        "explicit deny",
      ]);
});

test("nothing is done without TLS", async () => {
  const plain = { ...acl, "aws:SecureTransport": "false" };
  for (const who of [session(memberRoleArn), cloudWatchLogs(member), root(logArchiveAccount)])
    expect(await ask(who, "s3:PutObject", exported, plain)).toBe("explicit deny");
});
