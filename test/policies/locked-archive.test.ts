import { z } from "zod";
import { resourcesOf, type Stack } from "../../apps/emulator";
import { type Ask, administrator, asking, cloudWatchLogs, keyed, root, session, withRoles } from "./support/asking";
import { deployPolicies } from "./support/deployed";
import { bucket, logArchiveAccount, managementAccount, member } from "./support/world";

const administratorOfArchive = `arn:aws:iam::${logArchiveAccount}:role/Administrator`;
const keys = [`${member}/2026-11-20/task/main/000000.gz`, "receipts/day=2026-11-20/x.1.json", "coverage/x", "runs/x"];
/** What would take an object version away, or the lock that keeps it. */
const onObjects = [
  "s3:BypassGovernanceRetention",
  "s3:DeleteObject",
  "s3:DeleteObjectVersion",
  "s3:PutObjectLegalHold",
  "s3:PutObjectRetention",
];
const onBucket = [
  "s3:DeleteBucket",
  "s3:DeleteBucketPolicy",
  "s3:PutBucketObjectLockConfiguration",
  "s3:PutBucketPolicy",
  "s3:PutBucketVersioning",
  "s3:PutLifecycleConfiguration",
];

let ask: Ask;
let stacks: readonly Stack[];
beforeAll(async () => {
  const deployed = await deployPolicies();
  stacks = deployed.stacks;
  ask = asking(withRoles(deployed.policies, { [administratorOfArchive]: [administrator] }));
});

/** Every role of every stack, the StackSet's instances among them. */
function roles(): string[] {
  return stacks.flatMap((stack) =>
    [...resourcesOf(stack, "AWS::IAM::Role", z.unknown())].map(({ attributes }) => attributes.Arn ?? ""),
  );
}

test("no role of any stack can delete anything of the archive, or take its lock away", async () => {
  expect(roles().length).toBeGreaterThan(14);
  for (const role of roles()) {
    for (const action of onBucket)
      expect([role, action, await ask(session(role), action, `arn:aws:s3:::${bucket}`)]).toEqual([
        role,
        action,
        "deny",
      ]);
    for (const action of onObjects)
      for (const key of keys)
        expect([role, action, await ask(session(role), action, keyed(key))]).not.toContain("allow");
  }
});

test.each([
  ["the root of the log archive account", () => root(logArchiveAccount)],
  ["an administrator of the log archive account", () => session(administratorOfArchive)],
  ["the root of a member account", () => root(member)],
  ["the management account", () => root(managementAccount)],
  ["CloudWatch Logs", () => cloudWatchLogs(member)],
])("%s cannot delete, nor bypass GOVERNANCE, while the bucket policy stands", async (_who, who) => {
  for (const action of ["s3:BypassGovernanceRetention", "s3:DeleteObject", "s3:DeleteObjectVersion"])
    for (const key of keys) expect(await ask(who(), action, keyed(key))).toBe("explicit deny");
});

// IAM does not know the lock itself: that S3 keeps every version is the bucket's default retention.
test.each(["COMPLIANCE", "GOVERNANCE"] as const)("every version is locked by default in %s mode", async (mode) => {
  const { stacks: locked } = await deployPolicies({ objectLock: { mode, days: 400 } });
  const Bucket = z.object({ ObjectLockEnabled: z.boolean(), ObjectLockConfiguration: z.unknown() });
  const buckets = locked.flatMap((stack) => [...resourcesOf(stack, "AWS::S3::Bucket", Bucket)]);
  expect(buckets.map(({ read }) => read)).toEqual(
    Array(2).fill({
      ObjectLockEnabled: true,
      ObjectLockConfiguration: { ObjectLockEnabled: "Enabled", Rule: { DefaultRetention: { Mode: mode, Days: 400 } } },
    }),
  );
});
