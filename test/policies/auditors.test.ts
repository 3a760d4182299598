import { z } from "zod";
import { resourcesOf, type Stack } from "../../apps/emulator";
import { auditorPolicyName } from "../../constructs/names";
import { type Ask, asking, keyed, session, withRoles } from "./support/asking";
import { deployPolicies, managedPolicy } from "./support/deployed";
import { bucket, foreignAccount, logArchiveAccount, member, memberRoleArn, otherRegion } from "./support/world";

const auditor = session(`arn:aws:iam::${logArchiveAccount}:role/Auditor`);
const exported = `${member}/2026-11-20/task/main/000000.gz`;
const keys = [exported, "receipts/day=2026-11-20/x.1.json", "coverage/x", "runs/x"];

let ask: Ask;
let stacks: readonly Stack[];
beforeAll(async () => {
  const deployed = await deployPolicies();
  stacks = deployed.stacks;
  const documents = managedPolicy(stacks, auditorPolicyName);
  ask = asking(withRoles(deployed.policies, { [`arn:aws:iam::${logArchiveAccount}:role/Auditor`]: documents }));
});

test("an auditor reads every Region's archive, encrypted or not, older versions too", async () => {
  for (const name of [bucket, bucket.replace("eu-central-1", otherRegion)]) {
    expect(await ask(auditor, "s3:ListBucket", `arn:aws:s3:::${name}`, { "s3:prefix": "receipts/" })).toBe("allow");
    for (const key of keys)
      for (const action of ["s3:GetObject", "s3:GetObjectVersion"])
        expect([key, await ask(auditor, action, keyed(key, name))]).toEqual([key, "allow"]);
  }
});

test("an auditor reads no bucket that another account has given such a name", async () => {
  const name = `org-log-archive-${logArchiveAccount}-mars-north-1`;
  const foreign = { "aws:ResourceAccount": foreignAccount };
  expect(await ask(auditor, "s3:ListBucket", `arn:aws:s3:::${name}`, foreign)).toBe("deny");
  expect(await ask(auditor, "s3:GetObject", keyed(exported, name), foreign)).toBe("deny");
});

test("an auditor changes nothing", async () => {
  for (const action of ["s3:PutObject", "s3:PutObjectRetention", "s3:DeleteObject", "s3:DeleteObjectVersion"])
    for (const key of keys) expect([key, await ask(auditor, action, keyed(key))]).not.toContain("allow");
  for (const action of ["s3:PutBucketPolicy", "s3:PutLifecycleConfiguration", "s3:PutBucketObjectLockConfiguration"])
    expect(await ask(auditor, action, `arn:aws:s3:::${bucket}`)).toBe("deny");
  for (const { attributes } of stacks.flatMap(({ resources }) =>
    resources.filter(({ type }) => type === "AWS::KMS::Key"),
  ))
    for (const action of ["kms:Encrypt", "kms:GenerateDataKey", "kms:PutKeyPolicy", "kms:ScheduleKeyDeletion"])
      expect(await ask(auditor, action, attributes.Arn ?? "")).toBe("deny");
});

test("an auditor reads what verify and evidence ask about a bucket, and the public key of what signs it", async () => {
  const asked = ["Logging", "ObjectLockConfiguration", "Policy", "Versioning", "Location"].map(
    (what) => `s3:GetBucket${what}`,
  );
  for (const action of [
    ...asked,
    "s3:GetEncryptionConfiguration",
    "s3:GetLifecycleConfiguration",
    "s3:ListBucketVersions",
  ])
    expect([action, await ask(auditor, action, `arn:aws:s3:::${bucket}`)]).toEqual([action, "allow"]);
  for (const key of ["seals/x", "digests/x", "events/x"])
    expect([key, await ask(auditor, "s3:GetObject", keyed(key))]).toEqual([key, "allow"]);
  const Alias = z.object({ AliasName: z.string(), TargetKeyId: z.string() });
  for (const stack of stacks)
    for (const { read } of resourcesOf(stack, "AWS::KMS::Alias", Alias)) {
      const named = { "kms:ResourceAliases": [read.AliasName] };
      const isSigning = read.AliasName === "alias/org-log-archive-signing";
      const answer = await ask(auditor, "kms:GetPublicKey", read.TargetKeyId, named);
      expect([read.AliasName, answer]).toEqual([read.AliasName, isSigning ? "allow" : "deny"]);
      expect(await ask(auditor, "kms:Sign", read.TargetKeyId, named)).not.toBe("allow");
    }
});

test("an auditor decrypts the archive through S3, and no other key of the account", async () => {
  const keyArns = stacks.flatMap((stack) =>
    [...resourcesOf(stack, "AWS::KMS::Alias", z.object({ AliasName: z.string(), TargetKeyId: z.string() }))].map(
      ({ read }) => read,
    ),
  );
  const via = { "kms:ViaService": "s3.eu-central-1.amazonaws.com" };
  for (const { AliasName, TargetKeyId } of keyArns) {
    const answer = await ask(auditor, "kms:Decrypt", TargetKeyId, { ...via, "kms:ResourceAliases": [AliasName] });
    expect([AliasName, answer]).toEqual([AliasName, AliasName === "alias/org-log-archive" ? "allow" : "deny"]);
    expect(await ask(auditor, "kms:Decrypt", TargetKeyId, { "kms:ResourceAliases": [AliasName] })).toBe("deny");
  }
});

test("an auditor assumes no member role and starts no run", async () => {
  const given = { "sts:ExternalId": "example-external-id" };
  expect(await ask(auditor, "sts:AssumeRole", memberRoleArn, given)).toBe("deny");
  const machines = stacks.flatMap(({ resources }) =>
    resources.filter(({ type }) => type === "AWS::StepFunctions::StateMachine"),
  );
  expect(machines).toHaveLength(2);
  for (const { ref } of machines) expect(await ask(auditor, "states:StartExecution", ref)).toBe("deny");
});
