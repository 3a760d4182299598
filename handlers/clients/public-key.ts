import { GetPublicKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import { clientConfiguration } from "./configuration";
import { type RetrySource, withRetries } from "./retries";

/**
 * The public half of a key of KMS: a DER-encoded SubjectPublicKeyInfo.
 * https://docs.aws.amazon.com/kms/latest/APIReference/API_GetPublicKey.html
 * @param arn of the key, whose Region is the one that is asked.
 */
export async function getPublicKey(arn: string, source: RetrySource): Promise<Uint8Array> {
  const client = new KMSClient(clientConfiguration(arn.split(":")[3]));
  try {
    const { PublicKey } = await withRetries(source, () => client.send(new GetPublicKeyCommand({ KeyId: arn })));
    if (!PublicKey) throw new TypeError("KMS's answer has no public key");
    return PublicKey;
  } finally {
    client.destroy();
  }
}
