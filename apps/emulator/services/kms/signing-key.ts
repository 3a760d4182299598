import { createHash, createPublicKey, type KeyObject } from "node:crypto";
import { p256 } from "@noble/curves/nist.js";
import { seededBytes } from "../../world/seeded";

/** A key pair on NIST P-256 that is a function of the seed and its ARN, and whose signatures are functions of what is signed. */
export class SigningKey {
  private readonly secret: Uint8Array;
  private readonly publicKey: KeyObject;

  constructor(seed: number, arn: string) {
    this.secret = secretKey(seed, arn);
    const point = Buffer.from(p256.getPublicKey(this.secret, false));
    const x = point.toString("base64url", 1, 33);
    const y = point.toString("base64url", 33);
    this.publicKey = createPublicKey({ key: { kty: "EC", crv: "P-256", x, y }, format: "jwk" });
  }

  /** DER of a SubjectPublicKeyInfo (RFC 5280). */
  get der(): Buffer {
    return this.publicKey.export({ type: "spki", format: "der" });
  }

  get pem(): string {
    return this.publicKey.export({ type: "spki", format: "pem" }).toString();
  }

  /** Signs a SHA-256 digest: DER of an ECDSA-Sig-Value, the same each time (RFC 6979). */
  sign(digest: Uint8Array): Buffer {
    return Buffer.from(p256.sign(digest, this.secret, { prehash: false, lowS: false, format: "der" }));
  }
}

/** Almost all numbers of 32 bytes are keys. */
function secretKey(seed: number, arn: string): Uint8Array {
  for (let attempt = 0; ; attempt += 1) {
    const secret = seededBytes(seed, "signing key", arn, attempt);
    if (p256.utils.isValidSecretKey(secret)) return secret;
  }
}

export function sha256(message: Uint8Array): Buffer {
  return createHash("sha256").update(message).digest();
}
