import { CreateExportTaskCommand, DescribeLogStreamsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { AssumeRoleCommand } from "@aws-sdk/client-sts";
import type { Credentials } from "../../../apps/emulator";
import type { Policies } from "../../../apps/emulator/authorization/policies";
import { policyAuthorizer } from "../../../apps/emulator/authorization/policy-authorizer";
import { PolicyNotEvaluable } from "../../../apps/emulator/authorization/policy-evaluation";
import { errorName } from "../services/logs/exports";
import {
  archive,
  bucket,
  closeAll,
  day,
  emulate,
  logGroup,
  member,
  region,
  trust,
  world,
} from "../support/organisation";

afterEach(closeAll);

const keyArn = `arn:aws:kms:${region}:${archive}:key/archive`;
const groupKey = `arn:aws:kms:${region}:${member}:key/groups`;
const objects = `arn:aws:s3:::${bucket}/*`;

function allow(...statements: readonly object[]) {
  return { Version: "2012-10-17", Statement: statements.map((statement) => ({ Effect: "Allow", ...statement })) };
}

/** CloudWatch Logs and the member account may write to the bucket. */
const bucketPolicy = allow(
  {
    Principal: { Service: `logs.${region}.amazonaws.com` },
    Action: ["s3:GetBucketAcl", "s3:PutObject"],
    Resource: [`arn:aws:s3:::${bucket}`, objects],
    Condition: { StringEquals: { "aws:SourceOrgID": "o-a1b2c3d4e5" } },
  },
  {
    Principal: { AWS: `arn:aws:iam::${member}:root` },
    Action: ["s3:PutObject", "s3:PutObjectAcl"],
    Resource: objects,
  },
);

interface Setting {
  readonly rolePolicy: unknown;
  readonly bucketPolicy?: unknown;
  readonly keyPolicy?: unknown;
  readonly kmsKeyId?: string;
}

/** A role with a policy in the member account, in a cloud that decides by policies. */
async function emulated({ rolePolicy, bucketPolicy: policy, keyPolicy, kmsKeyId }: Setting) {
  const policies: Policies = {
    role: (arn) => cloud.iam.role(arn),
    bucket: (name) =>
      name === bucket
        ? {
            account: archive,
            region,
            ...(policy !== undefined && { policy }),
            ...(keyPolicy !== undefined && { keyArn }),
          }
        : undefined,
    key: (arn) => (arn === keyArn && keyPolicy !== undefined ? { policy: keyPolicy, aliases: [] } : undefined),
  };
  const group = logGroup("/app/web", kmsKeyId === undefined ? {} : { kmsKeyId });
  const emulation = await emulate({ world: world([group]), authorize: policyAuthorizer(policies) });
  const { cloud } = emulation;
  const trustPolicy = trust({ AWS: `arn:aws:iam::${archive}:root` });
  const role = cloud.iam.createRole({ account: member, name: "Role", trustPolicy, policies: [rolePolicy] });
  return { ...emulation, role, credentials: cloud.iam.issueCredentials(role.arn, "test") };
}

const exporting = allow(
  { Action: "logs:CreateExportTask", Resource: "*" },
  { Action: ["s3:PutObject", "s3:PutObjectAcl"], Resource: objects },
);

function createExportTask({ logs }: Awaited<ReturnType<typeof emulated>>, credentials: Credentials) {
  const destination = { destination: bucket, destinationPrefix: `${member}/2026-11-19` };
  return logs(member, credentials).send(
    new CreateExportTaskCommand({ logGroupName: "/app/web", ...day, ...destination }),
  );
}

function put({ s3 }: Awaited<ReturnType<typeof emulated>>, credentials?: Credentials) {
  return s3(member, credentials).send(new PutObjectCommand({ Bucket: bucket, Key: "key", Body: "body" }));
}

test("an account's own right to another account's bucket is not enough, nor is the bucket policy's alone", async () => {
  const withBoth = await emulated({ rolePolicy: exporting, bucketPolicy });
  await put(withBoth, withBoth.credentials);
  const withoutBucketPolicy = await emulated({ rolePolicy: exporting });
  expect(await errorName(put(withoutBucketPolicy, withoutBucketPolicy.credentials))).toBe("AccessDenied");
  const nothing = allow({ Action: "s3:GetObject", Resource: objects });
  const withoutRolePolicy = await emulated({ rolePolicy: nothing, bucketPolicy });
  expect(await errorName(put(withoutRolePolicy, withoutRolePolicy.credentials))).toBe("AccessDenied");
});

test("an export asks for the rights of its caller and for those of CloudWatch Logs", async () => {
  const setting = await emulated({ rolePolicy: exporting, bucketPolicy });
  expect((await createExportTask(setting, setting.credentials)).taskId).toBeDefined();
  const onlyPutting = {
    ...exporting,
    Statement: JSON.parse(JSON.stringify(exporting.Statement).replace(',"s3:PutObjectAcl"', "")),
  };
  const lacking = await emulated({ rolePolicy: onlyPutting, bucketPolicy });
  await expect(createExportTask(lacking, lacking.credentials)).rejects.toThrow("granted s3:PutObjectAcl access");
  const [, members] = bucketPolicy.Statement;
  const closed = await emulated({ rolePolicy: exporting, bucketPolicy: { ...bucketPolicy, Statement: [members] } });
  await expect(createExportTask(closed, closed.credentials)).rejects.toThrow(
    "GetBucketAcl call on the given bucket failed",
  );
});

test("an export of an encrypted log group asks for its key, through CloudWatch Logs", async () => {
  const refused = await emulated({ rolePolicy: exporting, bucketPolicy, kmsKeyId: groupKey });
  expect(await errorName(createExportTask(refused, refused.credentials))).toBe("AccessDeniedException");
  const viaLogs = { StringEquals: { "kms:ViaService": `logs.${region}.amazonaws.com` } };
  const decrypting = allow(...exporting.Statement, { Action: "kms:Decrypt", Resource: "*", Condition: viaLogs });
  const allowed = await emulated({ rolePolicy: decrypting, bucketPolicy, kmsKeyId: groupKey });
  expect((await createExportTask(allowed, allowed.credentials)).taskId).toBeDefined();
});

test("writing to an encrypted bucket asks for its key, through S3", async () => {
  const viaS3 = { StringEquals: { "kms:ViaService": `s3.${region}.amazonaws.com` } };
  const use = { Action: ["kms:GenerateDataKey", "kms:Decrypt"], Resource: "*", Condition: viaS3 };
  const rolePolicy = allow(...exporting.Statement, use);
  const keyPolicy = allow({ Principal: { AWS: `arn:aws:iam::${member}:root` }, ...use });
  const allowed = await emulated({ rolePolicy, bucketPolicy, keyPolicy });
  await put(allowed, allowed.credentials);
  const withoutKey = await emulated({ rolePolicy: exporting, bucketPolicy, keyPolicy });
  expect(await errorName(put(withoutKey, withoutKey.credentials))).toBe("AccessDenied");
  const ownerOnly = allow({ Principal: { AWS: `arn:aws:iam::${archive}:root` }, Action: "kms:*", Resource: "*" });
  const closed = await emulated({ rolePolicy, bucketPolicy, keyPolicy: ownerOnly });
  expect(await errorName(put(closed, closed.credentials))).toBe("AccessDenied");
});

test("a session has no more rights than its session policy leaves", async () => {
  const { sts, s3, role } = await emulated({ rolePolicy: exporting, bucketPolicy });
  const sessionPolicy = JSON.stringify(allow({ Action: "logs:*", Resource: "*" }));
  const { Credentials: given } = await sts(archive).send(
    new AssumeRoleCommand({ RoleArn: role.arn, RoleSessionName: "test", Policy: sessionPolicy }),
  );
  const { AccessKeyId = "", SecretAccessKey = "", SessionToken = "" } = given ?? {};
  const credentials = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
  const command = new PutObjectCommand({ Bucket: bucket, Key: "key", Body: "body" });
  expect(await errorName(s3(member, credentials).send(command))).toBe("AccessDenied");
});

test("a role is assumed only by whom it trusts, and its existence is not disclosed", async () => {
  const { sts, role } = await emulated({ rolePolicy: exporting });
  const assume = (account: string, RoleArn: string) =>
    sts(account).send(new AssumeRoleCommand({ RoleArn, RoleSessionName: "test" }));
  expect((await assume(archive, role.arn)).Credentials).toBeDefined();
  expect(await errorName(assume(member, role.arn))).toBe("AccessDenied");
  expect(await errorName(assume(archive, `${role.arn}Other`))).toBe("AccessDenied");
});

test("an account's root needs no policy in its own account, and one in another", async () => {
  const setting = await emulated({ rolePolicy: exporting });
  const get = (account: string) => setting.s3(account).send(new GetObjectCommand({ Bucket: bucket, Key: "key" }));
  expect(await errorName(get(archive))).toBe("NoSuchKey");
  expect(await errorName(get(member))).toBe("AccessDenied");
});

test("a denial says which kind of policy denies", async () => {
  const denied = {
    ...bucketPolicy,
    Statement: [...bucketPolicy.Statement, { Effect: "Deny", Principal: "*", Action: "s3:*", Resource: objects }],
  };
  const setting = await emulated({ rolePolicy: exporting, bucketPolicy: denied });
  await expect(put(setting, setting.credentials)).rejects.toThrow("of an explicit deny in a resource-based policy");
  const silent = await emulated({ rolePolicy: allow({ Action: "s3:GetObject", Resource: objects }), bucketPolicy });
  await expect(put(silent, silent.credentials)).rejects.toThrow(
    "no identity-based policy allows the s3:PutObject action",
  );
});

test("a policy that IAM would not take is a mistake, and no denial", async () => {
  const setting = await emulated({
    rolePolicy: { Version: "2012-10-17", Statement: [{ Effect: "Perhaps" }] },
    bucketPolicy,
  });
  const { iam } = setting.cloud;
  const identity = iam.issueCredentials(setting.role.arn, "test");
  const input = { Bucket: bucket, Key: "key", Body: Buffer.from("") };
  const request = { service: "s3", operation: "PutObject", region, identity, input } as const;
  await expect(setting.cloud.invoke(request)).rejects.toThrow(PolicyNotEvaluable);
});

test("a policy that names one object's digest decides about that object alone", async () => {
  const [one, other] = ["a", "b"].map((digit) => digit.repeat(64));
  const rolePolicy = allow({ Action: "s3:PutObject", Resource: `arn:aws:s3:::${bucket}/${one}` });
  const { s3, credentials } = await emulated({ rolePolicy, bucketPolicy });
  const write = (Key: string | undefined) =>
    s3(member, credentials).send(new PutObjectCommand({ Bucket: bucket, Key, Body: "body" }));
  await write(one);
  expect(await errorName(write(other))).toBe("AccessDenied");
});

test("a wildcard stands for line ends as well, which names of log streams may have", async () => {
  const rolePolicy = allow({ Action: "s3:PutObject", Resource: `arn:aws:s3:::${bucket}/in/*` });
  const { s3, credentials } = await emulated({ rolePolicy, bucketPolicy });
  const write = (Key: string) =>
    errorName(s3(member, credentials).send(new PutObjectCommand({ Bucket: bucket, Key, Body: "body" })));
  expect(await write("in/a\nb\u2028c/000000.gz")).toBe("no error");
  expect(await write("out/a\nb/000000.gz")).toBe("AccessDenied");
});

test("a policy that names one log group decides about that log group alone", async () => {
  const listed = (name: string) => `arn:aws:logs:${region}:${member}:log-group:${name}`;
  const streams = { Action: "logs:DescribeLogStreams", Resource: listed("*") };
  const denied = { Effect: "Deny", Action: "logs:DescribeLogStreams", Resource: listed("/app/secret") };
  const { logs, cloud, credentials } = await emulated({ rolePolicy: allow(streams, denied) });
  for (const name of ["/app/other", "/app/secret"]) cloud.logs.groups.put(logGroup(name));
  const describe = (logGroupName: string) =>
    errorName(logs(member, credentials).send(new DescribeLogStreamsCommand({ logGroupName })));
  expect(await describe("/app/other")).toBe("no error");
  expect(await describe("/app/secret")).toBe("AccessDeniedException");
  expect(await describe("/app/web")).toBe("no error");
});
