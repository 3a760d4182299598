import { KMSClient, SignCommand } from "@aws-sdk/client-kms";
import { clientConfiguration } from "./configuration";
import { type RetrySource, withRetries } from "./retries";

/** Signs digests with an asymmetric key of KMS, of this account or another one. */
export class SigningKey {
  private readonly client: KMSClient;

  /** @param arn of the key, whose Region is the one that is asked. */
  constructor(
    readonly arn: string,
    private readonly source: RetrySource,
  ) {
    this.client = new KMSClient(clientConfiguration(arn.split(":")[3]));
  }

  /**
   * The signature over a SHA-256 digest (32 bytes): DER, as KMS returns it. Signatures of the same bytes differ, and all are good.
   * https://docs.aws.amazon.com/kms/latest/APIReference/API_Sign.html
   */
  async sign(digest: Uint8Array): Promise<Uint8Array> {
    const command = new SignCommand({
      KeyId: this.arn,
      Message: digest,
      MessageType: "DIGEST",
      SigningAlgorithm: "ECDSA_SHA_256",
    });
    const { Signature } = await withRetries(this.source, () => this.client.send(command));
    if (!Signature) throw new TypeError("KMS's answer has no signature");
    return Signature;
  }
}
