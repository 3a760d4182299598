import { createHash, createPublicKey, verify } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  GetPublicKeyCommand,
  KMSClient,
  type MessageType,
  SignCommand,
  type SignCommandInput,
} from "@aws-sdk/client-kms";
import { type Credentials, Emulator, type EmulatorOptions, VirtualClock } from "../../../../apps/emulator";
import { central, role, writeAssembly } from "../../support/assembly";
import { start, world } from "../../support/organisation";
import { errorName } from "../logs/exports";

const region = "eu-central-1";
const root = `arn:aws:iam::${central}:root`;
const allow = (Action: string, more: object = {}) => ({ Effect: "Allow", Action, Resource: "*", ...more });
const policy = (...Statement: readonly object[]) => ({ Version: "2012-10-17", Statement });
const viaAccount = policy(allow("kms:*", { Principal: { AWS: root } }));
const key = (change: object = {}) => ({
  Type: "AWS::KMS::Key",
  Properties: { KeySpec: "ECC_NIST_P256", KeyUsage: "SIGN_VERIFY", KeyPolicy: viaAccount, ...change },
});
/** May sign digests, and nothing else. */
const signer = {
  ...role("lambda.amazonaws.com"),
  Properties: {
    ...role("lambda.amazonaws.com").Properties,
    RoleName: "Signer",
    Policies: [
      {
        PolicyName: "p",
        PolicyDocument: policy(
          allow("kms:Sign", {
            Condition: { StringEquals: { "kms:MessageType": "DIGEST", "kms:SigningAlgorithm": "ECDSA_SHA_256" } },
          }),
        ),
      },
    ],
  },
};
const resources = {
  Key: key(),
  Alias: { Type: "AWS::KMS::Alias", Properties: { AliasName: "alias/signing", TargetKeyId: { Ref: "Key" } } },
  Signer: signer,
};

let directory: string;
const closing: (() => Promise<void> | void)[] = [];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "emulator-kms-"));
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
  rmSync(directory, { recursive: true });
});

async function opened(Resources: object = resources, options: Partial<EmulatorOptions> = {}) {
  const assembly = mkdtempSync(join(directory, "assembly-"));
  writeAssembly(assembly, Resources, "");
  const clock = new VirtualClock({ start });
  const emulator = await Emulator.open({ assembly, world: world(), clock, logArchiveAccount: central, ...options });
  closing.push(() => emulator.close());
  const endpoint = await emulator.listen();
  const kms = (credentials: Credentials) => {
    const client = new KMSClient({ endpoint, region, maxAttempts: 1, credentials });
    closing.push(() => client.destroy());
    return client;
  };
  const { iam } = emulator.cloud;
  const issued = (arn: string) => kms(iam.issueCredentials(arn, "test"));
  const [
    {
      resources: [found],
    } = { resources: [] },
  ] = emulator.deployment.stacks;
  const arn = found?.attributes.Arn ?? "";
  return { arn, owner: issued(root), signer: () => issued(`arn:aws:iam::${central}:role/Signer`) };
}

const digest = createHash("sha256").update("evidence").digest();
const sign = (KeyId: string, change: Partial<SignCommandInput> = {}) =>
  new SignCommand({ KeyId, Message: digest, MessageType: "DIGEST", SigningAlgorithm: "ECDSA_SHA_256", ...change });

test("a signature is verified by the public key that KMS answers, and by the one beside the archive", async () => {
  const { arn, owner } = await opened(resources, { directory });
  const { Signature = new Uint8Array(), ...rest } = await owner.send(sign(arn));
  expect(rest).toMatchObject({ KeyId: arn, SigningAlgorithm: "ECDSA_SHA_256" });
  const { PublicKey = new Uint8Array(), ...described } = await owner.send(new GetPublicKeyCommand({ KeyId: arn }));
  expect(described).toMatchObject({ KeySpec: "ECC_NIST_P256", KeyUsage: "SIGN_VERIFY", KeyId: arn });
  const answered = createPublicKey({ key: Buffer.from(PublicKey), format: "der", type: "spki" });
  expect(verify("sha256", Buffer.from("evidence"), answered, Signature)).toBe(true);
  expect(verify("sha256", Buffer.from("evidence."), answered, Signature)).toBe(false);
  const written = createPublicKey(readFileSync(join(directory, "kms", `${region}.pem`)));
  expect(written.equals(answered)).toBe(true);
});

