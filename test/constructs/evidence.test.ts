import { type Configuration, parseConfiguration } from "../../constructs/configuration";
import { configurationSha256 } from "../../constructs/configuration/fingerprint";
import { example, resources, synthesise, type Template } from "../deploy/synthesise";

const name = "OrgLogArchive-eu-central-1";
const bucket = "org-log-archive-111122223333-eu-central-1";

describe("the key that signs", () => {
  const template = synthesise()[name];
  const keys = resources(template, "AWS::KMS::Key").filter(({ Properties }) => Properties.KeyUsage === "SIGN_VERIFY");

  test("is one per Region, on P-256, and outlives its stack", () => {
    expect(keys).toMatchObject([{ Properties: { KeySpec: "ECC_NIST_P256" }, DeletionPolicy: "Retain" }]);
    const aliases = resources(template, "AWS::KMS::Alias").map(({ Properties }) => Properties.AliasName);
    expect(aliases).toContain("alias/org-log-archive-signing");
    expect(template).toHaveProperty("Outputs.SigningKeyArn");
  });

  test("is none of the stack's where the configuration names one", () => {
    const keyArn = "arn:aws:kms:eu-central-1:444455556666:key/1234abcd-12ab-34cd-56ef-1234567890ab";
    const other = synthesise({ signing: { keyArn } })[name];
    expect(resources(other, "AWS::KMS::Key").map(({ Properties }) => Properties.KeyUsage)).not.toContain("SIGN_VERIFY");
    expect(JSON.stringify(other)).toContain(`"SIGNING_KEY_ARN":"${keyArn}"`);
  });
});

describe("copies of digests", () => {
  const copies = synthesise({ digestCopies: { bucket: "digests-of-the-archive" } })[name];

  test("are written by who signs, below the archive bucket's name, and nowhere else", () => {
    expect(JSON.stringify(copies)).toContain('"DIGEST_COPIES_BUCKET":"digests-of-the-archive"');
    const allowed = resources(copies, "AWS::IAM::Policy").flatMap(({ Properties }) => {
      const { Statement } = Properties.PolicyDocument as {
        Statement: { Sid?: string; Action: unknown; Resource: unknown }[];
      };
      return Statement.filter((statement) => JSON.stringify(statement).includes("digests-of-the-archive"));
    });
    expect(allowed).toMatchObject([
      { Action: "s3:PutObject", Resource: `arn:aws:s3:::digests-of-the-archive/${bucket}/digests/*` },
    ]);
  });
});

describe("access logs", () => {
  const buckets = (template: Template | undefined) =>
    resources(template, "AWS::S3::Bucket").map(({ Properties }) => Properties);

  test("are off unless they are asked for", () => {
    expect(buckets(synthesise()[name]).map(({ LoggingConfiguration }) => LoggingConfiguration)).toEqual([undefined]);
  });

  test("go to a bucket of their own without a lock, which S3 alone writes to for this archive", () => {
    const template = synthesise({ accessLogs: { expireAfterDays: 30 }, objectLock: { mode: "GOVERNANCE", days: 7 } })[
      name
    ];
    const [logs, archive] = buckets(template).sort((a, b) => String(b.BucketName).length - String(a.BucketName).length);
    expect(archive).toMatchObject({ LoggingConfiguration: { DestinationBucketName: `${bucket}-access-logs` } });
    expect(logs).toMatchObject({
      BucketName: `${bucket}-access-logs`,
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" } }],
      },
      LifecycleConfiguration: { Rules: [{ ExpirationInDays: 30, Status: "Enabled" }] },
    });
    expect(logs?.ObjectLockEnabled).toBeUndefined();
    const policies = JSON.stringify(resources(template, "AWS::S3::BucketPolicy"));
    expect(policies).toContain('"Sid":"S3WritesAccessLogs"');
    expect(policies).toContain(`"ArnEquals":{"aws:SourceArn":"arn:aws:s3:::${bucket}"}`);
  });
});

describe("what digests say was deployed", () => {
  const parsed = parseConfiguration(example);

  test("is the configuration with its defaults, whatever the order in which it is written", () => {
    const reversed = Object.fromEntries(Object.entries(example).reverse());
    expect(configurationSha256(parseConfiguration(reversed))).toBe(configurationSha256(parsed));
    expect(configurationSha256(parsed)).toMatch(/^[0-9a-f]{64}$/);
  });

  test.each(Object.keys(parsed).filter((key) => key !== "organizationId") as (keyof Configuration)[])(
    "changes with %s",
    (key) => {
      const changed = { ...parsed, [key]: "changed" } as unknown as Configuration;
      expect(configurationSha256(changed)).not.toBe(configurationSha256(parsed));
    },
  );
});
