import { createHash, createPublicKey, type KeyObject, verify } from "node:crypto";

/** A public key with which digests may have been signed. */
export interface VerificationKey {
  /** Where it comes from, for people. */
  readonly name: string;
  /** SHA-256 of the key's DER bytes, in hex. */
  readonly fingerprint: string;
  readonly key: KeyObject;
}

/** A text that holds no public key of the kind that signs digests. */
export class InvalidPublicKey extends Error {
  override readonly name = "InvalidPublicKey";
}

const pemBlock = /-----BEGIN PUBLIC KEY-----[\s\S]+?-----END PUBLIC KEY-----/g;

/**
 * Reads every public key of a PEM text.
 * @throws {InvalidPublicKey} if there is none, or one that is not on the curve P-256.
 */
export function publicKeysOf(name: string, pem: string): VerificationKey[] {
  const blocks = pem.match(pemBlock);
  if (!blocks) throw new InvalidPublicKey(`${name} holds no public key: it must have a PEM block "BEGIN PUBLIC KEY".`);
  return blocks.map((block) => {
    const key = keyOf(name, block);
    if (key.asymmetricKeyType !== "ec" || key.asymmetricKeyDetails?.namedCurve !== "prime256v1")
      throw new InvalidPublicKey(`${name} holds a key of another kind: digests are signed with ECC_NIST_P256.`);
    const der = key.export({ type: "spki", format: "der" });
    return { name, fingerprint: createHash("sha256").update(der).digest("hex"), key };
  });
}

function keyOf(name: string, block: string): KeyObject {
  try {
    return createPublicKey(block);
  } catch (error) {
    throw new InvalidPublicKey(`${name} holds a public key that cannot be read.`, { cause: error });
  }
}

/** The key that signed these bytes (ECDSA over their SHA-256, DER), if it is one of these. */
export function signerOf(
  bytes: Uint8Array,
  signature: Uint8Array,
  keys: readonly VerificationKey[],
): VerificationKey | undefined {
  return keys.find(({ key }) => verify("sha256", bytes, { key, dsaEncoding: "der" }, signature));
}