test("a raw message is hashed, and has the signature of its digest", async () => {
  const { arn, owner } = await opened();
  const raw = { Message: Buffer.from("evidence"), MessageType: "RAW" as MessageType };
  expect((await owner.send(sign(arn, raw))).Signature).toEqual((await owner.send(sign(arn))).Signature);
});

test("keys and signatures are functions of the seed: the same again with it, others without", async () => {
  const signature = async (seed: number) => {
    const { arn, owner } = await opened(resources, { seed });
    return Buffer.from((await owner.send(sign(arn))).Signature ?? []).toString("hex");
  };
  const first = await signature(1);
  expect(await signature(1)).toBe(first);
  expect(await signature(2)).not.toBe(first);
});

test("a key is found by its id, its ARN, its alias and its alias's ARN", async () => {
  const { arn, owner } = await opened();
  const aliasArn = `arn:aws:kms:${region}:${central}:alias/signing`;
  for (const KeyId of [arn, arn.split("/")[1] ?? "", "alias/signing", aliasArn])
    expect(await owner.send(new GetPublicKeyCommand({ KeyId }))).toMatchObject({ KeyId: arn });
  expect(await errorName(owner.send(sign("alias/other")))).toBe("NotFoundException");
  expect(await errorName(owner.send(sign(`${arn}0`)))).toBe("NotFoundException");
});

test("policies decide who signs what: the role's, with its conditions, and the key's", async () => {
  const { arn, signer: signs } = await opened();
  expect(await errorName(signs().send(sign(arn)))).toBe("no error");
  expect(await errorName(signs().send(sign(arn, { MessageType: "RAW" })))).toBe("AccessDeniedException");
  expect(await errorName(signs().send(new GetPublicKeyCommand({ KeyId: arn })))).toBe("AccessDeniedException");
  const closed = policy(...viaAccount.Statement, { Effect: "Deny", Principal: "*", Action: "kms:Sign", Resource: "*" });
  const shut = await opened({ ...resources, Key: key({ KeyPolicy: closed }) });
  expect(await errorName(shut.signer().send(sign(shut.arn)))).toBe("AccessDeniedException");
  expect(await errorName(shut.owner.send(sign(shut.arn)))).toBe("AccessDeniedException");
});

const refused: readonly [string, Partial<SignCommandInput>, object, string][] = [
  ["another algorithm", { SigningAlgorithm: "ECDSA_SHA_384" }, {}, "InvalidKeyUsageException"],
  ["a digest of another length", { Message: digest.subarray(1) }, {}, "ValidationException"],
  ["an empty message", { Message: Buffer.alloc(0), MessageType: "RAW" }, {}, "ValidationException"],
  ["a disabled key", {}, { Enabled: false }, "DisabledException"],
  [
    "a key that encrypts",
    {},
    { KeySpec: "SYMMETRIC_DEFAULT", KeyUsage: "ENCRYPT_DECRYPT" },
    "InvalidKeyUsageException",
  ],
];

test.each(refused)("%s is refused as KMS refuses it", async (_, change, properties, name) => {
  const { arn, owner } = await opened({ ...resources, Key: key(properties) });
  expect(await errorName(owner.send(sign(arn, change)))).toBe(name);
});

test("a key that the emulator does not know how to sign with is not deployed", async () => {
  await expect(opened({ Key: key({ KeySpec: "RSA_2048" }) })).rejects.toThrow("KeySpec");
  await expect(opened({ Key: key({ KeySpec: "SYMMETRIC_DEFAULT" }) })).rejects.toThrow("SIGN_VERIFY");
});
