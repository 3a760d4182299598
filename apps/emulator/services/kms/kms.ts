import { z } from "zod";
import { awsJson } from "../../protocols/aws-json";
import type { Access, Caller } from "../../service/calls";
import { ServiceError } from "../../service/errors";
import { type Operation, operation, type Service } from "../../service/service";
import { perAccount } from "../../service/throttle";
import { kmsErrors } from "./errors";
import type { Key, Keys } from "./keys";
import { type SigningKey, sha256 } from "./signing-key";

const KeyId = z.string().min(1).max(2048);
const blob = z.base64().transform((text) => Buffer.from(text, "base64"));
const signingAlgorithm = "ECDSA_SHA_256";
const keySpec = "ECC_NIST_P256";

/** https://docs.aws.amazon.com/kms/latest/APIReference/API_Sign.html */
const Sign = z.object({
  KeyId,
  Message: blob.refine((message) => message.length >= 1 && message.length <= 4096, "must have 1 to 4,096 bytes"),
  MessageType: z.enum(["RAW", "DIGEST"]).default("RAW"),
  SigningAlgorithm: z.string(),
});

const digestBytes = 32;

export function kms(keys: Keys): Service {
  const operations: Readonly<Record<string, Operation>> = {
    Sign: operation({
      input: Sign,
      access: (input, { caller, region }) => {
        const asked = access(keys.get(caller.account, region, input.KeyId), "kms:Sign", caller, input.KeyId);
        const how = { "kms:MessageType": input.MessageType, "kms:SigningAlgorithm": input.SigningAlgorithm };
        return { ...asked, context: { ...asked.context, ...how } };
      },
      limits: [perAccount(1000)],
      run: ({ input, caller, region }) => {
        const key = keys.get(caller.account, region, input.KeyId);
        const signing = signingKey(key, "Sign");
        if (input.SigningAlgorithm !== signingAlgorithm)
          throw new ServiceError(
            "InvalidKeyUsageException",
            `Algorithm ${input.SigningAlgorithm} is incompatible with key spec ${keySpec}.`,
          );
        if (input.MessageType === "DIGEST" && input.Message.length !== digestBytes)
          throw kmsErrors.invalid(`Digest is invalid length for algorithm ${signingAlgorithm}.`);
        const digest = input.MessageType === "DIGEST" ? input.Message : sha256(input.Message);
        return { KeyId: key.arn, Signature: signing.sign(digest), SigningAlgorithm: signingAlgorithm };
      },
    }),

    /** https://docs.aws.amazon.com/kms/latest/APIReference/API_GetPublicKey.html */
    GetPublicKey: operation({
      input: z.object({ KeyId }),
      access: (input, { caller, region }) =>
        access(keys.get(caller.account, region, input.KeyId), "kms:GetPublicKey", caller, input.KeyId),
      limits: [perAccount(2000)],
      run: ({ input, caller, region }) => {
        const key = keys.get(caller.account, region, input.KeyId);
        return {
          KeyId: key.arn,
          PublicKey: signingKey(key, "GetPublicKey").der,
          CustomerMasterKeySpec: keySpec,
          KeySpec: keySpec,
          KeyUsage: key.usage,
          SigningAlgorithms: [signingAlgorithm],
        };
      },
    }),

    DescribeKey: operation({
      input: z.object({ KeyId }),
      access: (input, { caller, region }) =>
        access(keys.get(caller.account, region, input.KeyId), "kms:DescribeKey", caller, input.KeyId),
      run: ({ input, caller, region }) => {
        const { arn, enabled } = keys.get(caller.account, region, input.KeyId);
        const KeyMetadata = { KeyId: arn, Arn: arn, Enabled: enabled, KeyState: enabled ? "Enabled" : "Disabled" };
        return { KeyMetadata };
      },
    }),
  };
  return { protocol: awsJson, operations, errors: kmsErrors, deploy: (stack) => keys.deploy(stack) };
}

/** @throws {ServiceError} if the key is disabled, or is none that signs */
function signingKey({ arn, enabled, signing, usage }: Key, operationName: string): SigningKey {
  if (!enabled) throw new ServiceError("DisabledException", `${arn} is disabled.`);
  if (signing) return signing;
  if (operationName === "Sign")
    throw new ServiceError("InvalidKeyUsageException", `${arn} key usage is ${usage} which is not valid for Sign.`);
  throw new ServiceError("UnsupportedOperationException", `${arn} key spec is not valid for ${operationName}.`);
}

/** https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html */
function access({ arn, account, aliases }: Key, action: string, caller: Caller, named: string): Access {
  const alias = named.split(":").at(-1) ?? "";
  return {
    action,
    resource: arn,
    resourceAccount: account,
    context: {
      "kms:CallerAccount": caller.account,
      ...(aliases.length > 0 && { "kms:ResourceAliases": aliases }),
      ...(alias.startsWith("alias/") && { "kms:RequestAlias": alias }),
    },
  };
}
