import { createPublicKey, verify } from "node:crypto";
import { type Leaves, leavesOf, parseDigest, type StoredDigest } from "../../../handlers/archive/digests";
import { parseDigestKey, signatureKey } from "../../../handlers/archive/layout";
import type { Emulated } from "./emulated";
import { bucket, signingKeyArn } from "./organisation";

/** A digest with what it names, and whether its signature is good. */
export interface SignedDigest extends StoredDigest {
  readonly leaves: Leaves;
  readonly isSigned: boolean;
}

/** Every digest of the archive, in their sequence. */
export function digestsOf(emulated: Emulated): SignedDigest[] {
  const bytesOf = (key: string) => emulated.cloud.s3.object(bucket, key)?.body;
  const der = emulated.cloud.kms.find(signingKeyArn)?.signing?.der ?? Buffer.alloc(0);
  const publicKey = createPublicKey({ key: der, format: "der", type: "spki" });
  return emulated
    .keys("digests/")
    .filter((key) => parseDigestKey(key)?.kind === "digest")
    .map((key) => {
      const bytes = bytesOf(key) ?? Buffer.alloc(0);
      const stored = parseDigest(key, bytes);
      const signature = bytesOf(signatureKey(stored.digest.sequence));
      const leaves = leavesOf(stored.digest, stored.digest.leaves && bytesOf(stored.digest.leaves.key));
      const isSigned = signature !== undefined && verify("sha256", bytes, publicKey, signature);
      return { ...stored, leaves, isSigned };
    });
}
